"""Who gets an account that is found for several customers of a store."""

from dataclasses import replace

import pytest

from connector.domain.customer.customer import Customer
from connector.domain.customer.likeness import Reason
from connector.domain.customer.sharing import Claim, is_the_same, may_have, may_share, who_has

NUMBER = "BE0400000185"


def customer(key: str, company: str = "", vat_number: str = "") -> Customer:
    return Customer("NLS", key, True, "Jane Doe", company, f"{key}@customers.example", vat_number)


ACME, ACME_TOO = customer("1", "Acme BV", NUMBER), customer("2", "ACME b.v.", NUMBER)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (ACME_TOO, True),
        (customer("3", "Acme Utrecht", NUMBER), False),
        (customer("4", "Acme BV"), False),
        (customer("5", "", NUMBER), False),
    ],
)
def test_one_company_with_one_vat_number_shares(other: Customer, expected: bool) -> None:
    assert may_share(ACME, other) is expected


def test_two_without_a_company_do_not_share() -> None:
    assert not may_share(customer("1", "", NUMBER), customer("2", "", NUMBER))


@pytest.mark.parametrize(
    ("email", "gone", "expected"),
    [("1@customers.example", True, True), ("1@customers.example", False, False), ("9@x.example", True, False)],
)
def test_who_registers_again_may_have_what_a_gone_customer_had(email: str, gone: bool, expected: bool) -> None:
    holder = replace(customer("1"), gone=gone)
    assert may_have(replace(customer("2"), email=email), holder) is expected


def test_without_an_e_mail_address_nobody_is_known_again() -> None:
    assert not may_have(replace(customer("2"), email=""), replace(customer("1"), email="", gone=True))


@pytest.mark.parametrize(
    ("email", "person", "expected"),
    [("1@customers.example", "Piet Bos", True), ("9@x.example", "jane  DOE", True), ("9@x.example", "Piet Bos", False)],
)
def test_a_guest_is_a_customer_by_name_or_address(email: str, person: str, expected: bool) -> None:
    guest = Customer("NLS", "G123", False, person, "", email, "")
    assert is_the_same(guest, customer("1")) is expected
    assert is_the_same(guest, replace(customer("1"), person="", email=""))


def test_a_surer_reason_has_it() -> None:
    by_mail = Claim(customer("1"), Reason.EMAIL_AND_NAME)
    by_place = Claim(customer("2"), Reason.NAME_AND_POSTCODE)
    assert who_has([by_place, by_mail]) == [by_mail]


def test_nobody_has_it_where_none_is_surer() -> None:
    assert who_has([Claim(customer(key), Reason.NAME_AND_POSTCODE) for key in ("1", "2")]) == []


def test_all_registrations_of_a_company_have_it() -> None:
    first, second = Claim(ACME, Reason.SEARCH_CODE), Claim(ACME_TOO, Reason.VAT_NUMBER)
    stranger = Claim(customer("3", "Acme Utrecht", NUMBER), Reason.VAT_NUMBER)
    assert who_has([stranger, second, first]) == [first, second]


def test_who_has_it_already_keeps_it_alone() -> None:
    claims = [Claim(customer("3"), Reason.EMAIL_AND_NAME), Claim(ACME_TOO, Reason.VAT_NUMBER)]
    assert who_has(claims, [ACME]) == [claims[1]]
