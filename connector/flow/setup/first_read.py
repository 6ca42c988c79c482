"""A read of a division's master data by a worker, list by list: the first one, whose page shows how far it is, and
that of each day.

Each list is stored when it is read, so that the next step begins when it has what it needs. A list with more pages
than the minute has calls waits for the next minute and goes on. A read whose worker died is found by the sweep.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from connector.clients import errors
from connector.clients.exact.client import ExactClient
from connector.clients.exact.master import MasterRecord
from connector.clients.rows import OddRow
from connector.flow import odd_rows, stopping
from connector.flow.clock import database_now
from connector.flow.invoice import booking_date
from connector.flow.isolate import isolate
from connector.flow.lane import wakeup
from connector.flow.ledger import transitions
from connector.flow.order import master_rows
from connector.flow.outbound import clients
from connector.flow.outbound.within_budget import within_budget
from connector.flow.setup import master_data
from connector.models import Division, MasterData
from connector.models.kept_words import english
from connector.problems.calls import kept, kept_fault, kept_in_words
from connector.problems.references import may_be_solved
from tenants.unreadable import UnreadableSecret

KINDS = tuple(MasterData.Kind.values)
# What a mapping is made of. The other lists are read while a person looks at it.
_LATER = {
    MasterData.Kind.CURRENCY,
    MasterData.Kind.PERIOD,
    MasterData.Kind.ITEM_GROUP,
    MasterData.Kind.UNIT,
    MasterData.Kind.WAREHOUSE,
}
FOR_MAPPING = frozenset(KINDS) - _LATER
RECORDS_A_CALL = 60
MOST_CHANGES = 5000  # that one read remembers
MINUTES = 25  # how often a list may wait for the next minute
# A worker that was not heard of for so long has died; a wake-up that was sent so long ago is lost.
SILENT_AFTER = timedelta(minutes=3)
TEMPORARY = (errors.RateLimited, errors.Unavailable, errors.NotSent)


@dataclass(frozen=True, slots=True)
class ReadSoFar:
    """How far a read is: `records` in all, `done` of `lists`, the seconds left as they went so far, and what is wrong.

    `left` is None before a list is read.
    """

    records: int
    done: int
    lists: int
    left: int | None
    problem: str


def ask(division: Division) -> None:
    """Have a worker read the master data, in the caller's transaction, unless one does already."""
    if division.master_data_at is None:
        asked = Division.objects.filter(pk=division.pk, pull_alive_at=None)
        if asked.update(pull_alive_at=database_now(), pull={}):
            wakeup.wake_first_read(division.pk)


def wake_lost() -> None:
    """Send the wake-up of each read once more that nobody was heard of."""
    now = database_now()
    lost = Division.objects.filter(pull_alive_at__lt=now - SILENT_AFTER, grant__tenant__suspended=False)
    for pk in list(lost.values_list("pk", flat=True)):
        with transaction.atomic():
            if lost.filter(pk=pk).update(pull_alive_at=now):
                wakeup.wake_first_read(pk)


def go_on(division_id: int) -> None:
    """Read the lists that are not read yet, unless another worker does or nobody asked. Raises Stopped."""
    division = Division.objects.select_related("grant__tenant").filter(pk=division_id).first()
    if division is None or division.pull_alive_at is None or _is_at_work(division.pull):
        return
    _note(division, began=division.pull.get("began") or database_now().isoformat(), problem={})
    isolate(partial(_read_on, division), "first_read_failed", show=partial(_give_up, division), division=division.code)
    stopping.raise_if_asked()


def so_far(division: Division) -> ReadSoFar:
    """Return how far the read of a division is."""
    pull, done = division.pull, len(division.pull.get("done", []))
    left = None
    if done and pull.get("began") and pull.get("at"):
        spent = datetime.fromisoformat(pull["at"]) - datetime.fromisoformat(pull["began"])
        left = round(spent.total_seconds() / done * (len(KINDS) - done))
    problem = kept_in_words(pull["problem"]) if pull.get("problem") else ""
    return ReadSoFar(sum(pull.get("records", {}).values()), done, len(KINDS), left, problem)


def is_enough(division: Division) -> bool:
    """Return whether the division has every list that a mapping is made of."""
    return division.master_data_at is not None or set(division.pull.get("done", [])) >= FOR_MAPPING


def _is_at_work(pull: dict[str, Any]) -> bool:
    at = str(pull.get("at") or "")
    return bool(at) and datetime.fromisoformat(at) > database_now() - SILENT_AFTER


def _read_on(division: Division) -> None:
    """Read, and note what keeps it from being read whole."""
    try:
        _read(division)
    except stopping.Stopped:
        _note(division, at="")
    except TEMPORARY as error:
        _note(division, at="", problem=kept(error))  # the sweep goes on with it
    except (errors.ClientError, UnreadableSecret) as error:
        _give_up(division, error)


def _give_up(division: Division, error: Exception) -> None:
    """Let the read stand still until a person asks again; the page says why."""
    _note(division, at="", problem=kept(error) if isinstance(error, errors.ClientError) else kept_fault(error))
    Division.objects.filter(pk=division.pk).update(pull_alive_at=None)


def _note(division: Division, **changes: Any) -> None:
    now = database_now()
    division.pull = {**division.pull, "at": now.isoformat(), **changes}
    Division.objects.filter(pk=division.pk).update(pull=division.pull, pull_alive_at=now)


def _read(division: Division) -> None:
    """Raises ClientError when a list that everything needs may not be read, or Exact does not answer.

    Raises NotSent when the organisation was suspended since the list before.
    """
    wait = partial(within_budget, tell=_nobody, patience=MINUTES)
    again = division.master_data_at is not None
    odd: list[OddRow] = []
    for kind in [kind for kind in KINDS if kind not in division.pull.get("done", [])]:
        division.grant.tenant.refresh_from_db(fields=["suspended"])
        client = clients.exact_client(division.grant, division.code, wait=wait, low_priority=again)
        found = list(_records(division, client, kind, odd))
        changed = master_rows.replace(division, master_rows.rows_of(found), kind=kind)
        _note(division, done=[*division.pull.get("done", []), kind], changed=_with(division, changed) if again else [])
    odd_rows.report(division.grant.tenant, division, "master_data", odd)
    with transaction.atomic():
        Division.objects.filter(pk=division.pk).update(master_data_at=database_now(), pull_alive_at=None)
        if not again:
            booking_date.reopen(division)
        elif changes := {(kind, code) for kind, code in division.pull.get("changed", [])}:
            _send_on(division, changes)


def _with(division: Division, changed: Collection[tuple[str, str]]) -> list[list[str]]:
    return [*division.pull.get("changed", []), *(list(each) for each in sorted(changed))][:MOST_CHANGES]


def _send_on(division: Division, changes: Collection[tuple[str, str]]) -> None:
    """Send those held documents on that a change may solve. New periods reopen those that Exact refused."""
    if any(kind == MasterData.Kind.PERIOD for kind, _code in changes):
        booking_date.reopen(division)
    text = english("The division's master data changed; trying again.")
    for connection in division.connections.select_related("store"):
        transitions.release_blocked(connection, text, solved=partial(may_be_solved, changes))
    wakeup.wake([division.pk])


def _records(division: Division, client: ExactClient, kind: str, odd: list[OddRow]) -> Iterator[MasterRecord]:
    """Yield a list's records, and note how many there are after each call. Raises ClientError."""
    number = 0
    note = master_data.noted(kind, odd)
    try:
        for number, record in enumerate(client.master_data(kind, note), 1):
            if number % RECORDS_A_CALL == 0:
                _note_number(division, kind, number)
            yield record
    except master_data.NO_ACCESS:
        if kind in master_data.NEEDED:
            raise
    _note_number(division, kind, number)


def _note_number(division: Division, kind: str, number: int) -> None:
    _note(division, records={**division.pull.get("records", {}), kind: number})


def _nobody(line: str) -> None:
    """Tell nobody: the page shows how far it is."""
