"""A link with the copies of both its sides. Any number of links is read by the same few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from connector.domain.choices import FieldGroup
from connector.domain.customer.details import Details
from connector.domain.customer.in_step import Move, Side, base_of_order
from connector.domain.document.result import Problem
from connector.flow.customer.both_ways import sides
from connector.models import Connection, CustomerConflict, CustomerLink, DirectoryAccount, StoreCustomer


@dataclass(slots=True)
class Pair:
    """A linked customer and account, what each side has now, and what is done about each group.

    `is_shared`: another customer of the store has the account too. `stays` says why a group is not carried over.
    """

    link: CustomerLink
    connection: Connection
    customer: StoreCustomer
    account: DirectoryAccount
    is_shared: bool
    conflicts: dict[str, CustomerConflict]
    store: Details
    exact: Details
    moves: dict[FieldGroup, Move] = field(default_factory=dict)
    stays: dict[str, Problem] = field(default_factory=dict)

    @property
    def sides(self) -> tuple[Side, Side]:
        """The store's side and Exact's, with what they had when both were last in step."""
        link, changed_at = self.link, self.customer.modified_at
        base = link.store_base
        if link.in_step_at is None:
            # The link is an order's, whose billing address is no record. The record tells whether it changed since.
            has_changed = changed_at is not None and changed_at > link.since
            base = base_of_order(base, self.store) if has_changed else {}
        return Side(self.store, base, changed_at), Side(self.exact, link.exact_base, self.account.modified_at)


def pairs_of(links: Sequence[CustomerLink]) -> list[Pair]:
    """Return the pairs of those links of which both sides and the connection are known.

    A customer who was forgotten has no details here any more.
    """
    linked = [link for link in links if link.account_id and link.forgotten_at is None]
    if not linked:
        return []
    connections = {(row.store_id, row.division_id): row for row in _connections(linked)}
    customers = {(row.store_id, row.customer_key): row for row in _customers(linked)}
    accounts = {(row.division_id, row.account_id): row for row in DirectoryAccount.objects.filter(_accounts(linked))}
    conflicts = _open_conflicts(linked)
    keys = _registered_keys(linked)
    found = []
    for link in linked:
        connection = connections.get((link.store_id, link.division_id))
        customer = customers.get((link.store_id, link.customer_key))
        account = accounts.get((link.division_id, link.account_id))
        if connection and customer and account:
            link.store, link.division = connection.store, connection.division  # not to be loaded again
            found.append(
                Pair(
                    link,
                    connection,
                    customer,
                    account,
                    len(keys[link.store_id, link.division_id, link.account_id]) > 1,
                    conflicts.get(link.pk, {}),
                    sides.of_customer(customer, sides.payment_condition_of(connection, customer)),
                    sides.of_account(account),
                )
            )
    return found


def _connections(links: Iterable[CustomerLink]) -> Iterable[Connection]:
    wanted = Q(store__in={link.store_id for link in links}, division__in={link.division_id for link in links})
    return Connection.objects.filter(wanted).select_related("store__tenant", "division__grant")


def _customers(links: Iterable[CustomerLink]) -> Iterable[StoreCustomer]:
    stores, keys = {link.store_id for link in links}, {link.customer_key for link in links}
    return StoreCustomer.objects.filter(store__in=stores, customer_key__in=keys, forgotten_at=None)


def _accounts(links: Iterable[CustomerLink]) -> Q:
    return Q(division__in={link.division_id for link in links}, account_id__in={link.account_id for link in links})


def _open_conflicts(links: Iterable[CustomerLink]) -> dict[int, dict[str, CustomerConflict]]:
    found: dict[int, dict[str, CustomerConflict]] = {}
    for row in CustomerConflict.objects.filter(link__in=[link.pk for link in links], decided_at=None):
        found.setdefault(row.link_id, {})[row.group] = row
    return found


def _registered_keys(links: Iterable[CustomerLink]) -> dict[tuple[int, int, str], set[str]]:
    """The registered customers of each account. A guest, a further company, and a customer who was deleted have no
    details in the store."""
    found: dict[tuple[int, int, str], set[str]] = {}
    deleted = StoreCustomer.objects.filter(
        store=OuterRef("store"), customer_key=OuterRef("customer_key"), deleted_at__isnull=False
    )
    rows = CustomerLink.objects.filter(~Exists(deleted), _accounts(links))
    for store, division, account, key in rows.values_list("store_id", "division_id", "account_id", "customer_key"):
        if key.isdigit():
            found.setdefault((store, division, account), set()).add(key)
    return {(link.store_id, link.division_id, link.account_id): set() for link in links} | found
