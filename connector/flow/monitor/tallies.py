"""Adds up what was written since the last time, for `/metrics`. No document and no webhook pays a statement for it.

The inbox and the history only grow, so their ids say what is new. An id may be visible before a lower one, whose
transaction is still open. So what is new waits for `SETTLED` before it is counted: the numbers are that much behind.
Each scrape adds up, and so does each sweep, in case that nobody scrapes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from connector.domain.document.states import State
from connector.flow.clock import database_now
from connector.models import Delivery, OrderSync, SyncEvent, Tally

Key = tuple[str, str]
Numbers = dict[Key, int]
"""The value of each tally, by name and label."""

# A transaction that writes history or a delivery is over long before.
SETTLED = timedelta(seconds=30)
# At most so many rows are counted at once. What is left is counted next time.
AT_ONCE = 100_000
# Hours for which the accepted deliveries are kept by hour.
HOURS_KEPT = 25
# The documents that have come to an end are counted in full, so not at every scrape.
COUNT_AGAIN = timedelta(minutes=15)
ENDED = [State.POSTED, State.SKIPPED]
FOLLOWED: Mapping[str, type[Delivery] | type[SyncEvent]] = {"deliveries": Delivery, "events": SyncEvent}
READ_AT, ENDED_AT = ("read_at", ""), ("ended_at", "")


class Outcome(StrEnum):
    """What became of a call to a vendor: answered well, refused, over the vendor's limit, or failed."""

    OK = "ok"
    REFUSED = "refused"
    LIMITED = "limited"
    FAILED = "failed"


def numbers() -> Numbers:
    """Return all tallies, with one statement."""
    return {(name, label): value for name, label, value in Tally.objects.values_list("name", "label", "value")}


def add_up() -> Numbers:
    """Count what is new and has settled; return all tallies. One process counts at a time, the others read."""
    known, now = numbers(), database_now()
    if now.timestamp() - known.get(READ_AT, 0) < SETTLED.total_seconds():
        return known
    with transaction.atomic():
        if not _claim(READ_AT, known, now):
            return known
        changed = _begun(known) if READ_AT not in known else _counted(known, now)
        _write(changed)
        _forget_hours(now)
    return {**known, **changed}


def count_ended() -> None:
    """Count the documents that have come to an end, once in a quarter of an hour."""
    known, now = numbers(), database_now()
    if now.timestamp() - known.get(ENDED_AT, 0) < COUNT_AGAIN.total_seconds():
        return
    with transaction.atomic():
        if _claim(ENDED_AT, known, now):
            rows = OrderSync.objects.filter(state__in=ENDED).order_by().values_list("state").annotate(Count("pk"))
            _write({("ended", state): 0 for state in ENDED} | {("ended", state): number for state, number in rows})


def _claim(key: Key, known: Numbers, now: datetime) -> bool:
    """Whether this process does it: it was the first to move the time of the last one."""
    name, label = key
    if key not in known:
        Tally.objects.bulk_create([Tally(name=name, label=label)], ignore_conflicts=True)
    moved = Tally.objects.filter(name=name, label=label, value=known.get(key, 0))
    return bool(moved.update(value=int(now.timestamp())))


def _begun(known: Numbers) -> Numbers:
    """Begin at the present end: what happened before is not counted."""
    ends = {name: _last(model) for name, model in FOLLOWED.items()}
    return {(place, name): end for place in ("counted_to", "seen_to") for name, end in ends.items()}


def _last(model: type[Delivery] | type[SyncEvent]) -> int:
    return int(model.objects.aggregate(last=Max("pk"))["last"] or 0)


def _counted(known: Numbers, now: datetime) -> Numbers:
    """The tallies that change: everything up to where the last reading saw rows is counted, and the end is seen."""
    changed: Numbers = {}
    added: Counter[Key] = Counter()
    for name, model in FOLLOWED.items():
        counted, seen = known[("counted_to", name)], known[("seen_to", name)]
        to = min(seen, counted + AT_ONCE)
        if to > counted:
            new = model._default_manager.filter(pk__gt=counted, pk__lte=to).order_by()
            added.update(_deliveries(new, now) if name == "deliveries" else _events(new))
        changed |= {("counted_to", name): to, ("seen_to", name): max(_last(model), seen)}
    return changed | {key: known.get(key, 0) + number for key, number in added.items()}


def _deliveries(new: Any, now: datetime) -> Counter[Key]:
    """Deliveries by what proved them; those of the stores also by the hour (UTC) in which they are counted."""
    found: Counter[Key] = Counter()
    for proof, number in new.values_list("proof").annotate(Count("pk")):
        found[("deliveries", proof)] += number
        if proof != Delivery.Proof.POLL:
            found[("accepted", hour_of(now))] += number
    return found


def _events(new: Any) -> Counter[Key]:
    """Calls by vendor and outcome, and moves of documents by the state that they came to."""
    found: Counter[Key] = Counter()
    calls = new.filter(kind=SyncEvent.Kind.CALL).values_list("data__upstream", "data__status", "data__failed")
    for upstream, status, failed, number in calls.annotate(Count("pk")):
        found[("calls", f"{upstream},{outcome(int(status or 0), bool(failed))}")] += number
    moves = new.filter(~Q(kind=SyncEvent.Kind.CALL), data__has_key="to").values_list("data__to")
    for state, number in moves.annotate(Count("pk")):
        found[("moves", str(state))] += number
    return found


def outcome(status: int, failed: bool) -> Outcome:
    """Return what became of a call. A call that failed with a 200 gave an answer that cannot be read."""
    if status == 429:
        return Outcome.LIMITED
    if 400 <= status < 500:
        return Outcome.REFUSED
    return Outcome.FAILED if failed or not 200 <= status < 300 else Outcome.OK


def hour_of(moment: datetime) -> str:
    """Return the hour of a moment (UTC) as a label."""
    return moment.strftime("%Y-%m-%dT%H")


def _write(changed: Numbers) -> None:
    rows = [Tally(name=name, label=label, value=value) for (name, label), value in changed.items()]
    Tally.objects.bulk_create(rows, update_conflicts=True, update_fields=["value"], unique_fields=["name", "label"])


def _forget_hours(now: datetime) -> None:
    Tally.objects.filter(name="accepted", label__lt=hour_of(now - timedelta(hours=HOURS_KEPT))).delete()


def by_label(known: Numbers, name: str, labels: Iterable[str] = ()) -> dict[str, int]:
    """Return the tallies of a name by label; those of `labels` that were never counted are 0."""
    return dict.fromkeys(labels, 0) | {label: value for (each, label), value in known.items() if each == name}
