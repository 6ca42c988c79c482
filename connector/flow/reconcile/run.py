"""The run: it begins, reads both sides page by page, goes on after a kill, and ends with what differs.

The phases follow each other: `orders`, `refunds`, `documents` (those dated in the period), `unseen` (those that the
ledger expects and no page had, by their ids), `changed` (of any date, where a run watches for drift).
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Self

from django.db import transaction
from django.utils.translation import gettext as _

from connector.clients import errors
from connector.clients.exact.client import MOST_IDS, ExactClient
from connector.domain.choices import DocumentForm
from connector.domain.timing.days import Days
from connector.domain.wording import BadSetting
from connector.flow import leases, long_runs
from connector.flow.clock import database_now
from connector.flow.order.terms import settings_of
from connector.flow.outbound.clients import exact_client, store_client
from connector.flow.outbound.within_budget import PATIENCE, Tell
from connector.flow.reconcile.notes import Notes
from connector.flow.reconcile.read_exact import KINDS, MOST_CHANGED, PAGE, ExactSide
from connector.flow.reconcile.read_store import StoreSide
from connector.flow.reconcile.unsettled import carry_over, settle
from connector.models import Connection, Discrepancy, ReconciliationRun, RunDocument
from connector.problems.calls import in_words
from connector.problems.wording import translated
from tenants.models import User

State = ReconciliationRun.State
GOES_ON = [State.RUNNING, State.STOPPED]
# What was read longer ago is read again: an interrupted run begins again.
FRESH = timedelta(hours=6)
PHASES = ("orders", "refunds", "documents", "unseen", "changed")


class NotPossible(Exception):
    """The run cannot begin or go on. The message says why, and what to do."""


def period_of(connection: Connection, first: Any, last: Any) -> Days:
    """Return the days that a person asked for, in the store's zone. Raises NotPossible."""
    try:
        return Days.of(first, last, zone=connection.store.timezone, start=connection.start_date, now=database_now())
    except BadSetting as error:
        raise NotPossible(translated(error)) from None


def reconcile(
    connection: Connection,
    days: Days,
    *,
    actor: User | None = None,
    tell: Tell = lambda line: None,
    patience: int = PATIENCE,
    low_priority: bool = False,
    drift_since: str | None = None,
) -> ReconciliationRun:
    """Compare a period, or go on with the run of it that was interrupted; returns the finished run.

    `patience`: how many times a call waits for a vendor's next window. `low_priority`: it uses only calls of the day
    that live orders leave. `drift_since` is a time by Exact's clock: documents changed since are compared too, whatever
    their date, "" for the first time; the figures' `modified` is then the time from which the next run watches on.
    Raises NotPossible when another process does it now or the division was changed meanwhile, ClientError when a side
    is away: then the run is stopped, and the next call goes on with it.
    """
    run = begin(connection, days, actor, drift_since)
    lease = leases.acquire(ReconciliationRun, run.pk)
    if lease is None:
        raise NotPossible(
            _("This period is being reconciled right now, since %(begun)s UTC. Wait for it to end.")
            % {"begun": f"{run.created_at:%Y-%m-%d %H:%M}"}
        )
    try:
        run.refresh_from_db()
        ReconciliationRun.objects.filter(pk=run.pk).update(state=State.RUNNING, problem="")
        client = exact_client(connection.division.grant, connection.division.code, low_priority=low_priority)
        _Reading.of(run, connection, lease, client, tell=tell, patience=patience).go()
    except errors.ClientError as error:
        ReconciliationRun.objects.filter(pk=run.pk).update(
            state=State.STOPPED, problem=in_words(error), updated_at=database_now()
        )
        raise
    finally:
        leases.release(lease)
    run.refresh_from_db()
    return run


def give_up_older(connection: Connection, days: Days) -> None:
    """Give the interrupted runs up that the daily duty began for other days. With others a worker goes on."""
    rows = ReconciliationRun.objects.filter(connection=connection, actor=None, by_worker=False, state__in=GOES_ON)
    for run in rows.filter(leases.free(ReconciliationRun, database_now())).exclude(first=days.first, last=days.last):
        if run.created_at < database_now() - FRESH:
            _give_up(run, _("It was interrupted, and begun again for later days."))


def begin(connection: Connection, days: Days, actor: User | None, drift_since: str | None = None) -> ReconciliationRun:
    """Return the interrupted run of the period if it is fresh, else a new one."""
    rows = ReconciliationRun.objects.filter(connection=connection, first=days.first, last=days.last)
    former = rows.filter(state__in=GOES_ON).first()
    now = database_now()
    if former is not None:
        busy = former.lease_until is not None and not _is_free(former)
        if busy or (former.created_at > now - FRESH and _same_books(former, connection, days)):
            return former
        _give_up(former, _("It was interrupted, and begun again."))
    cursor = {"phase": PHASES[0], "after": 0, "drift": drift_since}
    make = partial(
        ReconciliationRun.objects.create,
        tenant=connection.store.tenant,
        connection=connection,
        division_id=connection.division_id,
        first=days.first,
        last=days.last,
        zone=days.zone,
        rules=connection.rule_versions.order_by("-number").first(),
        actor=actor,
        cursor=cursor,
    )
    return long_runs.begin(make) or rows.get(state__in=GOES_ON)


def _is_free(run: ReconciliationRun) -> bool:
    free = leases.free(ReconciliationRun, database_now())
    return ReconciliationRun.objects.filter(free, pk=run.pk).exists()


def _same_books(run: ReconciliationRun, connection: Connection, days: Days) -> bool:
    return run.division_id == connection.division_id and run.zone == days.zone


def _give_up(run: ReconciliationRun, why: str) -> None:
    RunDocument.objects.filter(run=run).delete()
    Discrepancy.objects.filter(run=run, state=Discrepancy.State.OPEN).delete()
    ReconciliationRun.objects.filter(pk=run.pk).update(
        state=State.FAILED, problem=why, finished_at=database_now(), cursor={}
    )


@dataclass(slots=True)
class _Reading:
    """The reading of one run by this process."""

    run: ReconciliationRun
    lease: leases.Lease
    notes: Notes
    store: StoreSide
    exact: ExactSide
    tell: Tell

    @classmethod
    def of(
        cls,
        run: ReconciliationRun,
        connection: Connection,
        lease: leases.Lease,
        client: ExactClient,
        *,
        tell: Tell,
        patience: int,
    ) -> Self:
        notes, days = Notes.of(run, lease), Days(run.first, run.last, run.zone)
        settings, now = settings_of(connection), database_now()
        store = StoreSide(
            connection, settings, days, notes, store_client(connection.store), now=now, tell=tell, patience=patience
        )
        exact = ExactSide(connection, days, notes, client, in_store=store.left_out, tell=tell, patience=patience)
        return cls(run, lease, notes, store, exact, tell)

    def go(self) -> None:
        """Read phase after phase from where the run is, and finish it. Raises NotPossible, ClientError."""
        for phase in PHASES[PHASES.index(self.run.cursor["phase"]) :]:
            while self.run.cursor["phase"] == phase:
                self._check_division()
                cursor = {**self.run.cursor, **getattr(self, f"_{phase}")()}
                self.notes.save(cursor)
                self.tell(self.notes.progress())
                if cursor.get("ended"):
                    break
        _finish(self.run, self.notes)

    def _check_division(self) -> None:
        """Raise NotPossible when the connection posts to another division than the run reads."""
        if not Connection.objects.filter(pk=self.run.connection_id, division=self.run.division_id).exists():
            text = _("The connection's division was changed meanwhile. Reconcile again.")
            _give_up(self.run, text)
            raise NotPossible(text)

    # Each phase reads a page from its part of the cursor, and returns what changes in the cursor.

    def _orders(self) -> dict[str, Any]:
        last = self.store.orders(self.run.cursor["after"])
        if last is not None:
            return {"after": last}
        self.store.unlisted()
        return {"phase": "refunds", "page": 1}

    def _refunds(self) -> dict[str, Any]:
        page = self.run.cursor["page"]
        if self.store.refunds(page):
            return {"page": page + 1}
        return {"phase": "documents", "part": 0, "link": "", "parts": None}

    def _documents(self) -> dict[str, Any]:
        at = self.run.cursor
        parts, part = at.get("parts") or self.exact.parts(), at.get("part", 0)
        link = self.exact.dated(parts[part], at["link"])
        if link:
            return {"link": link, "parts": parts}
        if part + 1 < len(parts):
            return {"link": "", "parts": parts, "part": part + 1}
        return {"phase": "unseen", "form": 0, "row": 0, "parts": None}

    def _unseen(self) -> dict[str, Any]:
        at, forms = self.run.cursor, sorted(KINDS)
        row = self.exact.unseen(forms[at["form"]], at["row"])
        if row is not None:
            return {"row": row}
        if at["form"] + 1 < len(forms):
            return {"form": at["form"] + 1, "row": 0}
        # What is changed from now on is newer than all that was read, so the next run begins to watch there.
        until = self.notes.newest
        if not until and at["drift"] == "":  # nothing was read, and there is no watch yet
            until = self.exact.clock(FRESH)
        return {"phase": "changed", "link": "", "ids": None, "until": until, "pages": 0, "ours": False}

    def _changed(self) -> dict[str, Any]:
        at = self.run.cursor
        if not at["drift"]:
            return self._watched() if at["drift"] is not None else {"ended": True}
        if at["ids"] is None:
            link = self.exact.changed(at["drift"], at["link"], ours=at.get("ours", True))
            if link and not at.get("ours", True) and at["pages"] >= MOST_CHANGED / PAGE:
                self.notes.by_reference = True
                return {"link": "", "ours": True}
            if link:
                return {"link": link, "pages": at.get("pages", 0) + 1}
            return {"ids": self.exact.changed_entries(at["drift"]), "link": ""}
        if not at["ids"]:
            return self._watched()
        self.exact.by_ids(DocumentForm.SALES_ENTRY, at["ids"][:MOST_IDS])
        return {"ids": at["ids"][MOST_IDS:]}

    def _watched(self) -> dict[str, Any]:
        """Note from when on the next run watches: only a run that read what was changed says it."""
        self.notes.modified = max(self.run.cursor["drift"], self.run.cursor.get("until", ""))
        return {"ended": True}


def _finish(run: ReconciliationRun, notes: Notes) -> None:
    """End the run: what a person said of the same differences before is kept, and earlier ones are settled."""
    with transaction.atomic():
        notes.close()
        carry_over(run)
        settle(run)
        complete = not run.discrepancies.filter(state=Discrepancy.State.OPEN).exists()
        RunDocument.objects.filter(run=run).delete()
        ended = leases.held(notes.lease).update(
            state=State.FINISHED, complete=complete, finished_at=database_now(), cursor={}, problem=""
        )
        if not ended:
            raise leases.lost(notes.lease)
