"""Compares what we would post with what a bookkeeper typed into Exact, and says whether posting may be switched on.

A field is compared only where both sides have it: what is not known is no difference. Pure: values in, values out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Self

from connector.domain.money import ZERO, minor_digits, plain, tidy

# Exact computes in binary floating point: two amounts are the same when they are less than half a cent apart.
TOLERANCE: Final = Decimal("0.005")
ENOUGH: Final = 20
"""So many documents must have been compared before the answer is yes."""


class Field(StrEnum):
    """What is compared. Results keep these values, so they stay what they are."""

    AMOUNT = "amount"  # with VAT
    CURRENCY = "currency"
    VAT = "vat"  # by VAT code
    GL_ACCOUNT = "gl_account"  # net, by account
    COST_CENTER = "cost_center"  # net, by cost centre
    ACCOUNT = "account"  # the customer's
    DATE = "date"
    PAYMENT_CONDITION = "payment_condition"
    FORM = "form"  # invoice or sales entry


DECISIVE: Final = (Field.AMOUNT, Field.CURRENCY, Field.VAT, Field.GL_ACCOUNT)
"""The fields that must agree before posting is switched on: they say how much is booked where."""


class Answer(StrEnum):
    """Whether posting may be switched on."""

    YES = "yes"
    NOT_ALL = "not_all"
    TOO_FEW = "too_few"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Sum:
    """What the lines with one code come to, in the document's currency. `rules` chose the code of ours."""

    net: Decimal = ZERO
    vat: Decimal = ZERO
    rules: tuple[str, ...] = ()


Sums = Mapping[str, Sum]
"""By code; "" is no code. Lines without money are left out."""


@dataclass(frozen=True, slots=True)
class Side:
    """A document as one side has it. None and "" are not known, and are not compared.

    `accounts` are the ids of the customer's accounts, of ours any that it may go to. A cost centre may be "" for none.
    """

    currency: str = ""
    gross: Decimal | None = None
    vat_codes: Sums | None = None
    gl_accounts: Sums | None = None
    cost_centers: Sums | None = None
    accounts: frozenset[str] = frozenset()
    dated: date | None = None
    payment_condition: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs, as both sides have it. `rules` are those that chose ours, as the draft names them."""

    field: Field
    ours: str
    theirs: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair of documents: the fields that both sides have, and those of them that differ.

    `amount` is ours. `sure` is whether the document is certainly the order's.
    """

    order_id: int
    document: str
    sure: bool
    currency: str
    amount: Decimal
    fields: frozenset[Field]
    differences: tuple[Difference, ...] = ()

    @property
    def decisive(self) -> bool:
        """Whether a field differs that must agree."""
        return any(each.field in DECISIVE for each in self.differences)


def sums_of(lines: Iterable[tuple[str, Decimal, Decimal, str]]) -> dict[str, Sum]:
    """Add up lines by code; a line is its code, its net, its VAT and the rule that chose the code, "" for none.

    Codes under which there is no money are left out: a free line may have any.
    """
    found: dict[str, Sum] = {}
    for code, net, vat, rule in lines:
        so_far = found.get(code, Sum())
        rules = so_far.rules if not rule or rule in so_far.rules else (*so_far.rules, rule)
        found[code] = Sum(so_far.net + net, so_far.vat + vat, rules)
    return {code: each for code, each in found.items() if not (_same(each.net, ZERO) and _same(each.vat, ZERO))}


def compare(order_id: int, document: str, ours: Side, theirs: Side, *, sure: bool = True) -> Compared:
    """Compare our draft of an order with the document that was typed in for it."""
    results = dict(_results(ours, theirs))
    found = tuple(difference for difference in results.values() if difference is not None)
    return Compared(order_id, document, sure, ours.currency, ours.gross or ZERO, frozenset(results), found)


def _results(ours: Side, theirs: Side) -> Iterator[tuple[Field, Difference | None]]:
    """Yield each field that both sides have, with its difference; None where it agrees."""
    one_currency = ours.currency == theirs.currency
    same_amount = False
    if ours.currency and theirs.currency:
        yield Field.CURRENCY, _unless(one_currency, Field.CURRENCY, ours.currency, theirs.currency)
    if one_currency and ours.gross is not None and theirs.gross is not None:
        same_amount = _same(ours.gross, theirs.gross)
        figures = (_text(each, ours.currency) for each in (ours.gross, theirs.gross))
        yield Field.AMOUNT, _unless(same_amount, Field.AMOUNT, *figures)
    for name, our_sums, their_sums in (
        (Field.VAT, ours.vat_codes, theirs.vat_codes),
        (Field.GL_ACCOUNT, ours.gl_accounts, theirs.gl_accounts),
        (Field.COST_CENTER, ours.cost_centers, theirs.cost_centers),
    ):
        if our_sums is not None and their_sums is not None and (set(our_sums) | set(their_sums)) != {""}:
            currencies = (ours.currency, theirs.currency)
            yield name, _of_sums(name, our_sums, their_sums, currencies, amounts=same_amount)
    if ours.accounts and theirs.accounts:
        agrees = ours.accounts >= theirs.accounts
        yield Field.ACCOUNT, _unless(agrees, Field.ACCOUNT, *(", ".join(sorted(s.accounts)) for s in (ours, theirs)))
    if ours.dated and theirs.dated:
        agrees = ours.dated == theirs.dated
        yield Field.DATE, _unless(agrees, Field.DATE, ours.dated.isoformat(), theirs.dated.isoformat())
    for name, our_text, their_text in (
        (Field.PAYMENT_CONDITION, ours.payment_condition, theirs.payment_condition),
        (Field.FORM, ours.form, theirs.form),
    ):
        if our_text and their_text:
            yield name, _unless(our_text == their_text, name, our_text, their_text)


def _of_sums(name: Field, ours: Sums, theirs: Sums, currencies: tuple[str, str], *, amounts: bool) -> Difference | None:
    """Return how the sums by code differ; None where they agree.

    Where the documents' amounts differ, some sums must: then only which codes are used is compared.
    """
    differ = sorted(
        code
        for code in {**ours, **theirs}
        if code not in ours or code not in theirs or (amounts and not _same_sums(name, ours[code], theirs[code]))
    )
    if not differ:
        return None
    rules = dict.fromkeys(rule for code in differ if code in ours for rule in ours[code].rules)
    our_currency, their_currency = currencies
    our_text, their_text = _figures(name, ours, our_currency, differ), _figures(name, theirs, their_currency, differ)
    return Difference(name, our_text, their_text, tuple(rules))


def _same_sums(name: Field, ours: Sum, theirs: Sum) -> bool:
    return _same(ours.net, theirs.net) and (name is not Field.VAT or _same(ours.vat, theirs.vat))


def _figures(name: Field, sums: Sums, currency: str, codes: Iterable[str]) -> str:
    """Write sums: `2: 100.00 + 21.00`, and `8000: 100.00` where VAT is not compared. "-" is no code."""
    return ", ".join(
        f"{code or '-'}: {_text(sums[code].net, currency)}"
        + (f" + {_text(sums[code].vat, currency)}" if name is Field.VAT else "")
        for code in codes
        if code in sums
    )


def _text(amount: Decimal, currency: str) -> str:
    """Write an amount with the decimals of its currency, and more where it has them."""
    return plain(tidy(amount, minor_digits(currency)))


def _unless(agrees: bool, name: Field, ours: str, theirs: str) -> Difference | None:
    return None if agrees else Difference(name, ours, theirs)


def _same(ours: Decimal, theirs: Decimal) -> bool:
    return abs(ours - theirs) < TOLERANCE


@dataclass(frozen=True, slots=True)
class Agreement:
    """So much of what was compared agrees: documents, or money."""

    agrees: Decimal
    compared: Decimal


@dataclass(frozen=True, slots=True)
class Summary:
    """What comparing many documents comes to.

    `fields` count documents by field, `money` is by currency: ours, where all decisive fields agree, of all compared.
    `unclear` orders may have one of several documents and `held` ones have no draft: they were not compared.
    `missing` is how many more must be compared before the answer is yes; `differ` are the decisive fields that differ,
    the most frequent first.
    """

    answer: Answer
    compared: int
    sure: int
    missing: int = 0
    differ: tuple[Field, ...] = ()
    fields: Mapping[Field, Agreement] = field(default_factory=dict)
    money: Mapping[str, Agreement] = field(default_factory=dict)
    unclear: int = 0
    held: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the summary as a JSON object, with decimals as text."""
        return {
            "answer": str(self.answer),
            "compared": self.compared,
            "sure": self.sure,
            "missing": self.missing,
            "differ": [str(name) for name in self.differ],
            "fields": {str(name): _written(each) for name, each in self.fields.items()},
            "money": {currency: _written(each) for currency, each in self.money.items()},
            "unclear": self.unclear,
            "held": self.held,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            Answer(data["answer"]),
            data["compared"],
            data["sure"],
            data["missing"],
            tuple(map(Field, data["differ"])),
            {Field(name): Agreement(*map(Decimal, each)) for name, each in data["fields"].items()},
            {currency: Agreement(*map(Decimal, each)) for currency, each in data["money"].items()},
            data.get("unclear", 0),
            data.get("held", 0),
        )


def add_up(pairs: Sequence[Compared], *, unclear: int = 0, held: int = 0) -> Summary:
    """Add up compared documents, and answer whether posting may be switched on. `unclear` and `held` orders were not
    compared: with any the answer is no plain yes."""
    seen = Counter(name for pair in pairs for name in pair.fields)
    wrong = Counter(each.field for pair in pairs for each in pair.differences)
    differ = tuple(sorted((name for name in DECISIVE if wrong[name]), key=lambda name: -wrong[name]))
    missing = max(ENOUGH - sum(pair.fields >= {Field.AMOUNT, Field.VAT} for pair in pairs), 0)
    fields = {name: Agreement(Decimal(seen[name] - wrong[name]), Decimal(seen[name])) for name in Field if seen[name]}
    return Summary(
        answer=_answer(differ=bool(differ), missing=bool(missing), rest=bool(unclear or held)),
        compared=len(pairs),
        sure=sum(pair.sure for pair in pairs),
        missing=missing,
        differ=differ,
        fields=fields,
        money=_money(pairs),
        unclear=unclear,
        held=held,
    )


def _answer(*, differ: bool, missing: bool, rest: bool) -> Answer:
    if differ:
        return Answer.NO
    if missing:
        return Answer.TOO_FEW
    return Answer.NOT_ALL if rest else Answer.YES


def _money(pairs: Iterable[Compared]) -> dict[str, Agreement]:
    found: dict[str, Agreement] = {}
    for pair in pairs:
        so_far = found.get(pair.currency) or Agreement(ZERO, ZERO)
        same = ZERO if pair.decisive else pair.amount
        found[pair.currency] = Agreement(so_far.agrees + same, so_far.compared + pair.amount)
    return {currency: found[currency] for currency in sorted(found)}


def _written(each: Agreement) -> list[str]:
    return [plain(each.agrees), plain(each.compared)]
