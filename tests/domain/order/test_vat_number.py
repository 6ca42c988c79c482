from dataclasses import replace

import pytest

from connector.domain.order.vat_area import EU
from connector.domain.order.vat_number import read_vat_number, vat_number_country, written_vat_number
from tests.domain.books import plain_order


def found(text: str, country: str, name: str = "VAT number", postcode: str = "") -> str:
    order = plain_order()
    billing = replace(order.billing, country=country, postcode=postcode, form_fields=(("Gift?", "No"), (name, text)))
    return read_vat_number(replace(order, billing=billing), ("vat number", "VAT ID"))


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("NL123456782B01", "NL", "NL123456782B01"),
        ("123456782 b01", "NL", "NL123456782B01"),
        ("be 0123.456.749", "BE", "BE0123456749"),
        ("0123-456-749", "BE", "BE0123456749"),
        ("BE 123.456.749", "BE", "BE0123456749"),  # as it was until 2005
        ("BTW-nr. BE 0123.456.749", "NL", "BE0123456749"),
        ("VAT: 0123\u2011456\u2011749;", "BE", "BE0123456749"),
        ("USt-IdNr. (DE123456788)", "DE", "DE123456788"),
        ("VAT number", "DE", ""),
        ("BTW-nummer BE0123456749", "NL", "BE0123456749"),
        ("BTWnummerBE0123456749", "NL", "BE0123456749"),
        ("VAT Reg No BE0123456749", "NL", "BE0123456749"),
        ("N\u00b0 TVA intracommunautaire FR 44 732 829 320", "NL", "FR44732829320"),
        ("BTW BE 0123.456.749 RPR Gent", "NL", "BE0123456749"),
        ("Kade 1, BE0123456749", "NL", "BE0123456749"),
        ("Ondernemingsnummer 0123.456.749", "BE", "BE0123456749"),
        ("Umsatzsteuer-ID DE123456788", "DE", "DE123456788"),
        ("Partita IVA 00743110157", "IT", "IT00743110157"),
        ("12892312-2-04", "HU", "HU12892312"),
        ("AT 13585627", "AT", "ATU13585627"),
        ("BE 0123456749 or 0123456748", "NL", ""),
        ("GR123456783", "GR", "EL123456783"),
        ("123456783", "GR", "EL123456783"),
        ("DE123456788", "US", "DE123456788"),
        ("FR44732829320", "FR", "FR44732829320"),
        ("123456789", "US", ""),
        ("GB123456789", "GB", ""),
        ("none", "NL", ""),
        ("", "NL", ""),
        ("DE12345", "DE", ""),
        ("DE123456789", "DE", ""),  # the last digit does not follow from the others
        ("NL123456789B01", "NL", ""),
        ("BE0123456789", "BE", ""),
        ("NL000099998B57", "NL", "NL000099998B57"),  # a sole trader's, since 2020
    ],
)
def test_forms(text: str, country: str, expected: str) -> None:
    assert found(text, country) == expected


def test_only_the_named_fields_count() -> None:
    assert found("DE123456788", "DE", " vat ID ") == "DE123456788"
    assert found("DE123456788", "DE", "Customer reference") == ""


def test_twenty_seven_member_states() -> None:
    assert len(EU) == 27
    assert {"GR", "NL"} <= EU
    assert not {"EL", "GB"} & EU


@pytest.mark.parametrize("text", ["XI 123 4567 27", "GB123456727", "123456727"])
def test_a_number_in_northern_ireland_is_one_of_the_eu(text: str) -> None:
    assert found(text, "GB", postcode="BT1 5GS") == "XI123456727"
    if not text.startswith("XI"):
        assert found(text, "GB", postcode="SW1A 1AA") == ""


def test_the_country_of_a_number_is_isos() -> None:
    assert vat_number_country("EL123456783") == "GR"
    assert vat_number_country("BE0123456749") == "BE"


def test_the_written_text_is_returned_even_when_it_is_no_valid_number() -> None:
    order = plain_order()
    billing = replace(order.billing, form_fields=(("VAT number", ""), ("VAT ID", " DE1 ")))
    assert written_vat_number(replace(order, billing=billing), ("VAT number", "vat id")) == "DE1"
