from dataclasses import replace

import pytest

from connector.domain.vat_number import EU, read_vat_number
from tests.domain.books import plain_order


def found(text: str, country: str, name: str = "VAT number") -> str:
    order = plain_order()
    billing = replace(order.billing, country=country, form_fields=(("Gift?", "No"), (name, text)))
    return read_vat_number(replace(order, billing=billing), ("vat number", "VAT ID"))


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("NL123456789B01", "NL", "NL123456789B01"),
        ("123456789 b01", "NL", "NL123456789B01"),
        ("be 0123.456.789", "BE", "BE0123456789"),
        ("0123-456-789", "BE", "BE0123456789"),
        ("GR123456789", "GR", "EL123456789"),
        ("123456789", "GR", "EL123456789"),
        ("DE123456789", "US", "DE123456789"),
        ("FRAB123456789", "FR", "FRAB123456789"),
        ("123456789", "US", ""),
        ("GB123456789", "GB", ""),
        ("none", "NL", ""),
        ("", "NL", ""),
        ("DE12345", "DE", ""),
    ],
)
def test_forms(text: str, country: str, expected: str) -> None:
    assert found(text, country) == expected


def test_only_the_named_fields_count() -> None:
    assert found("DE123456789", "DE", " vat ID ") == "DE123456789"
    assert found("DE123456789", "DE", "Customer reference") == ""


def test_twenty_seven_member_states() -> None:
    assert len(EU) == 27
    assert {"GR", "NL"} <= EU
    assert not {"EL", "GB"} & EU
