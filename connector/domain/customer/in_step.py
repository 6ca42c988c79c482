"""What is done about a group of details that the two sides do not have alike.

Only what changed since both were last in step is carried over. What differed when they were linked stays as it is,
until a person has both made equal. After each step both sides' fingerprints are kept, of what each of them then has. So
our own write, when its vendor reports it, is no change.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest

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
        return bool(self.changed_parts(group))

    def changed_parts(self, group: FieldGroup) -> frozenset[int]:
        """The places of those parts of the fingerprint that were changed since. No address at all is no change of it:
        the shopper who empties the address book has not moved."""
        base = self.base.get(group)
        if base is None or (group == FieldGroup.ADDRESSES and is_empty(self.details.addresses)):
            return frozenset()
        pairs = zip_longest(base.split("."), fingerprint(group, self.details, like=base).split("."))
        return frozenset(place for place, (before, now) in enumerate(pairs) if before != now)


@dataclass(frozen=True, slots=True)
class Rules:
    """Who decides about a group, which way details may go, and what happens when both sides changed."""

    owner: FieldOwner
    direction: CustomerDirection
    conflicts: CustomerConflicts


@dataclass(frozen=True, slots=True)
class Move:
    """A step, and the values that the side that is written has afterwards. `unfit`: the store cannot hold the name.

    `waits` are the parts of the fingerprint that the written side alone has changed: they go the other way next.
    """

    step: Step
    values: Values = field(default_factory=dict)
    unfit: bool = False
    waits: frozenset[int] = frozenset()


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
        waits = _waiting(group, store, exact, rules)
        values = _carried(group, store, exact, wanted, waits, make_equal=make_equal)
        return _unless_vain(group, Move(step, values, waits=waits), exact.details)
    if step == Step.TO_STORE:
        given = in_store(exact.details, store.details) if group == FieldGroup.NAMES else exact.details
        if given is None:
            return Move(Step.LEAVE, unfit=True)
        waits = _waiting(group, exact, store, rules)
        values = _carried(group, exact, store, given, waits, make_equal=make_equal)
        return _unless_vain(group, Move(step, values, waits=waits), store.details)
    return Move(step)


def after(group: FieldGroup, made: Move, store: Details, exact: Details) -> tuple[Details, Details]:
    """Return what the store and Exact have after a move."""
    if made.step == Step.TO_EXACT:
        return store, exact.with_group(group, made.values)
    if made.step == Step.TO_STORE:
        return store.with_group(group, made.values), exact
    return store, exact


def base_after(group: FieldGroup, made: Move, before: str, details: Details) -> str:
    """Return the base of a side after a move. What goes the other way next keeps the one that it had `before`."""
    now = fingerprint(group, details)
    if not made.waits:
        return now
    known = before.split(".")
    return ".".join(
        known[place] if place in made.waits and place < len(known) else mark
        for place, mark in enumerate(now.split("."))
    )


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
        differing = _differing(group, store, exact)
        first, second = store.changed_parts(group) & differing, exact.changed_parts(group) & differing
        if first & second:
            return [_of_both(store, exact, rules)]
        # Each side has changed another part: both are carried over, one after the other.
        return [*([Step.TO_EXACT] if first else []), *([Step.TO_STORE] if second else [])]
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


def _differing(group: FieldGroup, store: Side, exact: Side) -> frozenset[int]:
    """The places of the parts that the two sides do not have alike."""
    wanted = with_country(in_exact(store.details), exact.details)
    pairs = zip(fingerprint(group, wanted).split("."), fingerprint(group, exact.details).split("."), strict=True)
    return frozenset(place for place, (theirs, ours) in enumerate(pairs) if theirs != ours)


def _waiting(group: FieldGroup, source: Side, target: Side, rules: Rules) -> frozenset[int]:
    """The parts that the target alone has changed, where the newest side decides: the target is right about them."""
    if rules.owner != FieldOwner.NEWEST or group != FieldGroup.CONTACT:
        return frozenset()
    return target.changed_parts(group) - source.changed_parts(group)


def _carried(
    group: FieldGroup, source: Side, target: Side, wanted: Details, waits: Collection[int], *, make_equal: bool
) -> Values:
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
    changed_parts = source.changed_parts(group) | target.changed_parts(group)
    for place, name in enumerate(_CONTACT):
        changed = place in changed_parts
        given = wanted.contact.get(name, "")
        if theirs[place] != ours[place] and place not in waits and (changed or (make_equal and given)):
            values[name] = given
    return values


def _unless_vain(group: FieldGroup, made: Move, before: Details) -> Move:
    if fingerprint(group, before) == fingerprint(group, before.with_group(group, made.values)):
        return Move(Step.LEAVE)
    return made
