"""What a customer and an account have in common, and how sure that makes a match."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.names import same_name


class Reason(StrEnum):
    """Why an account is a customer's. The steps of the ladder come first, from the surest one on."""

    LINK = "link"
    SEARCH_CODE = "search_code"
    VAT_NUMBER = "vat_number"
    EMAIL_AND_NAME = "email_and_name"
    NAME_AND_POSTCODE = "name_and_postcode"
    CHOSEN = "chosen"
    CREATED = "created"


# They differ by more than what the details beside the reason can add, so a surer reason stays surer.
_SCORES: Final[Mapping[Reason, int]] = {
    Reason.LINK: 100,
    Reason.CHOSEN: 100,
    Reason.CREATED: 100,
    Reason.SEARCH_CODE: 95,
    Reason.VAT_NUMBER: 90,
    Reason.EMAIL_AND_NAME: 80,
    Reason.NAME_AND_POSTCODE: 60,
}
_CERTAIN: Final = 100


def score(reason: Reason, customer: Customer, account: Account, *, doubtful: bool = False) -> int:
    """Return how sure a match is, 0 to 100. Each detail in common adds a point; a `doubtful` one has half of it."""
    common = (has_name(customer, account), has_email(customer, account), has_phone(customer, account))
    sure = min(_CERTAIN, _SCORES[reason] + sum((*common, has_place(customer, account))))
    return sure // 2 if doubtful else sure


def bears_number(customer: Customer, account: Account) -> bool:
    """Whether the account has the customer's VAT number."""
    return bool(customer.vat_number) and account.vat_number == customer.vat_number


def has_other_number(customer: Customer, account: Account) -> bool:
    """Whether both have a VAT number, and not the same."""
    return bool(customer.vat_number and account.vat_number) and account.vat_number != customer.vat_number


def has_email(customer: Customer, account: Account) -> bool:
    """Whether both have one e-mail address."""
    return bool(customer.email) and account.email == customer.email


def has_name(customer: Customer, account: Account) -> bool:
    """Whether the account has the name of the customer."""
    return same_name(account.name, customer.name)


def has_place(customer: Customer, account: Account) -> bool:
    """Whether the account is where an address of the customer is."""
    return any(account.place.may_be(place) for place in customer.places)


def has_phone(customer: Customer, account: Account) -> bool:
    """Whether both have one phone number."""
    return account.phone_key in customer.phone_keys


def is_namesake(customer: Customer, account: Account) -> bool:
    """Whether a person's account of that name may be another person's: neither e-mail address nor phone is the same.

    Both must be known on both sides. A company has more addresses and numbers than one.
    """
    known = customer.email and account.email and customer.phone_keys and account.phone_key
    apart = not has_email(customer, account) and not has_phone(customer, account)
    return bool(known) and apart and not customer.company
