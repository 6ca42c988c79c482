"""After a restored backup: what was lost is read again from the stores, and looked up in Exact before anything is sent.

The lanes post nothing while they recover. A document that is in Exact gets its id, so a worker only finishes it; one
that is not there may be sent. Each look is noted on its row, so a run that was killed goes on where it was.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from connector.clients.errors import ClientError
from connector.domain.choices import DocumentKind, Mode
from connector.domain.document.codes import Code
from connector.domain.document.states import State
from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.inbox import intake, poll
from connector.flow.lane import due, wakeup
from connector.flow.ledger import restored
from connector.flow.outbound.clients import LaneClients
from connector.flow.pipeline import failure, run_lane
from connector.flow.pipeline.lane import Lane
from connector.models import Connection, Division, OrderSync, Store
from connector.models.credentials import Health
from connector.problems.calls import in_words
from tenants.models import Tenant

Tell = Callable[[str], None]
# A minute's limit is waited for, a day's is not.
LONGEST_WAIT = timedelta(seconds=90)
# Another document of the order comes first. Such a row is looked up at its turn.
LATER = {Code.WAITS_FOR_INVOICE, Code.WAITS_FOR_CREDIT_NOTE}


@dataclass(slots=True)
class Report:
    """The result. `counts` has the documents that were looked up: found in Exact, free to be sent, held, skipped, and
    later, at their turn. `orders` is how many changed orders the stores named. `troubles` says what was not done."""

    orders: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether everything was looked up, so that the lanes post again."""
        return not self.troubles

    def to_json(self) -> dict[str, Any]:
        """Return what `recover --json` prints."""
        return {"orders": self.orders, **self._counts(), "complete": self.complete, "troubles": self.troubles}

    def in_words(self) -> str:
        """Return what came of the documents that were looked up so far."""
        text = _(
            "%(found)s found in Exact, %(free)s not there and free to be posted, %(held)s held, %(skipped)s skipped, "
            "%(later)s looked up at their turn"
        )
        return text % self._counts()

    def _counts(self) -> dict[str, int]:
        return {name: self.counts[name] for name in ("found", "free", "held", "skipped", "later")}


def begin(tenant: Tenant | None = None) -> int:
    """Stop the lanes until they are recovered; returns how many there are."""
    return restored.notice(Q(grant__tenant=tenant) if tenant else Q(), until_looked_up=True)


def unfinished(tenant: Tenant | None = None) -> QuerySet[Division]:
    """Return the lanes that are not recovered yet."""
    lanes = (
        Division.objects.filter(recovering=True, grant__tenant__suspended=False)
        .select_related("grant__tenant")
        .order_by("pk")
    )
    return lanes.filter(grant__tenant=tenant) if tenant else lanes


def recover(tenant: Tenant | None, tell: Tell) -> Report:
    """Read the stores, then look up the documents of each lane that is not recovered yet."""
    report, lanes = Report(), list(unfinished(tenant))
    unread = _read_stores(lanes, report, tell)
    for lane in lanes:
        try:
            _recover_lane(lane, report, tell)
        except _NotYet as why:
            report.troubles.append(f"{lane}: {why}")
        else:
            if not Connection.objects.filter(division=lane, store__in=unread).exists():
                Division.objects.filter(pk=lane.pk, restored_at=lane.restored_at).update(recovering=False)
                wakeup.wake([lane.pk])
    return report


class _NotYet(Exception):
    """A lane was not recovered to the end. The text says why, and what to do."""


def _read_stores(lanes: list[Division], report: Report, tell: Tell) -> list[int]:
    """Put what changed since the backup into the inbox. Returns the stores that could not be read."""
    unread = []
    for store in Store.objects.filter(connections__division__in=lanes).select_related("tenant").distinct():
        try:
            named = poll.poll(store)
        except ClientError as error:
            report.troubles.append(f"{store.name}: {in_words(error)}")
            unread.append(store.pk)
        else:
            report.orders += named
            tell(_("%(store)s: %(orders)s orders changed since the backup") % {"store": store.name, "orders": named})
    return unread


def _recover_lane(division: Division, report: Report, tell: Tell) -> None:
    """Look up every open document of a lane. Raises _NotYet."""
    if division.grant.state == Health.RECONNECT:
        raise _NotYet(_connect_again(division))
    if (lease := leases.acquire(Division, division.pk)) is None:
        raise _NotYet(_("another process works on it; stop the worker and run this again"))
    try:
        failure.recover(division.pk)
        intake.take_in(division.pk)
        _wait_until(_when_all_is_shown(division))
        _look_up_all(Lane(division, lease, LaneClients(division, lease), look_only=True), report, tell)
    except leases.LeaseLost:
        raise _NotYet(_("another process works on it; stop the worker and run this again")) from None
    finally:
        leases.release(lease)


def _look_up_all(lane: Lane, report: Report, tell: Tell) -> None:
    last, failed = 0, 0
    while found := due.first(_open(lane.division).filter(pk__gt=last)):
        document = found.document
        leases.renew(lane.lease)
        run_lane.work_on(lane, found)
        match _came_out(document):
            case "limited":
                opens = document.next_attempt_at or database_now()
                if opens - database_now() > LONGEST_WAIT:
                    raise _NotYet(_("its limit of calls is used up until %(at)s; run this again then") % {"at": opens})
                _wait_until(opens)
                continue
            case "refused":
                raise _NotYet(_connect_again(lane.division))
            case "failed":
                failed += 1
            case outcome:
                report.counts[outcome] += 1
        last = document.pk
        tell(_("%(division)s: %(results)s") % {"division": lane.division, "results": report.in_words()})
    if failed:
        raise _NotYet(_("%(count)s documents could not be looked up; run this again") % {"count": failed})


def _open(division: Division) -> QuerySet[OrderSync]:
    """Return the documents that a worker would send next, and that were not looked up since the restore."""
    rows = OrderSync.objects.filter(
        Q(searched_at=None) | Q(searched_at__lt=division.restored_at),
        division=division,
        kind__in=[DocumentKind.INVOICE, DocumentKind.CREDIT],
        state__in=[State.PENDING, State.WAITING],
        exact_id="",
    )
    return rows.exclude(connection__mode=Mode.OFF).order_by("pk")


def _came_out(document: OrderSync) -> str:
    if document.exact_id:
        return "found"
    noticed = document.division.restored_at
    if document.searched_at and noticed and document.searched_at >= noticed:
        return "free"
    if document.state != State.WAITING:
        return {State.BLOCKED: "held", State.SKIPPED: "skipped"}.get(State(document.state), "later")
    if document.code == Code.CALLS_USED_UP:
        return "limited"
    if document.code == Code.TOKEN_REFUSED:
        return "refused"
    return "later" if document.code in LATER else "failed"


def _connect_again(division: Division) -> str:
    text = _("the consent %(consent)s must be connected to Exact again, in the portal; then run this again")
    return text % {"consent": division.grant.name}


def _when_all_is_shown(division: Division) -> datetime:
    """Return when Exact shows what was written just before the restore."""
    return (division.restored_at or database_now()) + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS)


def _wait_until(moment: datetime) -> None:
    time.sleep(max((moment - database_now()).total_seconds(), 0))
