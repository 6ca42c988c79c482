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

CENT = Decimal("0.01")


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
    REFERENCE = "reference"  # YourRef, by which a document is looked for before it is posted again
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

    `gross` includes the VAT. `codes` are net and VAT by VAT code, `gl_accounts` the net by GL account, of so many
    `lines`. `account` is who ordered it, `invoice_to` whom it is invoiced to. `final`: it cannot be changed in Exact.
    `vat_number` is the order's, or its account's in Exact; `your_ref` is the document's own. Of both None is not
    known, "" is none.
    """

    currency: str = ""
    gross: Decimal | None = None
    net: Decimal | None = None
    vat: Decimal | None = None
    codes: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    gl_accounts: Mapping[str, Decimal] = field(default_factory=dict)
    lines: int = 0
    account: str = ""
    invoice_to: str = ""
    dated: date | None = None
    final: bool | None = None
    vat_number: str | None = None
    your_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: `expected` is what the store or the ledger says, `found` what Exact has; "" is nothing."""

    kind: Kind
    expected: str
    found: str
    remedy: Remedy


def compare(ours: Side, theirs: Side) -> list[Finding]:
    """Return how Exact's document differs from ours.

    Its money has one kind, what is most particular, and so have its accounts. The figures say all that differs, so
    that a difference that was accepted is another one when more of the document changes.
    """
    return [*_money(ours, theirs), *_facts(ours, theirs)]


def _money(ours: Side, theirs: Side) -> Iterator[Finding]:
    currencies = bool(ours.currency and theirs.currency) and ours.currency != theirs.currency
    codes = bool(_codes_used(ours)) and _codes_used(ours) != _codes_used(theirs)
    whole = currencies or _differ(ours.gross, theirs.gross)
    by_codes = codes or _differ(ours.vat, theirs.vat) or _sums_differ(ours, theirs)
    if not whole and not by_codes:
        return
    kind = Kind.CURRENCY if currencies else Kind.AMOUNT if whole and not codes else Kind.VAT
    parts = [(whole, _gross), (by_codes, by_code)]
    said = [write for differs, write in (reversed(parts) if kind == Kind.VAT else parts) if differs]
    yield _finding(kind, *("; ".join(write(side) for write in said) for side in (ours, theirs)))


def _gross(side: Side) -> str:
    return money(side.gross, side.currency)


def _facts(ours: Side, theirs: Side) -> Iterator[Finding]:
    accounts = list(_accounts(ours, theirs))
    if accounts:
        yield _finding(Kind.ACCOUNT, *("; ".join(each) for each in zip(*accounts, strict=True)))
    if ours.dated and theirs.dated and ours.dated != theirs.dated:
        yield _finding(Kind.DATE, ours.dated.isoformat(), theirs.dated.isoformat())
    if None not in {ours.your_ref, theirs.your_ref} and _plain(ours.your_ref) != _plain(theirs.your_ref):
        yield _finding(Kind.REFERENCE, ours.your_ref or "", theirs.your_ref or "")
    if ours.final and theirs.final is False:
        yield _finding(Kind.STATE, "final", "open")


def _plain(reference: str | None) -> str:
    return (reference or "").strip().casefold()


def _accounts(ours: Side, theirs: Side) -> Iterator[tuple[str, str]]:
    """Yield each account that is another one, or not what it was: ours, and Exact's."""
    if _are_others(ours.account, theirs.account) or _are_others(ours.invoice_to, theirs.invoice_to):
        yield _parties(ours), _parties(theirs)
    if ours.vat_number and theirs.vat_number not in {None, ours.vat_number}:
        yield ours.vat_number, theirs.vat_number or ""
    if _booked_elsewhere(ours, theirs):
        yield _by_gl_account(ours), _by_gl_account(theirs)


def _are_others(ours: str, theirs: str) -> bool:
    return bool(ours and theirs) and ours != theirs


def _parties(side: Side) -> str:
    return ", ".join(dict.fromkeys(filter(None, (side.account, side.invoice_to))))


def _booked_elsewhere(ours: Side, theirs: Side) -> bool:
    """Whether a line is on another GL account. Lines are rounded one by one, so each may be a cent off."""
    if not ours.gl_accounts or not theirs.gl_accounts:
        return False
    mine, other = ours.gl_accounts, theirs.gl_accounts
    if _used(mine) != _used(other):
        return True
    apart = max(abs(mine.get(each, ZERO) - other.get(each, ZERO)) for each in {*mine, *other})
    return not _differ(ours.gross, theirs.gross) and apart >= TOLERANCE + CENT * ours.lines


def _used(amounts: Mapping[str, Decimal]) -> frozenset[str]:
    return frozenset(name for name, amount in amounts.items() if _differ(amount, ZERO))


def _by_gl_account(side: Side) -> str:
    return ", ".join(f"{name or '-'}: {plain(tidy(net, 2))}" for name, net in sorted(side.gl_accounts.items()))


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
