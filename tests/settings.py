"""Settings by the names of their fields, whichever feature declares them."""

from typing import Any

from muster.base.settings import Settings, kinds_of_settings, variables


def settings_of(**values: Any) -> Settings:
    """The settings that these values make."""
    process, *own = (
        kind(**{variable.field: values.pop(variable.field) for variable in variables(kind) if variable.field in values})
        for kind in kinds_of_settings()
    )
    assert not values, f"there is no setting {', '.join(values)}"
    return process.having(*own)
