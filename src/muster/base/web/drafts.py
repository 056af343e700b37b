"""One draft for all that writes a resource: what a change leaves out stays, and a form is read like a body."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_origin, get_type_hints

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, create_model

Draft = TypeVar("Draft", bound=BaseModel)


class Change(BaseModel, Generic[Draft]):
    """What is to change of a draft; what is left out stays. `Change[TeamDraft]` has its fields, but for the name."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    def on(self, draft: Draft) -> Draft:
        """The draft with what is to change."""
        changes = {name: getattr(self, name) for name in self.model_fields_set}
        return draft.model_copy(update={name: value for name, value in changes.items() if value is not None})

    if not TYPE_CHECKING:

        def __class_getitem__(cls, draft: type[BaseModel]) -> type[BaseModel]:
            return _change_of(draft)


@lru_cache
def _change_of(draft: type[BaseModel]) -> type[BaseModel]:
    hints = get_type_hints(draft, include_extras=True)
    changes: dict[str, Any] = {name: (hints[name] | None, None) for name in draft.model_fields if name != "name"}
    return create_model(
        f"{draft.__name__.removesuffix('Draft')}Change", __base__=Change, __doc__=Change.__doc__, **changes
    )


def typed(draft: type[BaseModel]) -> Any:
    """A draft as it was typed into a form, whatever is wrong with it: `Annotated[TeamDraft, typed(TeamDraft)]`.

    A form without a field has it empty; of a list, empty items count as none, so that a form can tell none from left out.
    """

    async def read(request: Request) -> BaseModel:
        form = await request.form()
        values: dict[str, Any] = {}
        for name, field in draft.model_fields.items():
            if get_origin(field.annotation) in (list, tuple):
                values[name] = [item for item in form.getlist(name) if isinstance(item, str) and item]
            elif field.annotation is str:
                value = form.get(name, "")
                values[name] = value if isinstance(value, str) else ""
        return draft.model_validate(values)

    return Depends(read)
