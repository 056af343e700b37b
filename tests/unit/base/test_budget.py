"""A few at once, then one at a time; each person and each kind for itself."""

import pytest

from muster.base.web.budget import Budget, Budgets
from muster.kit.errors import Throttled

CODES = Budget("codes", 3, 60)


def test_a_few_at_once_and_then_one_at_a_time() -> None:
    now = [0.0]
    budgets = Budgets(lambda: now[0])
    for _ in range(3):
        budgets.take("ana", CODES)
    with pytest.raises(Throttled, match="codes") as refused:
        budgets.take("ana", CODES)
    assert refused.value.retry_after == 61
    assert "one every 60 seconds" in refused.value.detail
    budgets.take("bo", CODES)
    budgets.take("ana", Budget("reports", 1, 1))
    now[0] = 60
    budgets.take("ana", CODES)
    with pytest.raises(Throttled):
        budgets.take("ana", CODES)
