"""Finds the account of each customer of a store, without a call and without a statement for each customer.

The ladder is that of orders. All customers are looked at before anything is written, so that it does not depend on
their order who gets an account that is found for several. A customer with a link keeps it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from connector.domain.choices import CompleteVat
from connector.domain.customer.account import TO_PROMOTE, Account
from connector.domain.customer.customer import Customer
from connector.domain.customer.ladder import Candidate, Create, Found, Ladder, Several
from connector.domain.customer.likeness import Reason
from connector.domain.customer.sharing import Claim, who_has
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, from_json, problem
from connector.flow.customer.account.choice import today
from connector.flow.customer.account.holders import holders_of, like_another
from connector.flow.customer.account.links import link_of
from connector.flow.customer.account.parties import party_of
from connector.flow.customer.copies import missing
from connector.flow.customer.matching import alike, candidates
from connector.flow.customer.matching.candidates import Pool
from connector.flow.customer.matching.matched import Choice, Matched
from connector.models import Connection, CustomerLink, CustomerMatch, StoreCustomer

BATCH = 300
_CERTAIN = 100
_REFUSED = frozenset({Code.ACCOUNT_REFUSED, Code.ACCOUNT_SEARCH_GAVE_UP, Code.ACCOUNTS_OF_ONE_SEARCH_CODE})


@dataclass(slots=True)
class Outcome:
    """What matching came to: how many customers have a link, and the others in their order."""

    linked: int = 0
    others: list[Matched] = field(default_factory=list)


def customers_of(connection: Connection) -> QuerySet[StoreCustomer]:
    """Return the customers that the store has and who are not forgotten, in the order in which they are matched."""
    rows = StoreCustomer.objects.filter(store=connection.store, deleted_at=None, forgotten_at=None)
    return rows.order_by("pk")


def match(
    connection: Connection,
    rows: QuerySet[StoreCustomer],
    tell: Callable[[int], object] = lambda handled: None,
    *,
    retry: bool = True,
    whole: bool = True,
) -> Outcome:
    """Find the account of each of these customers. `tell` gets how many were looked at, after each batch.

    `retry`: a customer whose account Exact refused is as good as new; else such a one stays held until they change.
    `whole`: those without an account are compared with all customers of the store, and not only with one another.
    """
    matching = _Matching(connection, today(connection), retry)
    handled = 0
    for batch in batches(rows):
        matching.take(batch)
        handled += len(batch)
        tell(handled)
    others = matching.outcome.others
    _settle(others)
    alike.settle(connection, others, customers_of(connection) if whole else rows, matching.climb)
    return matching.outcome


def batches(rows: QuerySet[StoreCustomer]) -> Iterator[list[StoreCustomer]]:
    """Yield the rows in the order of their keys, so many at a time. No cursor stays open meanwhile."""
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


@dataclass(slots=True)
class _Known:
    """What the ledger has of a batch: links by customer's key, and matches by the customer's row.

    `unlinked` are the accounts that a person took away, by customer's key. `gone` are the keys of which Exact has the
    account no more.
    """

    links: dict[str, list[CustomerLink]]
    matches: dict[int, CustomerMatch]
    unlinked: dict[str, list[str]]
    gone: frozenset[str] = frozenset()

    @classmethod
    def of(cls, connection: Connection, unlinked: Sequence[tuple[StoreCustomer, Customer]]) -> "_Known":
        keys = {key for _row, party in unlinked for key in (*party.keys, *party.guest_keys)}
        rows = CustomerLink.objects.filter(store=connection.store, division=connection.division, customer_key__in=keys)
        links: dict[str, list[CustomerLink]] = defaultdict(list)
        for row in rows:
            if row.account_id:
                links[row.customer_key].append(row)
        found = CustomerMatch.objects.filter(
            customer__in=[row.pk for row, _party in unlinked], division=connection.division
        )
        apart = {row.customer_key: row.not_accounts for row in rows if row.not_accounts}
        gone = frozenset(row.customer_key for row in rows if not row.account_id and row.matched_by == missing.GONE)
        return cls(links, {row.customer_id: row for row in found}, apart, gone)

    def own(self, party: Customer) -> list[CustomerLink]:
        return [row for key in party.keys for row in self.links.get(key, ())]

    def as_guest(self, party: Customer) -> list[CustomerLink]:
        return [row for key in party.guest_keys for row in self.links.get(key, ())]

    def apart(self, party: Customer) -> frozenset[str]:
        """Return the ids of the accounts that a person took away from the customer."""
        return frozenset(account_id for key in party.keys for account_id in self.unlinked.get(key, ()))

    def choice(self, row: StoreCustomer) -> str:
        """What a person chose for the customer: an account's id, NEW_ACCOUNT, or "" for nothing."""
        found = self.matches.get(row.pk)
        return found.choice if found else ""

    def refused(self, row: StoreCustomer) -> Problem | None:
        """Return why the customer's account could not be made; None when the customer was changed since."""
        found = self.matches.get(row.pk)
        if found is None or found.outcome != CustomerMatch.Outcome.HELD or found.matched_at is None:
            return None
        if row.modified_at is not None and row.modified_at > found.matched_at:
            return None
        return next((each for each in from_json(found.problems) if each.code in _REFUSED), None)

    def ids(self) -> set[str]:
        linked = {row.account_id for rows in self.links.values() for row in rows}
        return linked | {row.choice for row in self.matches.values()} - {CustomerMatch.NEW_ACCOUNT}


@dataclass(slots=True)
class _Matching:
    connection: Connection
    today: date
    retry: bool
    outcome: Outcome = field(default_factory=Outcome)

    def take(self, batch: Sequence[StoreCustomer]) -> None:
        """Match a batch, with as many statements for many customers as for one."""
        links = CustomerLink.objects.filter(store=self.connection.store, division=self.connection.division)
        own = links.filter(customer_key__in=[row.customer_key for row in batch]).exclude(account_id="")
        linked = set(own.values_list("customer_key", flat=True))
        unlinked = [(row, party_of(self.connection, row)) for row in batch if row.customer_key not in linked]
        self.outcome.linked += len(linked)
        if not unlinked:
            return
        known = _Known.of(self.connection, unlinked)
        pool = candidates.read(self.connection.division, [party for _row, party in unlinked], known.ids())
        found = [self._match(row, party, known, pool) for row, party in unlinked]
        self._leave_given_since(found, known)
        fresh = [each for each in found if not _is_linked(each)]
        self.outcome.linked += len(found) - len(fresh)
        self._leave_to_holders(fresh)
        self.outcome.others += fresh

    def _match(self, row: StoreCustomer, party: Customer, known: _Known, pool: Pool) -> Matched:
        chosen = known.choice(row)
        account = next(iter(pool.by_key.get(("id", chosen), ())), None)
        if account is not None:
            return Matched(row.pk, party, self._chosen(account, party), by_person=True)
        is_new = chosen == CustomerMatch.NEW_ACCOUNT
        links = known.own(party), known.as_guest(party)
        all_found = pool.of(party, [link.account_id for rows in links for link in rows])
        apart = known.apart(party)
        choice = self.climb(party, [each for each in all_found if each.id not in apart], *links, is_new=is_new)
        if isinstance(choice, Create):
            code = party.search_code(choice.key)
            taken = (each for each in all_found if each.id in apart and each.search_code == code.upper())
            if (account := next(taken, None)) is not None:
                choice = problem(Code.SEARCH_CODE_TAKEN, account=account, search_code=code)
        if isinstance(choice, Create) and choice.key in known.gone and not is_new:
            choice = problem(Code.ACCOUNT_GONE)  # it may have been merged: a new one would undo that
        if isinstance(choice, Create) and not self.retry:
            choice = known.refused(row) or choice
        return Matched(row.pk, party, choice, by_person=is_new)

    def _chosen(self, account: Account, party: Customer) -> Found | Several:
        """The account that a person chose, unless it takes no documents by now."""
        why = account.why_unusable(self.today)
        if why is None or (self.connection.promote_prospects and why.code in TO_PROMOTE):
            return Found(account, Reason.CHOSEN, _CERTAIN, party.key)
        return Several(why, (Candidate(account, _CERTAIN, Reason.CHOSEN),))

    def _leave_given_since(self, found: Sequence[Matched], known: "_Known") -> None:
        """Ask a person again whose chosen account was given to another customer of the store since."""
        chosen = [each for each in found if isinstance(each.choice, Found) and each.choice.reason == Reason.CHOSEN]
        if not chosen:
            return
        links = CustomerLink.objects.filter(store=self.connection.store, division=self.connection.division)
        links = links.filter(account_id__in={known.matches[each.pk].choice for each in chosen})
        given = list(links.values_list("account_id", "customer_key", "linked_at"))
        for each in chosen:
            match, own = known.matches[each.pk], {each.customer.key, *each.customer.guest_keys}
            others = [at for account_id, key, at in given if account_id == match.choice and not _is_of(key, own)]
            since = [at for at in others if at is not None and match.chosen_at is not None and at > match.chosen_at]
            if since and isinstance(each.choice, Found):
                each.choice = like_another(each.choice)

    def climb(
        self,
        party: Customer,
        accounts: Sequence[Account],
        own: Sequence[CustomerLink] = (),
        as_guest: Sequence[CustomerLink] = (),
        *,
        is_new: bool = False,
    ) -> Choice:
        """Ask the ladder. An account without a VAT number is linked: the order gives it one, or is held."""
        ladder = Ladder(
            party,
            accounts,
            [link_of(link) for link in own],
            CompleteVat.ALL,
            self.today,
            as_guest=[link_of(link) for link in as_guest],
            promote=self.connection.promote_prospects,
            is_new=is_new,
        )
        return ladder.choose()

    def _leave_to_holders(self, fresh: Sequence[Matched]) -> None:
        """Let a person decide about customers whose account is another customer's already."""
        found = _by_account(fresh)
        for account_id, holders in holders_of(self.connection, found).items():
            own = {holder.key for holder in holders}
            _keep_right([one for one in found[account_id] if one.customer.key not in own], holders)


def _is_of(key: str, own: set[str]) -> bool:
    """Whether a link's key is one of a customer's, perhaps with a further company's mark."""
    return key in own or key.partition("-")[0] in own


def _settle(others: Sequence[Matched]) -> None:
    """Decide who gets an account that several customers came to."""
    for each in _by_account(others).values():
        if len(each) > 1:
            _keep_right(each, ())


def _by_account(several: Iterable[Matched]) -> dict[str, list[Matched]]:
    """The customers whom the ladder leads to each account; not those for whom a person chose it."""
    found: dict[str, list[Matched]] = defaultdict(list)
    for each in several:
        if isinstance(each.choice, Found) and not each.by_person:
            found[each.choice.account.id].append(each)
    return found


def _keep_right(several: Sequence[Matched], holders: Sequence[Customer]) -> None:
    """Turn those customers to a person who do not get the account that they came to."""
    claims = {
        each.customer.key: Claim(each.customer, each.choice.reason)
        for each in several
        if isinstance(each.choice, Found)
    }
    right = {claim.customer.key for claim in who_has(list(claims.values()), holders)} if claims else set()
    for each in several:
        if isinstance(each.choice, Found) and each.customer.key not in right:
            each.choice = like_another(each.choice)


def _is_linked(each: Matched) -> bool:
    """Whether the customer has a link under another of their keys, such as that of a company."""
    return isinstance(each.choice, Found) and each.choice.reason == Reason.LINK
