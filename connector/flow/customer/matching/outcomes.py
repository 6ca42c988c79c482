"""Writes what matching came to: links, and what a person must decide. Many customers cost a few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from connector.domain.customer.ladder import Create, Found, Several
from connector.domain.customer.likeness import Reason
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, to_json
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import events
from connector.flow.customer.both_ways.events import Kind, Origin
from connector.flow.customer.copies import forgotten
from connector.flow.customer.matching.matched import Matched, is_to_be
from connector.models import Connection, CustomerEvent, CustomerLink, CustomerMatch, Division, StoreCustomer
from tenants.models import User

AMBIGUOUS, NEW, HELD = CustomerMatch.Outcome.AMBIGUOUS, CustomerMatch.Outcome.NEW, CustomerMatch.Outcome.HELD
BATCH: Final = 300
_FRESH: dict[str, Any] = {
    "addresses": {},
    "sent_at": None,
    "failed_searches": 0,
    "in_step_at": None,
    "store_base": {},
    "exact_base": {},
    "stays": {},
    "contact_id": "",
    "contact_asked_at": None,
}


@dataclass(slots=True)
class Kept:
    """How many customers were linked, and how many a person must decide about."""

    linked: int = 0
    ambiguous: int = 0


def keep(connection: Connection, matched: Iterable[Matched], actor: User | None) -> Kept:
    """Write links and matches, a batch in each transaction. A customer who was linked or forgotten meanwhile stays as
    they are."""
    kept, rest = Kept(), iter(matched)
    while batch := list(islice(rest, BATCH)):
        with transaction.atomic():
            batch = _not_forgotten(connection, batch)
            found = [each for each in batch if isinstance(each.choice, Found)]
            kept.linked += _link(connection, found, actor)
            others = [each for each in batch if not isinstance(each.choice, Found)]
            kept.ambiguous += sum(needs_person(each) for each in others)
            _note(connection, others)
    return kept


def note(connection: Connection, matched: Iterable[Matched]) -> int:
    """Keep what matching came to, and link nobody. Returns how many would be linked."""
    found, rest = 0, iter(matched)
    while batch := list(islice(rest, BATCH)):
        with transaction.atomic():
            batch = _not_forgotten(connection, batch)
            sure = [each.pk for each in batch if gets_account(each)]
            _note(connection, [each for each in batch if not gets_account(each)])
            # What a person chose stays until it is done.
            CustomerMatch.objects.filter(customer__in=sure, division=connection.division, choice="").delete()
        found += len(sure)
    return found


def forget_linked(connection: Connection) -> None:
    """Forget the matches of customers who were linked by an order or a person."""
    links = CustomerLink.objects.filter(
        store=connection.store, division=connection.division, customer_key=OuterRef("customer__customer_key")
    )
    rows = CustomerMatch.objects.filter(division=connection.division, customer__store=connection.store)
    rows.filter(Exists(links.exclude(account_id=""))).delete()


def waiting_for_person(connection: Connection) -> QuerySet[CustomerMatch]:
    """Return the matches that a person must decide about."""
    rows = CustomerMatch.objects.filter(division=connection.division, customer__store=connection.store)
    rows = rows.filter(customer__deleted_at=None, customer__forgotten_at=None)
    return rows.filter(outcome__in=[AMBIGUOUS, HELD])


def gets_account(each: Matched) -> bool:
    """Whether an account of Exact is the customer's."""
    return isinstance(each.choice, Found)


def needs_person(each: Matched) -> bool:
    """Whether a person must decide about a customer."""
    return isinstance(each.choice, Several | Problem)


def outcome_of(each: Matched) -> CustomerMatch.Outcome:
    """Return what is kept of a customer without a link."""
    if isinstance(each.choice, Several) and len(each.choice.candidates) > 0:
        return AMBIGUOUS
    return NEW if isinstance(each.choice, Create | Found) else HELD


def candidates_of(each: Matched) -> list[dict[str, Any]]:
    """Return the accounts that a person chooses from, best first. One that is not made yet has no id."""
    if not isinstance(each.choice, Several):
        return []
    return [
        {
            "account_id": "" if is_to_be(one.account) else one.account.id,
            "code": one.account.code,
            "name": one.account.name,
            "score": one.score,
            "reason": one.reason.value,
        }
        for one in each.choice.candidates
    ]


def problems_of(each: Matched) -> list[dict[str, Any]]:
    """Return why a person must decide, as codes."""
    if isinstance(each.choice, Several):
        return to_json((each.choice.problem,))
    return to_json((each.choice,)) if isinstance(each.choice, Problem) else []


def _not_forgotten(connection: Connection, batch: list[Matched]) -> list[Matched]:
    """Those who were not forgotten since they were matched."""
    if not forgotten.lock_store(connection.store_id):
        return batch
    rows = StoreCustomer.objects.filter(pk__in=[each.pk for each in batch], forgotten_at__isnull=False)
    gone = set(rows.values_list("pk", flat=True))
    return [each for each in batch if each.pk not in gone]


def _note(connection: Connection, others: Sequence[Matched]) -> None:
    """Keep what the customers without a link came to. What a person chose stays."""
    now = database_now()
    rows = [
        CustomerMatch(
            customer_id=each.pk,
            division=connection.division,
            outcome=outcome_of(each),
            candidates=candidates_of(each),
            problems=problems_of(each),
            matched_at=now,
        )
        for each in others
    ]
    CustomerMatch.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["customer", "division"],
        update_fields=["outcome", "candidates", "problems", "matched_at"],
    )
    if again := [each.pk for each in others if _is_asked_again(each)]:
        rows_of = CustomerMatch.objects.filter(customer__in=again, division=connection.division)
        rows_of.update(choice="", chosen_by=None, chosen_at=None)


def _is_asked_again(each: Matched) -> bool:
    """Whether the account that a person chose was given to another customer since: the choice does not hold."""
    choice = each.choice
    return each.by_person and isinstance(choice, Several) and choice.problem.code == Code.ACCOUNT_OF_ANOTHER_CUSTOMER


def _link(connection: Connection, found: Sequence[Matched], actor: User | None) -> int:
    """Link customers with their accounts. Returns how many were not linked before."""
    if not found:
        return 0
    rows = CustomerLink.objects.filter(store=connection.store, division=connection.division)
    before = {row.customer_key: row for row in rows.filter(customer_key__in=[_key(each) for each in found])}
    found = _but_being_made(connection, found, before)
    keys = [_key(each) for each in found]
    # Before links, as everybody does.
    CustomerMatch.objects.filter(customer__in=[each.pk for each in found], division=connection.division).delete()
    made = [_row(connection, each) for each in found if _key(each) not in before]
    CustomerLink.objects.bulk_create(made, ignore_conflicts=True)  # an order may have been first
    mine = set(rows.filter(customer_key__in=keys).values_list("customer_key", "account_id")) if made else set()
    linked = [row for row in made if (row.customer_key, row.account_id) in mine]
    for each in found:  # whose account was deleted: these are few
        known = before.get(_key(each))
        if known is not None and not known.account_id:
            row = _row(connection, each)
            wanted = {name: getattr(row, name) for name in _LINKED}
            if rows.filter(pk=known.pk, account_id="", sent_at=known.sent_at).update(**wanted, **_FRESH):
                linked = [*linked, row]
    CustomerEvent.objects.bulk_create([_event(row, actor) for row in linked])
    return len(linked)


def _but_being_made(
    connection: Connection, found: Sequence[Matched], before: Mapping[str, CustomerLink]
) -> Sequence[Matched]:
    """Those for whom no account may be under way to Exact, unless it is the one that was found.

    One that was not seen when the accounts were read after it must have shown was not made.
    """
    sent = {key: row.sent_at for key, row in before.items() if row.sent_at is not None}
    if not sent:
        return found
    read_at = Division.objects.values_list("accounts_read_at", flat=True).get(pk=connection.division_id)
    waits = {key for key, at in sent.items() if not _must_have_shown(at, read_at)}
    return [each for each in found if _key(each) not in waits or _by_our_code(each)]


def _must_have_shown(sent_at: datetime, read_at: datetime | None) -> bool:
    return read_at is not None and sent_at + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS) < read_at


def _by_our_code(each: Matched) -> bool:
    return isinstance(each.choice, Found) and each.choice.reason == Reason.SEARCH_CODE


_LINKED = ("account_id", "account_code", "account_name", "matched_by", "score", "name", "linked_at")


def _row(connection: Connection, each: Matched) -> CustomerLink:
    assert isinstance(each.choice, Found)
    account, party = each.choice.account, each.customer
    return CustomerLink(
        store=connection.store,
        division=connection.division,
        customer_key=each.choice.key,
        search_code=party.search_code(each.choice.key),
        account_id=account.id,
        account_code=account.code,
        account_name=account.name[:200],
        matched_by=each.choice.reason.value,
        score=each.choice.score,
        name=party.name[:200],
        linked_at=database_now(),
    )


def _event(row: CustomerLink, actor: User | None) -> CustomerEvent:
    after = {"account": f"{row.account_code} {row.account_name}".strip(), "reason": row.matched_by}
    return events.note(row, Kind.LINKED, Origin.RUN, actor, save=False, after=after)


def _key(each: Matched) -> str:
    assert isinstance(each.choice, Found)
    return each.choice.key
