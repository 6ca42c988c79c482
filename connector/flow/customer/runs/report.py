"""What a pull would come to: each customer with the account it would have. Neither side is written, and no link.

It needs no pull before: both sides are read into our copies.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from connector.domain.document.result import from_json
from connector.flow.customer.copies import deleted, directory, store_copy
from connector.flow.customer.matching import outcomes
from connector.flow.customer.matching.match import Outcome, customers_of, match
from connector.flow.outbound.clients import LaneClients
from connector.flow.outbound.within_budget import Tell, within_budget
from connector.models import Connection, StoreCustomer
from connector.problems.catalogue import sentences


@dataclass(frozen=True, slots=True)
class Report:
    """The customers of a connection: those with an account, those without, and those whom a person must decide on.

    An entry of `ambiguous` has the customer's key and name, the candidates (best first), and why.
    """

    customers: int
    linked: int
    new: int
    ambiguous: tuple[dict[str, Any], ...]


def read_both_sides(connection: Connection, tell: Tell) -> None:
    """Read what changed on both sides into our copies, within their limits. Raises ClientError and Stopped."""
    clients = LaneClients(connection.division, low_priority=True)
    within_budget(partial(directory.pull, connection.division, clients.exact), tell)
    within_budget(partial(deleted.take_out, connection.division, clients.exact), tell)
    cursor, store = "", connection.store
    while True:
        read = within_budget(partial(store_copy.read_page, store, clients.store(store), cursor), tell)
        cursor = read.cursor
        if not cursor:
            return


def report_of(connection: Connection, tell: Callable[[int], object] = lambda handled: None) -> Report:
    """Return what a pull would come to, from our copies."""
    found = match(connection, customers_of(connection), tell)
    entries = tuple(_entries(found))
    linked = found.linked + sum(outcomes.gets_account(each) for each in found.others)
    every = found.linked + len(found.others)
    return Report(every, linked, every - linked - len(entries), entries)


def _entries(found: Outcome) -> Iterator[dict[str, Any]]:
    undecided = [each for each in found.others if outcomes.needs_person(each)]
    names = {row.pk: row.name for row in StoreCustomer.objects.filter(pk__in=[each.pk for each in undecided])}
    for each in undecided:
        yield {
            "customer": each.customer.key,
            "name": names.get(each.pk, ""),
            "candidates": outcomes.candidates_of(each),
            "why": sentences(from_json(outcomes.problems_of(each))),
        }
