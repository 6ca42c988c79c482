"""Keeps a customer from a second account: those without one are compared with the store's other customers.

Somebody who registered twice may have an account that only the first registration leads to. So the ladder is asked once
more, with what the store says of the others in the place of what Exact says.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from connector.domain.customer.account import Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.ladder import Candidate, Create, Found, Several
from connector.domain.customer.names import name_key
from connector.domain.customer.sharing import may_share
from connector.flow.customer.account.holders import like_another
from connector.flow.customer.account.parties import party_of
from connector.flow.customer.matching.candidates import Key, Pool, keys_of
from connector.flow.customer.matching.matched import Choice, Matched, account_of, is_to_be
from connector.models import Connection, CustomerLink, StoreCustomer

Climb = Callable[[Customer, Sequence[Account]], Choice]
BATCH = 300


@dataclass(slots=True)
class _Others:
    """Customers of the store who may be one of those without an account, as accounts with what the store says.

    `shown` are their accounts as Exact has them, and `parties` who has each account. `order` is that in which those
    without one come: a later one is compared with an earlier one, and not the other way round.
    """

    pool: Pool = field(default_factory=Pool)
    shown: dict[str, Account] = field(default_factory=dict)
    parties: dict[str, list[Customer]] = field(default_factory=lambda: defaultdict(list))
    order: Mapping[str, int] = field(default_factory=dict)

    def like(self, each: Matched) -> list[Account]:
        """The accounts of others that have something in common with a customer."""
        found = self.pool.of(each.customer, ())
        return [account for account in found if self._comes_before(account, each)]

    def _comes_before(self, account: Account, each: Matched) -> bool:
        owners = self.parties[account.id]
        place = self.order.get(owners[0].key, -1) if is_to_be(account) else -1
        return all(owner.key != each.customer.key for owner in owners) and place < self.order[each.customer.key]


def settle(connection: Connection, others: Sequence[Matched], rows: QuerySet[StoreCustomer], climb: Climb) -> None:
    """Turn those to a person who would get an account and are like another customer; the same company shares it."""
    new = [each for each in others if isinstance(each.choice, Create) and not each.by_person]
    if not new:
        return
    wanted = {key for each in new for key in _keys(each.customer)}
    found = _find(connection, rows, wanted, _accounts(others))
    found.order = {each.customer.key: place for place, each in enumerate(new)}
    for each in new:
        if accounts := found.like(each):
            _decide(each, climb(each.customer, accounts), found)


def _decide(each: Matched, choice: Choice, found: _Others) -> None:
    if isinstance(choice, Found):
        account = found.shown[choice.account.id]
        shares = all(may_share(each.customer, party) for party in found.parties[account.id])
        if shares and not is_to_be(account):
            each.choice = replace(choice, account=account)
        elif shares and found.parties[account.id][0].key in found.order:
            each.waits = True
        else:
            each.choice = like_another(replace(choice, account=account))
    elif isinstance(choice, Several):
        shown = (Candidate(found.shown[one.account.id], one.score, one.reason) for one in choice.candidates)
        each.choice = replace(choice, candidates=tuple(shown))


def _keys(customer: Customer) -> list[Key]:
    return [key for key in keys_of(customer) if key[0] != "code"]


def _accounts(others: Iterable[Matched]) -> dict[str, Account]:
    """The accounts that were found just now, by the customer's key."""
    return {each.customer.key: each.choice.account for each in others if isinstance(each.choice, Found)}


def _find(
    connection: Connection, rows: QuerySet[StoreCustomer], wanted: set[Key], accounts: Mapping[str, Account]
) -> _Others:
    """Look through all customers for those that have one of the wanted keys."""
    found, last = _Others(), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        parties = [party for row in batch if wanted.intersection(_keys(party := party_of(connection, row)))]
        linked = _linked(connection, [party.key for party in parties if party.key not in accounts])
        for party in parties:
            shown = accounts.get(party.key) or linked.get(party.key) or account_of(party)
            found.shown[shown.id] = shown
            found.parties[shown.id].append(party)
            found.pool.add(account_of(party, None if is_to_be(shown) else shown), name_key(party.name))
    return found


def _linked(connection: Connection, keys: Sequence[str]) -> dict[str, Account]:
    rows = CustomerLink.objects.filter(store=connection.store, division=connection.division, customer_key__in=keys)
    named = rows.exclude(account_id="")
    return {row.customer_key: Account(row.account_id, row.account_code, row.account_name) for row in named}
