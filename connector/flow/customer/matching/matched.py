"""What matching says of one customer."""

from dataclasses import dataclass

from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.ladder import Create, Found, Several
from connector.domain.document.result import Problem

Choice = Found | Create | Several | Problem
_TO_BE = "new:"


@dataclass(slots=True)
class Matched:
    """A customer without a link, and what the ladder says. `by_person`: it says what a person chose.

    `waits`: an earlier customer has no account yet, and will share it with this one.
    """

    pk: int
    customer: Customer
    choice: Choice
    by_person: bool = False
    waits: bool = False


def account_of(customer: Customer, account: Account | None = None) -> Account:
    """Return an account with what the customer's own side says. Without `account` it is one that is to be made: its
    id is none of Exact's."""
    place = min(customer.places, default=None)
    return Account(
        id=account.id if account else f"{_TO_BE}{customer.key}",
        code=account.code if account else "",
        name=customer.name,
        vat_number=customer.vat_number,
        email=customer.email,
        phone_key=min(customer.phone_keys, default=""),
        postcode_key=place.postcode if place else "",
        country=customer.country or (place.country if place else ""),
    )


def is_to_be(account: Account) -> bool:
    """Whether an account is that of a customer who has none yet."""
    return account.id.startswith(_TO_BE)


def is_like_newcomer(each: Matched) -> bool:
    """Whether a person must decide because of a customer who has no account yet."""
    return isinstance(each.choice, Several) and any(is_to_be(one.account) for one in each.choice.candidates)
