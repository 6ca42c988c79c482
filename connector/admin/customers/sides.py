"""What each side has of a customer, group by group in a person's words, and where both sides differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connector.domain.choices import FieldGroup, FieldOwner
from connector.domain.customer.names import same_name
from connector.domain.order.vat_number import normal_vat_number
from connector.models import Connection, DirectoryAccount, StoreCustomer
from connector.models.choice_words import named

Values = Mapping[FieldGroup, Mapping[str, str]]

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
_ADDRESS: Final = ("street_1", "street_2", "postcode", "city", "state", "country")


@dataclass(frozen=True, slots=True)
class Group:
    """One group of details on both sides. Each side is pairs of a label and a value; `owner` is in words."""

    key: FieldGroup
    title: str
    store: Sequence[tuple[str, str]]
    exact: Sequence[tuple[str, str]]
    differs: bool
    owner: str


def of_store(customer: StoreCustomer) -> Values:
    """Return what the store has. The first address of the address book is the customer's own."""
    book = customer.addresses if isinstance(customer.addresses, list) else []
    own: Any = book[0] if book and isinstance(book[0], dict) else {}
    return {
        FieldGroup.NAMES: {name: getattr(customer, name) for name in ("company", "first_name", "last_name")},
        FieldGroup.CONTACT: {"email": customer.email, "phone": customer.phone},
        FieldGroup.ADDRESSES: {name: str(own.get(name) or "") for name in _ADDRESS},
        FieldGroup.VAT_NUMBER: {"vat_number": customer.vat_number},
        FieldGroup.PAYMENT_CONDITION: {},
    }


def of_exact(account: DirectoryAccount) -> Values:
    """Return what the account has."""
    own = {"street_1": account.address_line1, "street_2": account.address_line2}
    rest = {name: getattr(account, name) for name in ("postcode", "city", "state", "country")}
    return {
        FieldGroup.NAMES: {"name": account.name},
        FieldGroup.CONTACT: {"email": account.email, "phone": account.phone},
        FieldGroup.ADDRESSES: own | rest,
        FieldGroup.VAT_NUMBER: {"vat_number": account.vat_number},
        FieldGroup.PAYMENT_CONDITION: {"payment_condition": account.payment_condition},
    }


def differing(customer: StoreCustomer | None, account: DirectoryAccount | None) -> frozenset[FieldGroup]:
    """Return the groups that do not say the same; none where a side is not known."""
    if customer is None or account is None:
        return frozenset()
    store, exact = of_store(customer), of_exact(account)
    return frozenset(group for group in FieldGroup if not _alike(group, store[group], exact[group]))


def groups(
    customer: StoreCustomer | None, account: DirectoryAccount | None, connection: Connection | None
) -> list[Group]:
    """Return every group with both sides. Without a connection nobody owns a group."""
    store, exact = of_store(customer) if customer else {}, of_exact(account) if account else {}
    differs = differing(customer, account)
    return [
        Group(
            group,
            str(_TITLES[group.value]),
            lines(store.get(group, {})),
            lines(exact.get(group, {})),
            group in differs,
            owner_of(connection, group),
        )
        for group in FieldGroup
    ]


def lines(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what there is as pairs of a label and a value, in the order of the page. Others are left out."""
    return [(str(label), str(values[name])) for name, label in DETAILS.items() if values.get(name)]


def owner_of(connection: Connection | None, group: FieldGroup) -> str:
    """Return in words which side decides about a group; "" without a connection."""
    if connection is None:
        return ""
    return str(_OWNERS.get(getattr(connection, f"{group.value}_owner"), ""))


def _alike(group: FieldGroup, store: Mapping[str, str], exact: Mapping[str, str]) -> bool:
    if group == FieldGroup.NAMES:
        name = store["company"] or f"{store['first_name']} {store['last_name']}"
        return same_name(name, exact["name"]) or not (name.strip() or exact["name"])
    if group == FieldGroup.VAT_NUMBER:
        return normal_vat_number(store["vat_number"], "") == normal_vat_number(exact["vat_number"], "")
    return all(_plain(value) == _plain(exact[name]) for name, value in store.items())


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
