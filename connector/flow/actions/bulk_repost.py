"""Bulk re-post: each cause starts with one document and goes on in growing batches. A repeated error stops the cause.

Each step marks a few documents pending and stores its progress. The lanes do the work within their budgets. The next
step, after a lane's turn or at a sweep, counts the results.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from connector.domain.document.result import from_json
from connector.domain.document.states import State
from connector.domain.timing.call_window import time_for
from connector.flow.actions.documents import re_post
from connector.flow.actions.transaction import NotPossible, require_reason
from connector.flow.clock import database_now
from connector.flow.isolate import isolate
from connector.flow.ledger.held_causes import key_of
from connector.flow.outbound import rate_limits
from connector.models import BulkRun, Division, OrderSync
from connector.models.document_words import REASON_NAMES
from connector.problems.catalogue import sentences
from tenants.models import Tenant, User

Action = Callable[[OrderSync, User | None, str], None]
Cause = dict[str, Any]

# The most documents of one cause that are on their way at a time. Exact blocks the key after ten errors in an hour, so
# a batch is at most one more than the documents that went through.
BATCH = 20
CALLS_PER_ORDER = rate_limits.CALLS_PER_ORDER  # to Exact, of a re-post
CALLS_A_MINUTE = 54  # of Exact's sixty; the rest is for people and other apps
ON_THE_WAY = {State.PENDING, State.PREPARING, State.POSTING, State.WAITING, State.UNCERTAIN}
SENDABLE = [State.BLOCKED, State.SKIPPED]
OVER = {"stopped", "done"}


@dataclass(slots=True)
class Outcome:
    """The result of an action on several documents: how many succeeded, and why the others were refused."""

    done: int = 0
    refused: list[tuple[OrderSync, str]] = field(default_factory=list)


def each(action: Action, documents: Iterable[OrderSync], actor: User | None, reason: str) -> Outcome:
    """Do an action on each document for which it is possible. Use `start` to re-post many."""
    outcome = Outcome()
    for document in documents:
        try:
            action(document, actor, reason)
        except NotPossible as error:
            outcome.refused.append((document, str(error)))
        else:
            outcome.done += 1
    return outcome


def start(tenant: Tenant, documents: QuerySet[OrderSync], actor: User | None, reason: str) -> BulkRun:
    """Begin to re-post the blocked and skipped ones of a tenant's documents. The first of each cause goes at once.

    Raises NotPossible when there are none, or no reason is given.
    """
    require_reason(reason)
    causes = group(documents.filter(connection__store__tenant=tenant, state__in=SENDABLE))
    total = sum(len(cause["left"]) for cause in causes)
    if not total:
        raise NotPossible(_("None of these documents is blocked or skipped."))
    run = BulkRun.objects.create(tenant=tenant, actor=actor, reason=reason, causes=causes, total=total)
    _advance(run.pk)
    run.refresh_from_db()
    return run


def group(documents: QuerySet[OrderSync]) -> list[Cause]:
    """Sort documents by cause: the division, and the codes of its problems with the parameters that matter."""
    causes: dict[str, Cause] = {}
    found = documents.select_related("division").defer("order_data", "draft", "exact_data").order_by("id")
    for document in found.iterator(chunk_size=500):
        key = key_of(document)
        cause = causes.setdefault(
            key,
            {
                "key": key,
                "reason": document.reason,
                "text": document.message,
                "problems": document.problems,
                "division": document.division.code,
                "state": "running",
                "left": [],
                "going": [],
                "seen": [key],
                "well": 0,
                "failed": 0,
                "refused": 0,
            },
        )
        cause["left"].append(document.pk)
    return list(causes.values())


def stop(run: BulkRun, actor: User | None, reason: str) -> None:
    """Stop a run. Documents on their way are still posted. Raises NotPossible when the run is over."""
    kept = json.dumps({"person": str(actor or ""), "reason": reason})
    running = BulkRun.objects.filter(pk=run.pk, state=BulkRun.State.RUNNING)
    if not running.update(state=BulkRun.State.STOPPED, message=kept, finished_at=database_now()):
        raise NotPossible(_("It is over already."))
    run.refresh_from_db()


def estimate(documents: int, division: Division, now: datetime) -> timedelta:
    """Return how long so many documents of one division take: within the minute's calls, and on each day within those
    that are not kept for live orders."""
    day = rate_limits.day_of(division, now)
    return time_for(
        documents * CALLS_PER_ORDER,
        a_minute=CALLS_A_MINUTE,
        left_today=rate_limits.calls_for_low_priority(division, now),
        a_day=max(int(day.limit * (1 - rate_limits.LIVE_SHARE)), 1),
        until_tomorrow=day.ends_at - now,
    )


def remaining(run: BulkRun) -> timedelta:
    """Return how long the rest of a run takes; divisions work side by side."""
    left: dict[int, int] = {}
    for cause in run.causes:
        if cause["state"] not in OVER:
            waiting = len(cause["left"]) + len(cause["going"])
            left[cause["division"]] = left.get(cause["division"], 0) + waiting
    now = database_now()
    divisions = Division.objects.filter(grant__tenant=run.tenant_id, code__in=left)
    return max((estimate(left[division.code], division, now) for division in divisions), default=timedelta())


def in_words(time: timedelta) -> str:
    """Write the time in words."""
    if time < timedelta(minutes=1):
        return _("less than a minute")
    days, hours = _("%(number)s days"), _("%(number)s hours")
    for size, text in ((timedelta(days=1), days), (timedelta(hours=1), hours)):
        if time >= 2 * size:
            return text % {"number": f"{time / size:.0f}"}
    return _("%(number)s minutes") % {"number": f"{time / timedelta(minutes=1):.0f}"}


def advance(tenant_slug: str | None = None) -> int:
    """Do the next step of every run. Return how many documents were sent."""
    running = BulkRun.objects.filter(state=BulkRun.State.RUNNING)
    if tenant_slug:
        running = running.filter(tenant__slug=tenant_slug)
    pks = running.order_by("id").values_list("pk", flat=True)
    return sum(isolate(partial(_advance, pk), "bulk_repost_failed", run=pk) or 0 for pk in pks)


@transaction.atomic
def _advance(pk: int) -> int:
    """Count the results, send the next documents, and store the progress, in one transaction."""
    rows = BulkRun.objects.filter(pk=pk, state=BulkRun.State.RUNNING)
    if database.vendor == "postgresql":
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    run = rows.select_related("actor").first()
    if run is None:
        return 0  # over, or somebody else is at it
    known = _documents(pk for cause in run.causes for pk in cause["going"])
    sent = 0
    for cause in run.causes:
        if cause["state"] not in OVER:
            _settle(cause, known)
            sent += _send(run, cause)
    _count(run)
    run.message = ""  # of an earlier release, which kept the sentence
    run.save(update_fields=["causes", "settled", "current", "state", "message", "finished_at"])
    return sent


def look(*runs: BulkRun) -> None:
    """Count in `runs` what has arrived since their last step, without writing: the next step may be a minute away.

    One query, however many causes there are.
    """
    running = [run for run in runs if run.state == BulkRun.State.RUNNING]
    known = _documents(pk for run in running for cause in run.causes for pk in cause["going"]) if running else {}
    for run in running:
        for cause in run.causes:
            if cause["state"] not in OVER:
                _settle(cause, known)
                _end(cause)
        _count(run)


def _documents(keys: Iterable[int]) -> dict[int, OrderSync]:
    found = OrderSync.objects.filter(pk__in=list(keys)).defer("order_data", "draft", "exact_data")
    return {document.pk: document for document in found}


def _settle(cause: Cause, known: dict[int, OrderSync]) -> None:
    """Count the results. The same error twice stops the cause."""
    still = []
    for pk in cause["going"]:
        document = known.get(pk)
        if document is not None and document.state in ON_THE_WAY:
            still.append(pk)
        elif document is None or document.state != State.BLOCKED:
            cause["well"] += 1
        else:
            cause["failed"] += 1
            key = key_of(document)
            if key in cause["seen"]:
                cause |= {"state": "stopped", "text": document.message, "problems": document.problems}
            else:
                cause["seen"].append(key)
    cause["going"] = still


def _send(run: BulkRun, cause: Cause) -> int:
    """Send as many documents as allowed. Return how many."""
    sent = 0
    while cause["state"] == "running" and cause["left"] and len(cause["going"]) < _room(cause):
        pk = cause["left"].pop(0)
        found = OrderSync.objects.select_related("connection__store").filter(pk=pk)
        same = [document for document in found if key_of(document) == cause["key"]]  # others have changed meanwhile
        if each(_re_post if run.total > 1 else re_post, same, run.actor, run.reason).done:
            cause["going"].append(pk)
            sent += 1
        else:
            cause["refused"] += 1
    _end(cause)
    return sent


def _end(cause: Cause) -> None:
    if cause["state"] == "running" and not cause["left"] and not cause["going"]:
        cause["state"] = "done"


# One of many: live orders go first, and it takes of the day's calls only what they leave.
_re_post = partial(re_post, low_priority=True)


def _room(cause: Cause) -> int:
    return int(min(BATCH, 1 + cause["well"]))


def _count(run: BulkRun) -> None:
    """Add up the causes."""
    run.settled = sum(cause["well"] + cause["failed"] + cause["refused"] for cause in run.causes)
    open_ = [cause for cause in run.causes if cause["state"] not in OVER]
    run.current = next((cause["key"] for cause in open_), "")[:200]
    if not open_:
        stopped = any(cause["state"] == "stopped" for cause in run.causes)
        run.state = BulkRun.State.STOPPED if stopped else BulkRun.State.DONE
        run.finished_at = database_now()


def cause_in_words(cause: Cause) -> str:
    """Return in the active language what holds the documents of a cause. Earlier releases kept the sentence alone."""
    return sentences(from_json(cause.get("problems", ()))) or str(cause["text"])


def current_of(run: BulkRun) -> str:
    """Return in the active language the cause that is being worked on; "" when there is none."""
    for cause in run.causes:
        if run.current and cause.get("key", "")[:200] == run.current:
            return cause_in_words(cause) or str(REASON_NAMES.get(cause["reason"], cause["reason"]))
    return run.current  # an earlier release kept the sentence


def progress_of(run: BulkRun) -> str:
    """Return the progress of a run, or who stopped it, as a sentence in the active language."""
    if not run.message.startswith('{"person": '):
        return run.message or _summary(run.causes)
    kept = json.loads(run.message)
    text = _("Stopped by %(person)s: %(reason)s")
    return text % {"person": kept["person"] or _("the shell"), "reason": kept["reason"]}


def _summary(causes: list[Cause]) -> str:
    well, failed = (sum(cause[name] for cause in causes) for name in ("well", "failed"))
    kept = sum(len(cause["left"]) for cause in causes if cause["state"] == "stopped")
    refused = sum(cause["refused"] for cause in causes)
    if refused and kept:
        text = _(
            "%(well)s went through, %(failed)s came back, %(refused)s had moved on meanwhile, %(kept)s were not sent "
            "because their cause is not fixed."
        )
    elif refused:
        text = _("%(well)s went through, %(failed)s came back, %(refused)s had moved on meanwhile.")
    elif kept:
        text = _(
            "%(well)s went through, %(failed)s came back, %(kept)s were not sent because their cause is not fixed."
        )
    else:
        text = _("%(well)s went through, %(failed)s came back.")
    return text % {"well": well, "failed": failed, "refused": refused, "kept": kept}
