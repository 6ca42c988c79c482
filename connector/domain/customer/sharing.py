"""Which of several customers of one store gets an account that is found for all of them.

Two customers share an account only when they have one VAT number and one company. Else the one whom a surer reason
leads there has it, and a person decides about the others; where none is surer, about all of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from connector.domain.customer.customer import Customer
from connector.domain.customer.likeness import Reason
from connector.domain.customer.names import name_key, same_name

_RUNGS = list(Reason)


@dataclass(frozen=True, slots=True)
class Claim:
    """A customer whom a reason of the ladder leads to an account."""

    customer: Customer
    reason: Reason

    @property
    def rank(self) -> int:
        """What is smaller is surer."""
        return _RUNGS.index(self.reason)


def may_share(one: Customer, other: Customer) -> bool:
    """Whether two customers of a store may have one account: they are the same company, by its VAT number and name."""
    same_number = bool(one.vat_number) and one.vat_number == other.vat_number
    company = name_key(one.company)
    return same_number and bool(company) and company == name_key(other.company)


def may_have(customer: Customer, holder: Customer) -> bool:
    """Whether a customer may have the account of another one of the store: they may share it, or the store does not
    have the other one any more, and the customer registered again with the same e-mail address."""
    is_again = holder.gone and bool(customer.email) and customer.email == holder.email
    return is_again or may_share(customer, holder)


def is_the_same(guest: Customer, holder: Customer) -> bool:
    """Whether a guest whom an account fits may be the registered customer who has it: nothing says otherwise, or the
    e-mail address or a name is the same."""
    names = [name for name in (holder.name, holder.person) if name]
    if not names or (guest.email and guest.email == holder.email):
        return True
    return any(same_name(one, other) for one in (guest.name, guest.person) for other in names)


def who_has(claims: Sequence[Claim], holders: Collection[Customer] = ()) -> list[Claim]:
    """Return the claims that are right. `holders` are the customers who have the account already."""
    if holders:
        return [claim for claim in claims if all(may_have(claim.customer, holder) for holder in holders)]
    surest = min(claim.rank for claim in claims)
    first = [claim for claim in claims if claim.rank == surest]
    if not _all_share(first):
        return []
    others = [claim for claim in claims if claim.rank != surest and may_share(claim.customer, first[0].customer)]
    return [*first, *others]


def _all_share(claims: Sequence[Claim]) -> bool:
    return all(may_share(claims[0].customer, claim.customer) for claim in claims[1:])
