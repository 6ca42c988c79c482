"""What each side has of a customer, group by group in a person's words, and where both sides differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connector.domain.choices import FieldGroup, FieldOwner
from connector.domain.customer.details import Details, same
from connector.domain.document.result import from_json
from connector.flow.customer.both_ways.sides import of_account, of_customer
from connector.models import Connection, DirectoryAccount, StoreCustomer
from connector.models.choice_words import named
from connector.problems.catalogue import sentences

# Every detail that either side has, with what a person calls it, in the order of the page.
DETAILS: Final[Mapping[str, Promise]] = {
    "name": _("Name"),
    "company": _("Company"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "street_1": _("Street"),
    "street_2": _("Street, second line"),
    "postcode": _("Postcode"),
    "city": _("Town"),
    "state": _("State or province"),
    "country": _("Country"),
    "vat_number": _("VAT number"),
    "payment_condition": _("Payment condition"),
}
_TITLES: Final = dict(named(FieldGroup))
_OWNERS: Final = dict(named(FieldOwner))
# The store has no payment condition.
COMPARED: Final = tuple(group for group in FieldGroup if group != FieldGroup.PAYMENT_CONDITION)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of details on both sides. Each side is pairs of a label and a value; `owner` is in words, and so is
    `why`: why a change is not carried over."""

    key: FieldGroup
    title: str
    store: Sequence[tuple[str, str]]
    exact: Sequence[tuple[str, str]]
    differs: bool
    owner: str
    why: str


def differing(customer: StoreCustomer | None, account: DirectoryAccount | None) -> frozenset[FieldGroup]:
    """Return the groups that do not say the same; none where a side is not known."""
    if customer is None or account is None:
        return frozenset()
    store, exact = of_customer(customer), of_account(account)
    return frozenset(group for group in COMPARED if not same(group, store, exact))


def groups(
    customer: StoreCustomer | None,
    account: DirectoryAccount | None,
    connection: Connection | None,
    stays: Mapping[str, Any] | None = None,
) -> list[Group]:
    """Return every group with both sides. Without a connection nobody owns a group.

    `stays` is what a link keeps of changes that are not carried over.
    """
    store, exact = of_customer(customer) if customer else Details(), of_account(account) if account else Details()
    differs = differing(customer, account)
    return [
        Group(
            group,
            str(_TITLES[group.value]),
            lines(store.of(group)),
            lines(exact.of(group)),
            group in differs,
            owner_of(connection, group),
            _why((stays or {}).get(group.value)),
        )
        for group in FieldGroup
    ]


def _why(kept: Any) -> str:
    """Return in words why a change is not carried over; "" where none waits."""
    if not isinstance(kept, dict) or "code" not in kept:
        return ""
    return sentences(from_json([{"line": "", "params": {}} | kept]))


def lines(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what there is as pairs of a label and a value, in the order of the page. Others are left out."""
    return [(str(label), str(values[name])) for name, label in DETAILS.items() if values.get(name)]


def owner_of(connection: Connection | None, group: FieldGroup) -> str:
    """Return in words which side decides about a group; "" without a connection."""
    if connection is None:
        return ""
    return str(_OWNERS.get(getattr(connection, f"{group.value}_owner"), ""))
