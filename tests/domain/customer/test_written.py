"""What Exact gets of a buyer: as it takes it, with each value that is not written as it was."""

from dataclasses import replace
from typing import Any

import pytest

from connector.domain.customer.customer import Customer
from connector.domain.customer.written import (
    Buyer,
    Cut,
    WrittenAccount,
    WrittenContact,
    values_of,
    written,
    written_address,
)
from connector.domain.document.codes import Code
from connector.domain.document.lengths import LONGEST_LINE, LONGEST_NAME, length
from connector.domain.order.model import Address

NOBODY = Customer(prefix="NLS", key="7", registered=True, person="", company="", email="", vat_number="")
ANNA = replace(NOBODY, person="Anna de Wit", email="anna@shopper.example")
ACME = replace(ANNA, company="Acme BV")
HOME = Address(
    first_name="Anna",
    last_name="de Wit",
    street_1="Kade 1",
    street_2="2 hoog",
    postcode="1011 AB",
    city="Amsterdam",
    country="NL",
    phone="020 123 45 67",
)
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # one picture of three persons


def buyer(customer: Customer = ANNA, address: Address = HOME, **more: Any) -> Buyer:
    return Buyer(customer=customer, address=address, **more)


def account_of(customer: Customer = ANNA, address: Address = HOME, **more: Any) -> WrittenAccount:
    return written(buyer(customer, address, **more)).account


def cuts_of(customer: Customer = ANNA, address: Address = HOME, **more: Any) -> tuple[Cut, ...]:
    return written(buyer(customer, address, **more)).cuts


def test_a_person_gets_an_account_with_the_visiting_address_and_no_contact_person() -> None:
    found = written(buyer())
    assert (found.contact, found.cuts) == (None, ())
    assert values_of(found.account, None) == {
        "name": "Anna de Wit",
        "email": "anna@shopper.example",
        "phone": "020 123 45 67",
        "address_line1": "Kade 1",
        "address_line2": "2 hoog",
        "postcode": "1011 AB",
        "city": "Amsterdam",
        "country": "NL",
    }


def test_a_company_gets_the_person_as_its_contact() -> None:
    found = written(buyer(ACME, language="nl-NL"))
    assert found.account.name == "Acme BV"
    assert found.contact == WrittenContact(
        first_name="Anna", last_name="de Wit", email="anna@shopper.example", phone="020 123 45 67", language="NL"
    )
    assert values_of(found.account, found.contact)["contact_person"] == "Anna de Wit"


def test_without_any_name_the_account_has_the_e_mail_address_as_its_name() -> None:
    found = written(buyer(replace(NOBODY, email="anna@shopper.example"), replace(HOME, first_name="", last_name="")))
    assert (found.account.name, found.contact, found.cuts) == ("anna@shopper.example", None, ())


def test_a_name_of_which_nothing_can_be_seen_gives_way_to_the_e_mail_address() -> None:
    found = written(buyer(replace(ANNA, person="\u200f\u202e")))
    assert found.account.name == "anna@shopper.example"
    assert found.cuts == (Cut("name", "\u200f\u202e", ""),)


def test_a_company_alone_has_no_contact_person() -> None:
    assert written(buyer(replace(ACME, person=""), replace(HOME, first_name="", last_name=""))).contact is None


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [("Anna de Wit", "", ("Anna", "de Wit")), ("", "Anna Wit", ("Anna", "Wit")), ("Anna", "", None), ("", "Wit", None)],
)
def test_a_contact_person_needs_two_names(first: str, last: str, names: tuple[str, str] | None) -> None:
    contact = written(buyer(ACME, replace(HOME, first_name=first, last_name=last))).contact
    assert (contact and (contact.first_name, contact.last_name)) == names


def test_a_name_of_500_characters_is_cut_and_said() -> None:
    long = "Van der Meer " * 38 + "eindex"
    assert len(long) == 500
    account = account_of(replace(ANNA, person=long))
    assert account.name == "Van der Meer Van der Meer Van der Meer Van der Mee"
    assert length(account.name) == LONGEST_NAME
    assert cuts_of(replace(ANNA, person=long)) == (Cut("name", long, account.name),)


def test_writing_from_right_to_left_is_kept() -> None:
    assert account_of(replace(ANNA, person="שלום כהן")).name == "שלום כהן"
    assert cuts_of(replace(ANNA, person="שלום כהן")) == ()


def test_a_mark_that_turns_the_direction_is_taken_out_and_said() -> None:
    turned = "Anna \u202etiW ed"
    assert account_of(replace(ANNA, person=turned)).name == "Anna tiW ed"
    assert cuts_of(replace(ANNA, person=turned)) == (Cut("name", turned, "Anna tiW ed"),)


def test_an_emoji_is_kept() -> None:
    assert account_of(replace(ANNA, person=f"Anna {FAMILY} 🎉")).name == f"Anna {FAMILY} 🎉"
    assert cuts_of(replace(ANNA, person="🎉🎉")) == ()


def test_an_emoji_counts_as_two_and_is_not_broken_off_at_its_joint() -> None:
    name = account_of(replace(ANNA, person="x" * 44 + FAMILY)).name
    assert name == "x" * 44 + FAMILY[:3]
    assert length(name) <= LONGEST_NAME


@pytest.mark.parametrize("odd", ["\x00", "\x07", "\ud83d", "\n", "\u2028"])
def test_what_is_no_character_becomes_a_blank(odd: str) -> None:
    found = written(buyer(replace(ANNA, person=f"Anna{odd}Wit")))
    assert found.account.name == "Anna Wit"


def test_a_character_that_was_taken_out_is_said() -> None:
    assert cuts_of(replace(ANNA, person="Anna\x00Wit")) == (Cut("name", "Anna\x00Wit", "Anna Wit"),)


def test_an_e_mail_address_is_written_whole_or_not_at_all() -> None:
    long = f"{'a' * 130}@shopper.example"
    assert account_of(replace(ANNA, email=long)).email == ""
    assert cuts_of(replace(ANNA, email=long)) == (Cut("email", long, ""),)


def test_an_address_is_cut_line_by_line() -> None:
    place, cuts = written_address(replace(HOME, street_1="s" * 500, postcode="1" * 30, city="c" * 200), "r" * 300)
    assert list(map(len, (place.address_line1, place.address_line3, place.city))) == [LONGEST_LINE] * 3
    assert len(place.postcode) == 20
    assert [cut.field for cut in cuts] == ["address_line1", "postcode", "city", "address_line3"]


@pytest.mark.parametrize(
    ("locale", "language"), [("nl", "NL"), ("nl-NL", "NL"), ("en_GB", "EN"), ("de-AT", "DE"), ("", "")]
)
def test_the_language_is_two_capitals(locale: str, language: str) -> None:
    assert account_of(language=locale).language == language
    assert cuts_of(language=locale) == ()


@pytest.mark.parametrize("locale", ["pl", "xx-YY", "x"])
def test_a_language_that_exact_may_not_know_is_not_written_and_said(locale: str) -> None:
    assert account_of(language=locale).language == ""
    assert cuts_of(language=locale) == (Cut("language", locale, ""),)


@pytest.mark.parametrize(("country", "written_as"), [("NL", "NL"), ("el", "GR"), ("XI", "GB"), ("XK", "XK"), ("", "")])
def test_the_country_is_that_of_iso_3166(country: str, written_as: str) -> None:
    assert account_of(address=replace(HOME, country=country)).address.country == written_as


@pytest.mark.parametrize("country", ["XX", "ZZ", "AA", "QQ", "Nederland"])
def test_an_unknown_country_is_not_written_and_said(country: str) -> None:
    assert account_of(address=replace(HOME, country=country)).address.country == ""
    assert cuts_of(address=replace(HOME, country=country)) == (Cut("country", country, ""),)


def test_a_valid_vat_number_is_written_without_its_separators() -> None:
    customer = replace(ACME, vat_number="NL004495445B01")
    assert account_of(customer, vat_number="NL 0044.95.445.B01").vat_number == "NL004495445B01"
    assert cuts_of(customer, vat_number="NL 0044.95.445.B01") == ()


def test_an_invalid_vat_number_is_not_written_and_said() -> None:
    assert account_of(ACME, vat_number="NL004495446B01").vat_number == ""
    assert cuts_of(ACME, vat_number="NL004495446B01") == (Cut("vat_number", "NL004495446B01", ""),)


def test_numbers_of_registers_are_checked() -> None:
    account = account_of(ACME, chamber_of_commerce="KvK 12345678", peppol_id="0106:12345678")
    assert (account.chamber_of_commerce, account.peppol_id) == ("12345678", "0106:12345678")
    assert cuts_of(ACME, chamber_of_commerce="123", peppol_id="here") == (
        Cut("chamber_of_commerce", "123", ""),
        Cut("peppol_id", "here", ""),
    )


def test_a_rule_gives_the_payment_condition_and_the_vat_code_by_country_group_and_business() -> None:
    rules = [
        {"when": {"country": ["DE"]}, "then": {"payment_condition": "01"}},
        {"when": {"b2b": True, "customer_group": ["7"]}, "then": {"payment_condition": "30", "vat_code": "4"}},
    ]
    business = replace(ACME, vat_number="NL004495445B01")
    account = written(buyer(business, groups=("7", "Wholesale")), rules).account
    assert (account.payment_condition, account.vat_code) == ("30", "4")
    assert written(buyer(groups=("7",)), rules).account.payment_condition == ""


def test_a_classification_is_written_only_as_the_id_that_exact_takes() -> None:
    known = "11111111-2222-4333-8444-555555555555"
    rules = [{"when": {}, "then": {"classification": known}}]
    assert written(buyer(), rules).account.classification == known
    found = written(buyer(), [{"when": {}, "then": {"classification": "WEB"}}])
    assert (found.account.classification, found.cuts) == ("", (Cut("classification", "WEB", ""),))


def test_a_cut_is_kept_as_a_problem_that_holds_nothing() -> None:
    shortened, left_out = Cut("name", "abc", "ab").as_problem(), Cut("email", "abc", "").as_problem()
    assert (shortened.code, dict(shortened.params)) == (
        Code.VALUE_SHORTENED,
        {"part": "name", "was": "abc", "now": "ab"},
    )
    assert (left_out.code, left_out.reason, dict(left_out.params)) == (
        Code.VALUE_LEFT_OUT,
        None,
        {"part": "email", "was": "abc"},
    )
