"""Reads customers and accounts once more: those that were reported, and those that are about to be written."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from connector.clients.exact import accounts
from connector.clients.rows import OddRow
from connector.domain.customer.in_step import Step
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import to_exact, to_store
from connector.flow.customer.both_ways.pairs import Pair
from connector.flow.customer.copies import directory, forgotten, missing, store_copy
from connector.flow.outbound.clients import LaneClients
from connector.models import CustomerLink, DirectoryAccount, Division, Store
from connector.problems.catalogue import EXACT, STORE


def read_accounts(division: Division, clients: LaneClients, ids: Collection[str], began: datetime) -> frozenset[str]:
    """Read some accounts into our copy; their links are due. What was due when this began is read now.

    One that Exact does not have any more is forgotten. Returns the ids of those that cannot be read: their copies are
    older ones. Raises the client's errors.
    """
    odd: list[OddRow] = []
    reading_began = database_now()
    found = list(accounts.accounts_with_ids(clients.exact, ids, odd.append))
    directory.keep(division, found, reading_began)
    there = {account.id.casefold() for account in found}
    left = frozenset(account_id for account_id in ids if account_id.casefold() not in there)
    named = {row.name.casefold() for row in odd}
    unread = frozenset(account_id for account_id in left if account_id.casefold() in named)
    if len(unread) < len(odd):  # a row without its id may be any of them
        unread = left
    for account_id in left - unread:
        missing.forget(division, account_id, clients.exact)
    with transaction.atomic():
        forgotten.lock_divisions([division.pk])  # before its rows, as everybody does
        CustomerLink.objects.filter(division=division, account_id__in=ids).update(due_at=began)
        due = DirectoryAccount.objects.filter(division=division, account_id__in=ids, due_at__lte=began)
        due.update(due_at=None)
    return unread


@dataclass(slots=True)
class Targets:
    """The sides that are about to be written. Each is read once, because somebody may have changed it, and its vendor
    has not said so yet. `unread` are the accounts and customers that cannot be read: they are not written."""

    clients: LaneClients
    accounts: set[str] = field(default_factory=set)
    customers: set[tuple[int, str]] = field(default_factory=set)
    unread: set[str | tuple[int, str]] = field(default_factory=set)

    def read(self, pairs: Iterable[Pair]) -> bool:
        """Read the sides that are to be written and were not read here. Returns whether there were any: then the pairs
        are to be compared again. Raises the clients' errors."""
        ids, stores, keys = set[str](), dict[int, Store](), set[tuple[int, str]]()
        for pair in pairs:
            if to_exact.groups_of(pair):
                ids.add(pair.account.account_id)
            if to_store.groups_of(pair):
                stores[pair.link.store_id] = pair.connection.store
                keys.add((pair.link.store_id, pair.customer.customer_key))
        ids, keys = ids - self.accounts, keys - self.customers
        if ids:
            self.unread |= read_accounts(self.clients.division, self.clients, ids, database_now())
        for pk, store in stores.items():
            if asked := {key for of_store, key in keys if of_store == pk}:
                read = store_copy.read_with_ids(store, self.clients.store(store), asked)
                self.unread |= {(pk, key) for key in read.unread}
        self.accounts |= ids
        self.customers |= keys
        return bool(ids or keys)

    def why_not(self, pair: Pair, step: Step) -> Problem | None:
        """Return why a side is not written: what was read of it cannot be read."""
        if step == Step.TO_EXACT and pair.account.account_id in self.unread:
            return problem(Code.CUSTOMER_UNREADABLE, vendor=EXACT)
        if step == Step.TO_STORE and (pair.link.store_id, pair.customer.customer_key) in self.unread:
            return problem(Code.CUSTOMER_UNREADABLE, vendor=STORE)
        return None
