"""Compares what the store and the ledger say of a document with what Exact has of it. Pure: values in, values out.

A difference has one kind, what was expected and what was found, and the one action that puts it right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from connector.domain.document.states import State
from connector.domain.document.sums import TOLERANCE
from connector.domain.money import ZERO, plain, tidy
from connector.domain.wording import marked as _


class Bucket(StrEnum):
    """Where an order or a refund of the store is. Each is in exactly one."""

    POSTED = "posted"
    CREDITED = "credited"
    SKIPPED = "skipped"  # no document is due, with the reason
    HELD = "held"  # a person must act
    WAITING = "waiting"  # the connector goes on by itself
    MISSING = "missing"


BUCKET_OF: Mapping[State, Bucket] = {
    State.PENDING: Bucket.WAITING,
    State.PREPARING: Bucket.WAITING,
    State.AWAITING_APPROVAL: Bucket.HELD,
    State.POSTING: Bucket.WAITING,
    State.UNCERTAIN: Bucket.WAITING,
    State.WAITING: Bucket.WAITING,
    State.POSTED: Bucket.POSTED,
    State.BLOCKED: Bucket.HELD,
    State.SKIPPED: Bucket.SKIPPED,
}


class Kind(StrEnum):
    """What differs. Outside programs read these values."""

    MISSING_DOCUMENT = "missing_document"  # the store has an order or a refund, and Exact has no document of it
    MISSING_ORDER = "missing_order"  # Exact has a document with our reference, and nobody knows its order
    AMOUNT = "amount"
    VAT = "vat"
    CURRENCY = "currency"
    ACCOUNT = "account"
    DATE = "date"
    DUPLICATE = "duplicate"  # a copy by hand of a document of ours
    DELETED = "deleted"  # it was posted, and Exact does not have it any more
    STATE = "state"  # it was final in Exact and is open again, or Exact has it and the ledger does not say so


class Remedy(StrEnum):
    """The one action that puts a difference right. `REMEDY_WORDS` say it to a person."""

    TAKE_IN = "take_in"
    RE_POST = "re_post"
    POST_AGAIN = "post_again"
    DECIDE = "decide"
    WAIT = "wait"
    LINK = "link"
    CORRECT = "correct"
    REMOVE_COPY = "remove_copy"
    EXPLAIN = "explain"


REMEDY_WORDS: Mapping[Remedy, str] = {
    Remedy.TAKE_IN: _("Read the order again, and post what is missing"),
    Remedy.RE_POST: _("Put right what holds it, and re-post it"),
    Remedy.POST_AGAIN: _("Post it again"),
    Remedy.DECIDE: _("Decide what follows from the change of the order"),
    Remedy.WAIT: _("Wait: the connector goes on by itself"),
    Remedy.LINK: _("Link the document in Exact to its order"),
    Remedy.CORRECT: _("Put it right in Exact"),
    Remedy.REMOVE_COPY: _("Delete or credit the copy in Exact"),
    Remedy.EXPLAIN: _("Credit it in Exact, or accept it with the reason"),
}
BY_US = frozenset({Remedy.TAKE_IN, Remedy.RE_POST, Remedy.POST_AGAIN})
"""The actions that the connector carries out; the others are a person's in Exact or on the document's page."""


@dataclass(frozen=True, slots=True)
class Side:
    """A document as one side has it; None and "" are not known, and are not compared.

    `gross` includes the VAT. `codes` are net and VAT by VAT code. `final`: it cannot be changed in Exact. `vat_number`
    is the order's, or its account's in Exact: None is not known, "" is none.
    """

    currency: str = ""
    gross: Decimal | None = None
    net: Decimal | None = None
    vat: Decimal | None = None
    codes: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    accounts: frozenset[str] = frozenset()
    dated: date | None = None
    final: bool | None = None
    vat_number: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: `expected` is what the store or the ledger says, `found` what Exact has; "" is nothing."""

    kind: Kind
    expected: str
    found: str
    remedy: Remedy


def compare(ours: Side, theirs: Side) -> list[Finding]:
    """Return how Exact's document differs from ours. Its money has one kind: what is most particular."""
    return [*_money(ours, theirs), *_facts(ours, theirs)]


def _money(ours: Side, theirs: Side) -> Iterator[Finding]:
    if ours.currency and theirs.currency and ours.currency != theirs.currency:
        yield _finding(Kind.CURRENCY, money(ours.gross, ours.currency), money(theirs.gross, theirs.currency))
    elif _codes_used(ours) and _codes_used(ours) != _codes_used(theirs):
        yield _finding(Kind.VAT, by_code(ours), by_code(theirs))
    elif _differ(ours.gross, theirs.gross):
        yield _finding(Kind.AMOUNT, money(ours.gross, ours.currency), money(theirs.gross, theirs.currency))
    elif _differ(ours.vat, theirs.vat) or _sums_differ(ours, theirs):
        yield _finding(Kind.VAT, by_code(ours), by_code(theirs))


def _facts(ours: Side, theirs: Side) -> Iterator[Finding]:
    if ours.accounts and theirs.accounts and not ours.accounts >= theirs.accounts:
        yield _finding(Kind.ACCOUNT, ", ".join(sorted(ours.accounts)), ", ".join(sorted(theirs.accounts)))
    elif ours.vat_number and theirs.vat_number not in {None, ours.vat_number}:
        yield _finding(Kind.ACCOUNT, ours.vat_number, theirs.vat_number or "")
    if ours.dated and theirs.dated and ours.dated != theirs.dated:
        yield _finding(Kind.DATE, ours.dated.isoformat(), theirs.dated.isoformat())
    if ours.final and theirs.final is False:
        yield _finding(Kind.STATE, "final", "open")


def _finding(kind: Kind, expected: str, found: str) -> Finding:
    return Finding(kind, expected, found, Remedy.CORRECT)


def _codes_used(side: Side) -> frozenset[str]:
    """The codes under which there is money. A free line may have any."""
    return frozenset(code for code, (net, vat) in side.codes.items() if _differ(net, ZERO) or _differ(vat, ZERO))


def _sums_differ(ours: Side, theirs: Side) -> bool:
    if not ours.codes or not theirs.codes:
        return False
    pairs = (
        (ours.codes.get(code, _NOTHING), theirs.codes.get(code, _NOTHING)) for code in {*ours.codes, *theirs.codes}
    )
    return any(_differ(mine, other) for pair in pairs for mine, other in zip(*pair, strict=True))


_NOTHING = (ZERO, ZERO)


def _differ(ours: Decimal | None, theirs: Decimal | None) -> bool:
    return ours is not None and theirs is not None and abs(ours - theirs) >= TOLERANCE


def money(amount: Decimal | None, currency: str) -> str:
    """Return an amount as a person reads it: `17.90 EUR`; "" for none."""
    return "" if amount is None else f"{plain(tidy(amount, 2))} {currency}".strip()


def by_code(side: Side) -> str:
    """Return what a document comes to by VAT code: `2: 14.79 + 3.11`; without codes its whole VAT."""
    if not side.codes:
        return money(side.vat, side.currency)
    parts = ((code or "-", plain(tidy(net, 2)), plain(tidy(vat, 2))) for code, (net, vat) in sorted(side.codes.items()))
    return ", ".join(f"{code}: {net} + {vat}" for code, net, vat in parts)


def missing(bucket: Bucket, *, undecided: bool = False) -> Remedy:
    """Return what puts a document right that Exact lacks, by where its order or refund is."""
    if undecided:
        return Remedy.DECIDE
    return {Bucket.HELD: Remedy.RE_POST, Bucket.WAITING: Remedy.WAIT}.get(bucket, Remedy.TAKE_IN)
