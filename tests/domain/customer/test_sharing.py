"""Who gets an account that is found for several customers of a store."""

import pytest

from connector.domain.customer.customer import Customer
from connector.domain.customer.likeness import Reason
from connector.domain.customer.sharing import Claim, may_share, who_has

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
