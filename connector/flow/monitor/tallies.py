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
# Nearly all documents have come to an end. Their moves are added up, and once a day they are counted in full, in case
# that rows were removed or made by hand.
COUNT_AGAIN = timedelta(days=1)
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
        changed = _begun(now) if READ_AT not in known else _counted(known, now)
        _write(changed)
        _forget_hours(now)
    return {**known, **changed}


def count_ended() -> None:
    """Count the documents that have come to an end in full, once a day. Nobody adds up meanwhile."""
    known, now = numbers(), database_now()
    if READ_AT not in known or now.timestamp() - known.get(ENDED_AT, 0) < COUNT_AGAIN.total_seconds():
        return
    with transaction.atomic():
        if _claim(READ_AT, known, now):
            _write(_ended(known[("counted_to", "events")], now))


def _ended(counted_to: int, now: datetime) -> Numbers:
    """The documents that have come to an end, but for the moves after an event: those are added up later."""
    rows = OrderSync.objects.filter(state__in=ENDED).order_by().values_list("state").annotate(n=Count("*"))
    found: Counter[Key] = Counter({("ended", state): 0 for state in ENDED} | {("ended", s): n for s, n in rows})
    later = _moves(SyncEvent.objects.filter(pk__gt=counted_to).order_by())
    found.subtract({key: number for key, number in later.items() if key in found})
    return {**found, ENDED_AT: int(now.timestamp())}


def _claim(key: Key, known: Numbers, now: datetime) -> bool:
    """Whether this process does it: it was the first to move the time of the last one."""
    name, label = key
    if key not in known:
        Tally.objects.bulk_create([Tally(name=name, label=label)], ignore_conflicts=True)
    moved = Tally.objects.filter(name=name, label=label, value=known.get(key, 0))
    return bool(moved.update(value=int(now.timestamp())))


def _begun(now: datetime) -> Numbers:
    """Begin at the present end: what happened before is not counted, but for the documents that have ended."""
    ends = {name: _last(model) for name, model in FOLLOWED.items()}
    places = {(place, name): end for place in ("counted_to", "seen_to") for name, end in ends.items()}
    return places | _ended(ends["events"], now)


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
    """Calls by vendor and outcome, and moves of documents."""
    found: Counter[Key] = Counter()
    calls = new.filter(kind=SyncEvent.Kind.CALL).values_list("data__upstream", "data__status", "data__failed")
    for upstream, status, failed, number in calls.annotate(Count("pk")):
        found[("calls", f"{upstream},{outcome(int(status or 0), bool(failed))}")] += number
    found.update(_moves(new))
    return found


def _moves(new: Any) -> Counter[Key]:
    """Moves by the state that they came to, and what they add to the documents that have ended, or take away."""
    found: Counter[Key] = Counter()
    moves = new.filter(~Q(kind=SyncEvent.Kind.CALL), data__has_key="to").values_list("data__from", "data__to")
    for came_from, to, number in moves.annotate(Count("pk")):
        found[("moves", str(to))] += number
        if to in ENDED:
            found[("ended", to)] += number
        if came_from in ENDED:
            found[("ended", came_from)] -= number
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
