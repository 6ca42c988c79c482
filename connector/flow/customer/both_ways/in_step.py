"""Brings linked customers and accounts in step: compares the copies of both sides, and writes what is due.

What is done about each group decides `domain/customer/in_step.py`. The caller holds the division's lease, so a
customer is written by one process at a time. A write may be repeated: after an unclear answer both sides are read
before they are compared again, and what has landed is no difference any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When

from connector.clients import errors
from connector.clients.exact.client import MOST_IDS
from connector.domain.choices import FieldGroup
from connector.domain.customer.details import fingerprint
from connector.domain.customer.in_step import Move, Step, base_after, move
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem, to_json
from connector.domain.timing.call_window import backoff
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import conflicts, events, hindrances, sides, to_exact, to_store
from connector.flow.customer.both_ways.events import Kind
from connector.flow.customer.both_ways.pairs import Pair, pairs_of
from connector.flow.customer.both_ways.read_again import Targets
from connector.flow.hold import refusal
from connector.flow.outbound.clients import LaneClients
from connector.models import CustomerEvent, CustomerLink, Store
from connector.problems.catalogue import EXACT, STORE
from tenants.models import User

# After an unclear answer both sides are read again, when the vendor has had time to finish; the later the oftener.
SETTLED_AFTER, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=6)

# Customers whose sides are read by one call to each vendor before they are written.
WRITTEN_AT_ONCE = MOST_IDS

# What was not taken is sent again when a side changes, or when a person says so.
_REFUSALS = {Code.DETAILS_REFUSED, Code.DETAILS_NOT_TAKEN}


@dataclass(frozen=True, slots=True)
class Result:
    """What was done: groups written to each side, conflicts that are open, groups that a vendor did not take."""

    to_exact: int = 0
    to_store: int = 0
    conflicts: int = 0
    refused: int = 0

    @property
    def written(self) -> int:
        """Groups that were written to either side."""
        return self.to_exact + self.to_store


def bring_in_step(
    link: CustomerLink,
    clients: LaneClients,
    *,
    make_equal: bool = False,
    origin: str,
    actor: User | None = None,
) -> Result:
    """Compare the copies of one customer's two sides, and write what is due. See `bring_all_in_step`."""
    return bring_all_in_step([link], clients, make_equal=make_equal, origin=origin, actor=actor)[link.pk]


def bring_all_in_step(
    links: Sequence[CustomerLink],
    clients: LaneClients,
    *,
    make_equal: bool = False,
    origin: str,
    actor: User | None = None,
) -> dict[int, Result]:
    """Compare the copies of both sides of these links, write what is due, and return what was done by the link's id.

    `make_equal`: what differed when they were linked is carried over too, and what was refused is tried again. Refused
    writes stand in the history. Raises the clients' errors when a side cannot be called: the rest is still due then.
    """
    began, writer = database_now(), _Writer(clients, origin, actor)
    pairs = _compared(links, began, Targets(clients), make_equal=make_equal)
    done = [pair for pair in pairs if not _is_written(pair)]
    for pair in done:
        _finish(pair, began, origin)
    _wait(links, pairs, began)
    left = sorted(filter(_is_written, pairs), key=lambda pair: pair.link.store_id)
    for start in range(0, len(left), WRITTEN_AT_ONCE):
        done += _write(left[start : start + WRITTEN_AT_ONCE], writer, make_equal=make_equal)
    return {link.pk: Result() for link in links} | {pair.link.pk: writer.result_of(pair) for pair in done}


def _compared(links: Sequence[CustomerLink], now: datetime, targets: Targets, *, make_equal: bool) -> list[Pair]:
    pairs = pairs_of(links)
    for pair in pairs:
        _plan(pair, now, targets, make_equal=make_equal)
    return pairs


def _is_written(pair: Pair) -> bool:
    return bool(to_exact.groups_of(pair) or to_store.groups_of(pair))


def _write(pairs: list[Pair], writer: "_Writer", *, make_equal: bool) -> list[Pair]:
    """Read each side that is to be written, compare again, and write what is due then. Returns the pairs as they are.

    So what nobody has reported yet is not overwritten: it is a change as well.
    """
    links, began = [pair.link for pair in pairs], database_now()
    targets = Targets(writer.clients)
    while targets.read(pairs):
        began = database_now()
        pairs = _compared(links, began, targets, make_equal=make_equal)
    _wait(links, pairs, began)
    for pair in pairs:
        if groups := to_exact.groups_of(pair):
            writer.write_to_exact(pair, groups)
        if not to_store.groups_of(pair):
            _finish(pair, began, writer.origin)
    left = [pair for pair in pairs if to_store.groups_of(pair)]
    for _store, of_store in groupby(left, lambda pair: pair.link.store_id):
        several = list(of_store)
        writer.write_to_store(several[0].connection.store, several)
        for pair in several:
            _finish(pair, began, writer.origin)
    return pairs


def _plan(pair: Pair, now: datetime, targets: Targets, *, make_equal: bool) -> None:
    """Decide about every group, and say why one stays as it is."""
    today = now.astimezone(ZoneInfo(pair.connection.store.timezone)).date()
    stopped = hindrances.of_both_sides(pair, today)
    store, exact = pair.sides
    for group in FieldGroup:
        # Of an account of two customers nobody knows whose details it should have.
        equal = make_equal and not pair.is_shared
        made = move(group, store, exact, sides.rules_of(pair.connection, group), make_equal=equal)
        why = None
        if made.step in {Step.TO_EXACT, Step.TO_STORE, Step.CONFLICT} or made.unfit:
            why = stopped or targets.why_not(pair, made.step) or hindrances.of_move(pair, group, made)
            why = why or (None if make_equal else _refused_before(pair, group))
        if why is not None:
            pair.stays[group] = why
        pair.moves[group] = Move(Step.LEAVE) if why else made


def _refused_before(pair: Pair, group: FieldGroup) -> Problem | None:
    """Return why the same was refused before; None when a side was changed since."""
    kept = pair.link.stays.get(group)
    if not kept or kept["code"] not in _REFUSALS or kept["seen"] != _seen(pair, group):
        return None
    return Problem(Code(kept["code"]), params=kept["params"])


def _seen(pair: Pair, group: FieldGroup) -> str:
    return f"{fingerprint(group, pair.store)}/{fingerprint(group, pair.exact)}"


@dataclass(slots=True)
class _Writer:
    """Sends the writes, each with its lines in the history."""

    clients: LaneClients
    origin: str
    actor: User | None

    def write_to_exact(self, pair: Pair, groups: Sequence[FieldGroup]) -> None:
        """Send one customer's groups to Exact."""
        lines = [(pair, group, pair.exact.of(group)) for group in groups]
        begun = events.begin(lines, Kind.TO_EXACT, self.origin, self.actor)
        try:
            to_exact.write(pair, self.clients.exact)
        except errors.ClientError as error:
            self._failed([(pair, tuple(groups))], begun, error, EXACT)
            return
        for group in groups:
            pair.exact = pair.exact.with_group(group, pair.moves[group].values)
        with transaction.atomic():
            to_exact.keep(pair)
            _settle(pair, groups)

    def write_to_store(self, store: Store, pairs: Sequence[Pair]) -> None:
        """Send what goes to one store."""
        for parts in to_store.parts_of(pairs):
            self._write_parts(store, parts)

    def _write_parts(self, store: Store, parts: list[to_store.Part]) -> None:
        lines = [(pair, group, pair.store.of(group)) for pair, groups in parts for group in groups]
        begun = events.begin(lines, Kind.TO_STORE, self.origin, self.actor)
        try:
            left = to_store.write(parts, self.clients.store(store))
        except errors.Rejected as error:
            if len(lines) == 1:
                self._failed(parts, begun, error, STORE)
                return
            # The store refuses a call as a whole. Each is sent alone, so that only the one at fault stays.
            events.take_back(begun)
            for smaller in _divided(parts):
                self._write_parts(store, [smaller])
            return
        except errors.ClientError as error:
            self._failed(parts, begun, error, STORE)
            return
        for pair, groups in parts:
            if pair.link.pk in left:
                _not_taken(pair, groups, [event for event, line in zip(begun, lines, strict=True) if line[0] is pair])
            else:
                _keep_in_store(pair, groups)

    def _failed(
        self, parts: Iterable[to_store.Part], begun: Sequence[CustomerEvent], error: errors.ClientError, vendor: str
    ) -> None:
        """Note a write that was refused or is not clear. Raises every other error: nothing was written then."""
        sent = [str(value) for event in begun for value in event.after.values()]
        details = refusal(vendor, error, sent)
        if isinstance(error, errors.Rejected):
            why = problem(Code.DETAILS_REFUSED, **details)
            events.refuse(begun, why)
        elif isinstance(error, errors.OutcomeUnknown | errors.NotFound):  # both sides are read again
            why = problem(Code.DETAILS_UNCLEAR, **details)
            events.leave_open(begun, why)
        else:
            events.take_back(begun)
            raise error
        for pair, groups in parts:
            _leave(pair, groups, why)

    def result_of(self, pair: Pair) -> Result:
        """Return what was done for a pair."""
        steps = [made.step for made in pair.moves.values()]
        refused = sum(why.code in _REFUSALS for why in pair.stays.values())
        return Result(steps.count(Step.TO_EXACT), steps.count(Step.TO_STORE), steps.count(Step.CONFLICT), refused)


def _not_taken(pair: Pair, groups: Sequence[FieldGroup], begun: Sequence[CustomerEvent]) -> None:
    """Note that the store left a customer's groups as they were, although it said that all is well."""
    why = problem(Code.DETAILS_NOT_TAKEN)
    events.refuse(begun, why)
    _leave(pair, groups, why)


def _keep_in_store(pair: Pair, groups: Sequence[FieldGroup]) -> None:
    for group in groups:
        pair.store = pair.store.with_group(group, pair.moves[group].values)
    with transaction.atomic():
        to_store.keep(pair)
        _settle(pair, groups)


def _leave(pair: Pair, groups: Iterable[FieldGroup], why: Problem) -> None:
    for group in groups:
        pair.stays[group] = why
        pair.moves[group] = Move(Step.LEAVE)


def _divided(parts: Sequence[to_store.Part]) -> list[to_store.Part]:
    """Several customers as one each; one customer as one group each."""
    if len(parts) > 1:
        return list(parts)
    return [(pair, (group,)) for pair, groups in parts for group in groups]


def _settle(pair: Pair, groups: Iterable[FieldGroup]) -> None:
    """Keep what both sides have now as the base of these groups, right after the write."""
    _take_bases(pair, groups)
    link = pair.link
    _own(link).update(store_base=link.store_base, exact_base=link.exact_base, addresses=link.addresses)


def _take_bases(pair: Pair, groups: Iterable[FieldGroup]) -> None:
    link, before = pair.link, pair.link.exact_base.get(FieldGroup.ADDRESSES.value, "")
    for group in groups:
        made, name = pair.moves[group], group.value
        store, exact = link.store_base.get(name, ""), link.exact_base.get(name, "")
        link.store_base = {**link.store_base, name: base_after(group, made, store, pair.store)}
        link.exact_base = {**link.exact_base, name: base_after(group, made, exact, pair.exact)}
    if before and before != link.exact_base[FieldGroup.ADDRESSES.value]:
        # What was the account's own address is an address like any other from now on.
        link.addresses = {mark: address_id for mark, address_id in link.addresses.items() if address_id}


def _finish(pair: Pair, began: datetime, origin: str) -> None:
    """Write the link after a comparison: its bases, what stays and why, and what a person must decide."""
    link, before = pair.link, (pair.link.store_base, pair.link.exact_base, pair.link.stays)
    known = link.addresses
    conflicts.keep(pair, origin)
    _take_bases(pair, [group for group, made in pair.moves.items() if _is_done(pair, group, made)])
    link.stays = {group: _kept(pair, FieldGroup(group), why) for group, why in pair.stays.items()}
    is_unclear = any(why.code == Code.DETAILS_UNCLEAR for why in pair.stays.values())
    link.in_step_at, link.failures, link.read_first = began, link.failures + 1 if is_unclear else 0, is_unclear
    changes: dict[str, object] = {"in_step_at": began, "failures": link.failures, "read_first": is_unclear}
    if before != (link.store_base, link.exact_base, link.stays):
        changes |= {"store_base": link.store_base, "exact_base": link.exact_base, "stays": link.stays}
    changes |= {"addresses": link.addresses} if known != link.addresses else {}
    if is_unclear:
        link.due_at = began + backoff(link.failures, SETTLED_AFTER, LONGEST_PAUSE)
        _own(link).update(**changes, due_at=link.due_at)
        return
    is_half = any(made.waits for made in pair.moves.values())  # the other half goes the other way
    _own(link).update(**changes, due_at=began if is_half else _due_later(began))
    link.due_at = began if is_half else None


def _is_done(pair: Pair, group: FieldGroup, made: Move) -> bool:
    """Whether a group needs nothing more until a side changes. What waits for something keeps its base."""
    return made.step != Step.CONFLICT and group not in pair.stays


def _kept(pair: Pair, group: FieldGroup, why: Problem) -> dict[str, object]:
    return {**to_json((why,))[0], "seen": _seen(pair, group)}


def _due_later(began: datetime) -> Case:
    """When a link is due after a comparison: what became due since the comparison began stays due."""
    return Case(When(due_at__lte=began, then=Value(None)), default=F("due_at"))


def _own(link: CustomerLink) -> QuerySet[CustomerLink]:
    """The link, as long as it leads to the account that was compared."""
    return CustomerLink.objects.filter(pk=link.pk, account_id=link.account_id)


def _wait(links: Sequence[CustomerLink], pairs: Sequence[Pair], began: datetime) -> None:
    """A link of which a side is not known waits for that side to be read."""
    unknown = {link.pk for link in links} - {pair.link.pk for pair in pairs}
    if unknown:
        CustomerLink.objects.filter(pk__in=unknown, due_at__lte=began).update(due_at=None, read_first=False)
