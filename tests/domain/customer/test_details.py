"""Details of a customer: one fingerprint for every spelling, and each side's own form."""

import hashlib
from typing import Any

import pytest

from connector.domain.choices import FieldGroup
from connector.domain.customer.details import (
    Details,
    fingerprint,
    fingerprints,
    in_exact,
    in_store,
    is_empty,
    name_of,
    same,
)
from connector.domain.document.lengths import LONGEST_LINE, LONGEST_NAME

HOME = {"street_1": "Kade 1", "street_2": "", "postcode": "1012 AB", "city": "Utrecht", "country": "NL"}
PERSON = {"first_name": "Vera", "last_name": "van Dijk", "company": ""}
COMPANY = {"first_name": "Vera", "last_name": "van Dijk", "company": "Dijk Lampen BV"}


def details(**groups: Any) -> Details:
    return Details(**{"addresses": HOME, **groups})


@pytest.mark.parametrize(
    ("group", "one", "other"),
    [
        (FieldGroup.NAMES, PERSON, {"name": "vera  VAN dijk"}),
        (FieldGroup.NAMES, COMPANY, {"name": "Dijk Lampen BV"}),
        (FieldGroup.CONTACT, {"email": "V@Dijk.example", "phone": "0612345678"}, None),
        (FieldGroup.VAT_NUMBER, {"vat_number": "NL 0012.34.567.B01"}, {"vat_number": "nl001234567b01"}),
        (FieldGroup.ADDRESSES, HOME, {**HOME, "street_1": "kade  1", "postcode": "1012ab", "state": "UT"}),
    ],
)
def test_a_value_has_one_fingerprint_however_it_is_written(group: FieldGroup, one: Any, other: Any) -> None:
    other = other or {"email": "v@dijk.example", "phone": "+31 6 1234 5678"}
    found = {fingerprint(group, details().with_group(group, values)) for values in (one, other)}
    assert len(found) == 1
    assert same(group, details().with_group(group, one), details().with_group(group, other))


@pytest.mark.parametrize(
    ("group", "one", "other"),
    [
        (FieldGroup.NAMES, PERSON, {"name": "Vera Dijk"}),
        (FieldGroup.CONTACT, {"email": "v@dijk.example"}, {"email": "w@dijk.example"}),
        (FieldGroup.CONTACT, {"phone": "0612345678"}, {"phone": "0612345679"}),
        (FieldGroup.CONTACT, {"phone": "extension 12"}, {"phone": "extension 13"}),
        (FieldGroup.VAT_NUMBER, {"vat_number": "NL001234567B01"}, {"vat_number": ""}),
        (FieldGroup.ADDRESSES, HOME, {**HOME, "street_2": "2 hoog"}),
        (FieldGroup.PAYMENT_CONDITION, {"payment_condition": "14"}, {"payment_condition": "30"}),
    ],
)
def test_another_value_has_another_fingerprint(group: FieldGroup, one: Any, other: Any) -> None:
    assert fingerprint(group, details().with_group(group, one)) != fingerprint(
        group, details().with_group(group, other)
    )


def test_e_mail_and_phone_change_apart() -> None:
    before, after = (details(contact={"email": "v@dijk.example", "phone": phone}) for phone in ("0612345678", ""))
    first, second = (fingerprint(FieldGroup.CONTACT, each).split(".") for each in (before, after))
    assert first[0] == second[0]
    assert (bool(first[1]), second[1]) == (True, "")


def test_every_group_has_a_fingerprint_that_tells_no_value() -> None:
    found = fingerprints(details(names=PERSON, contact={"email": "v@dijk.example", "phone": ""}))
    assert set(found) == {str(group) for group in FieldGroup}
    assert "dijk" not in str(found)
    assert found["payment_condition"] == ""


@pytest.mark.parametrize(
    ("names", "name"), [(PERSON, "Vera van Dijk"), (COMPANY, "Dijk Lampen BV"), ({"name": " Ring "}, "Ring"), ({}, "")]
)
def test_a_party_has_one_name(names: dict[str, str], name: str) -> None:
    assert name_of(names) == name


def test_exact_has_as_much_as_it_takes() -> None:
    long = details(names={"company": "L" * 500}, addresses={**HOME, "street_1": "S" * 500})
    written = in_exact(long)
    assert written.names == {"name": "L" * LONGEST_NAME}
    assert written.addresses["street_1"] == "S" * LONGEST_LINE
    assert same(FieldGroup.NAMES, long, written)
    assert same(FieldGroup.ADDRESSES, long, written)


def test_a_companys_name_becomes_its_company_in_the_store() -> None:
    given = in_store(details(names={"name": "Lampen  Groep BV"}), details(names=COMPANY))
    assert given is not None
    assert given.names == {"first_name": "Vera", "last_name": "van Dijk", "company": "Lampen Groep BV"}


@pytest.mark.parametrize(
    ("name", "first", "last"), [("Vera de Wit", "Vera", "de Wit"), ("Vera", None, None), ("", None, None)]
)
def test_a_persons_name_is_divided_at_its_first_blank(name: str, first: str | None, last: str | None) -> None:
    given = in_store(details(names={"name": name}), details(names=PERSON))
    if first is None:
        assert given is None  # the store needs both
    else:
        assert given is not None
        assert (given.names["first_name"], given.names["last_name"]) == (first, last)


def test_a_country_alone_is_no_address() -> None:
    assert is_empty({"street_1": "", "city": " ", "country": "NL"})
    assert not is_empty({"city": "Utrecht"})
    assert same(FieldGroup.ADDRESSES, Details(), Details(addresses={"country": "NL"}))


@pytest.mark.parametrize("country", ["", "ZZ", "Narnia"])
def test_a_country_that_is_none_makes_no_difference(country: str) -> None:
    store, exact = Details(addresses={**HOME, "country": country}), Details(addresses=HOME)
    assert in_exact(store).country == ""
    assert same(FieldGroup.ADDRESSES, store, exact)
    assert not same(FieldGroup.ADDRESSES, store, Details(addresses={**HOME, "city": "Zeist"}))


def test_two_numbers_of_an_address_are_not_one() -> None:
    streets = ("Kade 12", "Kade 1-2", "Kade 12 3", "Kade 123")
    assert (
        len({fingerprint(FieldGroup.ADDRESSES, Details(addresses={**HOME, "street_1": each})) for each in streets}) == 4
    )
    one, other = (Details(addresses={**HOME, "street_1": each}) for each in ("Kade 12-3 a", "kade 12  3A"))
    assert same(FieldGroup.ADDRESSES, one, other)
    assert same(
        FieldGroup.ADDRESSES,
        Details(addresses={**HOME, "postcode": "111 22"}),
        Details(addresses={**HOME, "postcode": "11122"}),
    )


def test_an_address_that_an_earlier_release_has_seen_is_compared_as_it_did() -> None:
    kept = hashlib.sha256(b"kade123||1012ab|utrecht|nl").hexdigest()[:12]
    now = Details(addresses={**HOME, "street_1": "Kade 12-3"})
    assert fingerprint(FieldGroup.ADDRESSES, now, like=kept) == kept
    assert fingerprint(FieldGroup.ADDRESSES, now) != kept
    moved = Details(addresses={**HOME, "street_1": "Kade 14"})
    assert fingerprint(FieldGroup.ADDRESSES, moved, like=kept) != kept
