"""The buyer: what is a company, and whose data a marketplace took away."""

from dataclasses import replace
from typing import Any

import pytest

from connector.domain.order.buyer import company_name, is_redacted, person_name
from connector.domain.order.fields import Fields
from connector.domain.order.model import Address
from connector.domain.order.read_lines import read_address

VERA = Address("Vera", "Dijk", street_1="Kade 1", city="Utrecht", country="NL", email="vera@shopper.example")


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "-", "--", ".", "/", "n/a", "N/A", "N.v.t.", "nvt", "NVT.", "none", "Geen", "geen bedrijf", "privé"),
        *("Prive", "PARTICULIER", "Keine", "entfällt", "Néant", "x", "XXX", "0", "undefined", "NULL", "Company"),
        *("k.A.", "keine Angabe", "s.o.", "Self", "privépersoon", "No company name", "Ninguna", "privato", "—"),
        *("geen firma", "Pas de société", "Aucune entreprise", "Not a company", "sin empresa", "Particuliere klant"),
        *("personal use", "Mevrouw", "Herr", "onbekend", "ohne", "n.b."),
    ],
)
def test_a_word_for_no_company_is_no_company(typed: str) -> None:
    assert company_name(typed) == ""
    address = read_address(Fields({"first_name": "Vera", "last_name": "Dijk", "company": typed}, ""))
    assert (address.company, address.name) == ("", "Vera Dijk")


@pytest.mark.parametrize(
    "typed",
    [
        *("Gentse Fietsen BV", "N.V. Thuisbouw", "None Too Soon Ltd", "X-Ray BV", "3M", "Privé & Co", "KA", "株式会社"),
        *("Firma Jansen", "No Limits", "Private Company", "Company of Persons", "Privat Bank", "De Onderneming"),
    ],
)
def test_a_company_stays_as_it_was_typed(typed: str) -> None:
    assert company_name(typed) == typed


@pytest.mark.parametrize("typed", ["-", "--", ".", "n/a", "N/A", "N.v.t.", " "])
def test_a_mark_for_no_name_is_no_name(typed: str) -> None:
    assert person_name(typed) == ""
    address = read_address(Fields({"first_name": typed, "last_name": typed, "company": "Fiets BV"}, ""))
    assert address.name == "Fiets BV"


@pytest.mark.parametrize("typed", ["No", "Na", "X", "***", "O'Brien-Smit", "Zoë 🎉", "李", "van 't Hoff"])
def test_a_word_may_be_a_name_and_a_mask_stays(typed: str) -> None:
    assert person_name(typed) == typed


@pytest.mark.parametrize(
    "hidden",
    [
        {"first_name": "REDACTED", "last_name": "REDACTED", "street_1": "REDACTED", "email": "redacted@example.test"},
        {"first_name": "[redacted]", "last_name": ""},
        {"first_name": "Anonymized", "last_name": "Customer"},
        {"first_name": "Deleted", "last_name": "User"},
        {"first_name": "Verwijderd", "last_name": "Verwijderd"},
        {"first_name": "Removed by", "last_name": "request"},
        {"first_name": "V***", "last_name": "D***"},
        {"first_name": "***", "last_name": "***"},
        {"first_name": "**", "last_name": ""},
        {"first_name": "xxx", "last_name": ""},
        {"email": "v**a@shopper.example"},
        {"first_name": "XXXX", "last_name": "XXXX"},
        {"street_1": "REDACTED"},
        {"email": "redacted-5f3a@marketplace.example"},
        {"email": "5f3a@anonymized.example"},
        {"email": "5f3a@buyers.invalid"},
        {"email": "xxxxx@xxxxx.example"},
        {"first_name": "REDACTED FOR PRIVACY", "last_name": ""},
        {"first_name": "PII", "last_name": "Removed"},
        {"first_name": "Data", "last_name": "Protected"},
        {"first_name": "Persoonsgegevens", "last_name": "verwijderd"},
        {"first_name": "", "last_name": "", "company": "", "street_1": "", "email": ""},
    ],
)
def test_a_buyer_whose_data_was_taken_away_is_redacted(hidden: dict[str, Any]) -> None:
    assert is_redacted(replace(VERA, **hidden))


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"first_name": "", "last_name": ""},
        {"first_name": "Hidden", "last_name": ""},
        {"first_name": "Data", "last_name": "Klant"},
        {"email": ""},
        {"first_name": "", "last_name": "", "email": ""},
        {"first_name": "-", "last_name": "-"},
        {"company": "Deleted Scenes BV", "street_1": "User Street 4"},
        {"company": "Anonymous Coffee BV", "street_1": "Hidden Lane 3"},
        {"first_name": "Max", "last_name": "Xx"},
        {"email": "8f3a9c@marketplace.example"},
    ],
)
def test_a_buyer_who_left_something_out_is_not_redacted(known: dict[str, Any]) -> None:
    assert not is_redacted(replace(VERA, **known))


@pytest.mark.parametrize(
    "shown",
    [
        {"first_name": "xx", "last_name": ""},
        {"first_name": "V*", "last_name": "Dijk"},
        {"email": "v*a@shopper.example"},
        {"email": "vera@mail.deleted.example"},
    ],
)
def test_what_only_looks_like_it_is_a_buyers_own(shown: dict[str, Any]) -> None:
    """Two letters may be a name, one mark a slip, and a word further on in the domain is not the marketplace's."""
    assert not is_redacted(replace(VERA, **shown))
