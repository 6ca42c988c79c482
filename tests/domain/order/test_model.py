from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from tests.domain.basket import charge, order_of


@pytest.mark.parametrize(
    ("currency", "amounts", "whole"),
    [
        ("HUF", {}, True),
        ("EUR", {}, False),
        ("HUF", {"charged": D("1270.50")}, False),
        ("HUF", {"charged_tax": D("270.25")}, False),
    ],
)
def test_a_shop_that_charges_whole_forints_shows_no_hundredths(
    currency: str, amounts: dict[str, Any], whole: bool
) -> None:
    order = order_of(charge("product:1", "1271", "271", **amounts), currency=currency)
    assert order.in_whole_units == whole


def test_a_total_with_hundredths_is_no_whole_amount() -> None:
    forints = order_of(charge("product:1", "1271", "271"), currency="HUF")
    assert not replace(forints, total_inc=D("1271.40")).in_whole_units
    assert not replace(forints, total_tax=D("271.40")).in_whole_units


def test_a_status_is_shown_with_its_name() -> None:
    order = order_of(charge("product:1", "12.10", "2.10"))
    assert [replace(order, status_id=number).status for number in (5, 99)] == ["5 (Cancelled)", "99 (unknown)"]
