"""An order as it is kept: without what no invoice needs, and held when it cannot be understood."""

from typing import Any

import pytest

from connector.domain.document.codes import Code
from connector.flow.hold import Hold
from connector.flow.order.fetch import read
from tests.domain.books import HERE, read_json

RAW = read_json(HERE / "cases" / "plain" / "order.json")


def raw(**changes: Any) -> dict[str, Any]:
    return {**RAW, "order": {**RAW["order"], **changes}}


def test_addresses_of_machines_notes_of_the_staff_and_cards_are_not_kept() -> None:
    personal = {"ip_address": "192.0.2.1", "ip_address_v6": "::1", "geoip_country": "Netherlands"}
    personal |= {"geoip_country_iso2": "NL", "staff_notes": "called twice", "credit_card_type": "visa"}
    assert read(raw(**personal)).raw["order"] == raw()["order"]


@pytest.mark.parametrize(("said", "kept"), [(" captured ", "captured"), (None, ""), ("x" * 50, "x" * 40)])
def test_the_status_of_its_payment_fits_its_column(said: str | None, kept: str) -> None:
    assert read(raw(payment_status=said)).payment_status == kept


def test_one_that_cannot_be_understood_is_held() -> None:
    with pytest.raises(Hold) as held:
        read(raw(total_inc_tax="much"))
    assert [each.code for each in held.value.problems] == [Code.ORDER_FIELD_ODD]
