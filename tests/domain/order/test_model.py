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


@pytest.mark.parametrize(
    ("total_tax", "taxes", "whole"),
    [
        pytest.param("472", ["220.4628", "251.6529"], True, id="rounded once to units"),
        pytest.param("473", ["220.4628", "251.6529"], True, id="each rate rounded up"),
        pytest.param("474", ["220.4628", "251.6529"], False, id="more than rounding"),
        pytest.param("472", ["220.3500", "251.6500"], False, id="hundredths that come to a whole sum"),
        pytest.param("472", ["220.3462", "251.6482"], False, id="rounded on each line"),
        pytest.param("472", ["220.3462", "251.6502"], False, id="rounded once to hundredths"),
        pytest.param("472", ["220.3442", "251.6552"], False, id="rounded at each rate"),
    ],
)
@pytest.mark.parametrize("inclusive", [True, False])
def test_a_tax_before_rounding_does_not_make_an_order_one_of_hundredths(
    total_tax: str, taxes: list[str], whole: bool, inclusive: bool
) -> None:
    lines = []
    for number, (price, tax) in enumerate(zip(("1271", "3048"), taxes, strict=True), 1):
        gross = D(price) + (0 if inclusive else D(tax))
        lines.append(charge(f"product:{number}", str(gross), tax))
    order = order_of(*lines, currency="HUF")
    found = replace(order, tax_inclusive=inclusive, total_inc=D(4791), total_tax=D(total_tax))
    assert found.in_whole_units == whole


def test_a_total_with_hundredths_is_no_whole_amount() -> None:
    forints = order_of(charge("product:1", "1271", "271"), currency="HUF")
    assert not replace(forints, total_inc=D("1271.40")).in_whole_units
    assert not replace(forints, total_tax=D("271.40")).in_whole_units


def test_a_status_is_shown_with_its_name() -> None:
    order = order_of(charge("product:1", "12.10", "2.10"))
    assert [replace(order, status_id=number).status for number in (5, 99)] == ["5 (Cancelled)", "99 (unknown)"]
