"""Writes what is due of several customers to the store: up to ten customers a call, one address a call.

A lane writes one call after the other, so the vendor's limit of three writes at once holds.
"""

from collections.abc import Iterator, Sequence

from connector.clients.bigcommerce import customers
from connector.clients.bigcommerce.calls import StoreCalls
from connector.clients.bigcommerce.customers import MOST_UPDATES, AddressUpdate, CustomerUpdate
from connector.domain.choices import FieldGroup
from connector.domain.customer.details import ADDRESS, Values
from connector.domain.customer.in_step import Step
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import sides
from connector.flow.customer.both_ways.pairs import Pair
from connector.flow.customer.copies.store_rows import address_with_vat_number
from connector.models import CustomerLink, StoreCustomer

Part = tuple[Pair, tuple[FieldGroup, ...]]
"""A customer, and the groups that one call carries."""


def groups_of(pair: Pair) -> list[FieldGroup]:
    """Return the groups that go to the store."""
    return [group for group, made in pair.moves.items() if made.step == Step.TO_STORE]


def parts_of(pairs: Sequence[Pair]) -> Iterator[list[Part]]:
    """Yield the calls: what belongs to the customers themselves, ten customers a call, then each address."""
    own = [(pair, groups) for pair in pairs if (groups := tuple(_groups(pair, of_customer=True)))]
    for start in range(0, len(own), MOST_UPDATES):
        yield own[start : start + MOST_UPDATES]
    for pair in pairs:
        for group in _groups(pair, of_customer=False):
            yield [(pair, (group,))]


def write(parts: Sequence[Part], client: StoreCalls) -> set[int]:
    """Send one call of `parts_of`. Returns the ids of the links whose customers the store left as they were. It may be
    repeated. Raises the client's errors."""
    if _is_of_customer(*parts[0]):
        taken = customers.update_customers(client, [_customer_update(pair, groups) for pair, groups in parts])
        return {pair.link.pk for pair, _groups in parts if int(pair.customer.customer_key) not in taken}
    return {
        pair.link.pk for pair, groups in parts if not customers.update_address(client, _address_update(pair, groups))
    }


def keep(pair: Pair) -> None:
    """Write into our copy what the customer has now. The customer's links of other divisions are due."""
    row, details = pair.customer, pair.store
    kept: dict[str, object] = {**details.names, **details.contact, **details.vat_number, "written_at": database_now()}
    own = sides.own_address(row)
    if own:
        row.addresses = [{**own, **{name: details.addresses[name] for name in ADDRESS}}, *row.addresses[1:]]
        kept["addresses"] = row.addresses
    StoreCustomer.objects.filter(pk=row.pk).update(**kept)
    others = CustomerLink.objects.filter(store=row.store_id, customer_key=row.customer_key, forgotten_at=None)
    others.exclude(pk=pair.link.pk).exclude(account_id="").update(due_at=database_now())
    for name, value in kept.items():
        setattr(row, name, value)


def _groups(pair: Pair, *, of_customer: bool) -> Iterator[FieldGroup]:
    return (group for group in groups_of(pair) if _is_of_customer(pair, (group,)) == of_customer)


def _is_of_customer(pair: Pair, groups: Sequence[FieldGroup]) -> bool:
    """Whether the customer has these groups, and not an address. A VAT number may be an address's form field."""
    if groups[0] == FieldGroup.VAT_NUMBER:
        return address_with_vat_number(pair.customer) is None
    return groups[0] != FieldGroup.ADDRESSES


def _customer_update(pair: Pair, groups: Sequence[FieldGroup]) -> CustomerUpdate:
    changes: dict[str, str] = {}
    for group in groups:
        if group != FieldGroup.VAT_NUMBER:
            changes |= _changed(pair.store.of(group), pair.moves[group].values)
    return CustomerUpdate(int(pair.customer.customer_key), changes, _form_fields(pair, groups))


def _address_update(pair: Pair, groups: Sequence[FieldGroup]) -> AddressUpdate:
    """The change of one address: of the customer's own, or of that whose form field has the VAT number."""
    if FieldGroup.ADDRESSES not in groups:
        return AddressUpdate(address_with_vat_number(pair.customer) or 0, form_fields=_form_fields(pair, groups))
    changes = _changed(pair.store.addresses, pair.moves[FieldGroup.ADDRESSES].values)
    return AddressUpdate(sides.own_address(pair.customer)["id"], changes)


def _form_fields(pair: Pair, groups: Sequence[FieldGroup]) -> dict[str, str]:
    if FieldGroup.VAT_NUMBER not in groups:
        return {}
    return {pair.customer.vat_number_field: pair.moves[FieldGroup.VAT_NUMBER].values["vat_number"]}


def _changed(before: Values, after: Values) -> dict[str, str]:
    return {name: value for name, value in after.items() if value != before.get(name, "")}
