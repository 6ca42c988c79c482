"""What is done about a group of details that the two sides do not have alike.

Only what changed since both were last in step is carried over. What differed when they were linked stays as it is,
until a person has both made equal. After each step both sides' fingerprints are kept, of what each of them then has. So
our own write, when its vendor reports it, is no change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from connector.domain.choices import CustomerConflicts, CustomerDirection, FieldGroup, FieldOwner
from connector.domain.customer.details import (
    Details,
    Values,
    fingerprint,
    fingerprints,
    in_exact,
    in_store,
    is_empty,
    same,
    with_country,
)

_CONTACT = ("email", "phone")  # the order in the fingerprint


class Step(StrEnum):
    """What is done about one group. LEAVE: both sides stay as they are."""

    SAME = "same"
    LEAVE = "leave"
    TO_EXACT = "to_exact"
    TO_STORE = "to_store"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Side:
    """What one side has, the fingerprints that it had when both were last in step, and when it was changed (UTC)."""

    details: Details
    base: Mapping[str, str]
    changed_at: datetime | None = None

    def has_changed(self, group: FieldGroup) -> bool:
        """Whether it was changed since. A side without a base was never compared: it has not."""
        base = self.base.get(group)
        return base is not None and base != fingerprint(group, self.details)


@dataclass(frozen=True, slots=True)
class Rules:
    """Who decides about a group, which way details may go, and what happens when both sides changed."""

    owner: FieldOwner
    direction: CustomerDirection
    conflicts: CustomerConflicts


@dataclass(frozen=True, slots=True)
class Move:
    """A step, and the values that the side that is written has afterwards. `unfit`: the store cannot hold the name."""

    step: Step
    values: Values = field(default_factory=dict)
    unfit: bool = False


def decide(group: FieldGroup, store: Side, exact: Side, rules: Rules, *, make_equal: bool = False) -> Step:
    """Return what is done about a group. `make_equal`: what differed when they were linked is carried over too."""
    if same(group, store.details, exact.details):
        return Step.SAME
    if group == FieldGroup.PAYMENT_CONDITION and is_empty(store.details.of(group)):
        return Step.LEAVE  # no rule gives this customer one
    wanted = _changed(group, store, exact, rules)
    if make_equal:
        wanted += _equal(group, store, exact, rules.owner)
    return next((step for step in wanted if _may(group, step, rules.direction)), Step.LEAVE)


def move(group: FieldGroup, store: Side, exact: Side, rules: Rules, *, make_equal: bool = False) -> Move:
    """Return what is done about a group, and what is written. A write that would change nothing is none."""
    step = decide(group, store, exact, rules, make_equal=make_equal)
    if step == Step.TO_EXACT:
        wanted = in_exact(store.details)
        values = _carried(group, store, exact, wanted, make_equal=make_equal)
        return _unless_vain(group, step, exact.details, values)
    if step == Step.TO_STORE:
        given = in_store(exact.details, store.details) if group == FieldGroup.NAMES else exact.details
        if given is None:
            return Move(Step.LEAVE, unfit=True)
        values = _carried(group, exact, store, given, make_equal=make_equal)
        return _unless_vain(group, step, store.details, values)
    return Move(step)


def after(group: FieldGroup, made: Move, store: Details, exact: Details) -> tuple[Details, Details]:
    """Return what the store and Exact have after a move."""
    if made.step == Step.TO_EXACT:
        return store, exact.with_group(group, made.values)
    if made.step == Step.TO_STORE:
        return store.with_group(group, made.values), exact
    return store, exact


def base_of_order(base: Mapping[str, str], details: Details) -> dict[str, str]:
    """Return the base of a customer who was last seen in an order. What the record does not have is no change."""
    found = {}
    for group in FieldGroup:
        now = fingerprint(group, details).split(".")
        parts = base.get(group, "").split(".")
        if len(parts) == len(now):
            found[group.value] = ".".join(known if has else "" for known, has in zip(parts, now, strict=True))
    return found


def bases(store: Details, exact: Details) -> tuple[dict[str, str], dict[str, str]]:
    """Return the fingerprints of both sides as they are now: the store's and Exact's."""
    return fingerprints(store), fingerprints(exact)


_ALLOWED: Mapping[CustomerDirection, frozenset[Step]] = {
    CustomerDirection.BOTH: frozenset({Step.TO_EXACT, Step.TO_STORE, Step.CONFLICT}),
    CustomerDirection.TO_EXACT: frozenset({Step.TO_EXACT, Step.CONFLICT}),
    CustomerDirection.TO_STORE: frozenset({Step.TO_STORE, Step.CONFLICT}),
    CustomerDirection.NONE: frozenset(),
}


def _may(group: FieldGroup, step: Step, direction: CustomerDirection) -> bool:
    """Whether a group may take a step. The store has no payment condition."""
    return step in _ALLOWED[direction] and (group, step) != (FieldGroup.PAYMENT_CONDITION, Step.TO_STORE)


def _changed(group: FieldGroup, store: Side, exact: Side, rules: Rules) -> list[Step]:
    """The step that a change since both were in step asks for, if any."""
    of_store, of_exact = store.has_changed(group), exact.has_changed(group)
    if of_store and of_exact and rules.owner == FieldOwner.NEWEST:
        return [_of_both(store, exact, rules)]
    if of_store and rules.owner in {FieldOwner.STORE, FieldOwner.NEWEST}:
        return [Step.TO_EXACT]
    if of_exact and rules.owner in {FieldOwner.EXACT, FieldOwner.NEWEST}:
        return [Step.TO_STORE]
    return []


def _equal(group: FieldGroup, store: Side, exact: Side, owner: FieldOwner) -> list[Step]:
    """The steps that make both equal, the better one first. A side that has nothing makes the other one no emptier."""
    newest = _newest(store, exact) or Step.TO_EXACT
    other = Step.TO_STORE if newest == Step.TO_EXACT else Step.TO_EXACT
    by_owner = {
        FieldOwner.STORE: [Step.TO_EXACT],
        FieldOwner.EXACT: [Step.TO_STORE],
        FieldOwner.NEWEST: [newest, other],
        FieldOwner.NOBODY: [],
    }
    source = {Step.TO_EXACT: store, Step.TO_STORE: exact}
    return [step for step in by_owner[owner] if not is_empty(source[step].details.of(group))]


def _of_both(store: Side, exact: Side, rules: Rules) -> Step:
    if rules.conflicts == CustomerConflicts.NEWEST and (newest := _newest(store, exact)):
        return newest
    return Step.CONFLICT


def _newest(store: Side, exact: Side) -> Step | None:
    """The step from the side that was changed last; None when that is not known."""
    if store.changed_at is None or exact.changed_at is None:
        return None
    return Step.TO_STORE if exact.changed_at > store.changed_at else Step.TO_EXACT


def _carried(group: FieldGroup, source: Side, target: Side, wanted: Details, *, make_equal: bool) -> Values:
    """The target's values after the write. Of e-mail and phone, the one that nobody changed stays as it is.

    So does the state while the country is the same, because the sides write it otherwise. A country that the source
    does not have, or that Exact cannot hold, leaves the target's.
    """
    wanted = with_country(wanted, target.details)
    if group == FieldGroup.ADDRESSES and wanted.country == target.details.country:
        return {**wanted.addresses, "state": target.details.addresses.get("state", "")}
    if group != FieldGroup.CONTACT:
        return wanted.of(group)
    values = dict(target.details.contact)
    theirs, ours = (fingerprint(group, side).split(".") for side in (wanted, target.details))
    for place, name in enumerate(_CONTACT):
        changed = _part_changed(source, place) or _part_changed(target, place)
        given = wanted.contact.get(name, "")
        if theirs[place] != ours[place] and (changed or (make_equal and given)):
            values[name] = given
    return values


def _part_changed(side: Side, place: int) -> bool:
    base = side.base.get(FieldGroup.CONTACT)
    if base is None:
        return False
    parts = base.split(".")
    return place >= len(parts) or parts[place] != fingerprint(FieldGroup.CONTACT, side.details).split(".")[place]


def _unless_vain(group: FieldGroup, step: Step, before: Details, values: Values) -> Move:
    if fingerprint(group, before) == fingerprint(group, before.with_group(group, values)):
        return Move(Step.LEAVE)
    return Move(step, values)
