"""What one order would become, in numbers: without a name, an address or any other personal data."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from connector.domain.document.result import Problem, from_json, most_serious, to_json
from connector.domain.document.states import SkipReason
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.money import ZERO, minor_digits, plain, round_half_up, shortest
from connector.domain.order.model import Order


class Verdict(StrEnum):
    """Whether an order would be posted, be held for a person, or need no document."""

    FIT = "fit"
    HELD = "held"
    SKIPPED = "skipped"


GL_ACCOUNT: Final = "gl_account"
COST_CENTER: Final = "cost_center"
VAT_CODE: Final = "vat_code"
KINDS: Final = (GL_ACCOUNT, COST_CENTER, VAT_CODE)
"""The kinds of code by which lines are added up. Each is an attribute of a draft's line."""
ITEM: Final = "item"
WAREHOUSE: Final = "warehouse"
MOVED: Final = (*KINDS, ITEM, WAREHOUSE)
"""The kinds of code between which other rules may move money."""
_ATTRIBUTES: Final = {ITEM: "item_code"}


@dataclass(frozen=True, slots=True)
class Share:
    """What an order's lines with one code come to, in the order's currency."""

    net: Decimal
    vat: Decimal


Shares = Mapping[str, Mapping[str, Share]]
"""By kind of code, then by code. Lines without a code of a kind are left out there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one order would become. Amounts are in its currency.

    `month` is that of the order in the store's time zone (`2026-10`), and `total` and `tax` are the shop's. They are
    "" and 0 for an order that cannot be read. `gross` and `vat` are the document's; `redeemed` is the part of the total
    that the document leaves out, because its VAT was paid at the sale of a gift certificate. `problems` say why there
    is no document. `traits` tell orders apart.
    """

    order_id: str
    month: str = ""
    currency: str = ""
    total: Decimal = ZERO
    tax: Decimal = ZERO
    problems: tuple[Problem, ...] = ()
    gross: Decimal = ZERO
    vat: Decimal = ZERO
    redeemed: Decimal = ZERO
    shares: Shares = field(default_factory=dict)
    traits: frozenset[str] = frozenset()

    @property
    def verdict(self) -> Verdict:
        """Whether it would be posted."""
        if not self.problems:
            return Verdict.FIT
        skipped = isinstance(most_serious(self.problems).reason, SkipReason)
        return Verdict.SKIPPED if skipped else Verdict.HELD

    @property
    def cause(self) -> Problem:
        """The most serious problem of an order that has one."""
        return most_serious(self.problems)

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as a JSON object, with decimals as text."""
        amounts = ("total", "tax", "gross", "vat", "redeemed")
        return {
            "order_id": self.order_id,
            "month": self.month,
            "currency": self.currency,
            **{name: plain(getattr(self, name)) for name in amounts},
            "problems": to_json(self.problems),
            "shares": {
                kind: {code: [plain(share.net), plain(share.vat)] for code, share in shares.items()}
                for kind, shares in self.shares.items()
            },
            "traits": sorted(self.traits),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        shares = {
            kind: {code: Share(*map(Decimal, amounts)) for code, amounts in shares.items()}
            for kind, shares in data["shares"].items()
        }
        amounts = {name: Decimal(data[name]) for name in ("total", "tax", "gross", "vat", "redeemed")}
        return cls(
            data["order_id"],
            data["month"],
            data["currency"],
            **amounts,
            problems=from_json(data["problems"]),
            shares=shares,
            traits=frozenset(data["traits"]),
        )


def without_document(order: Order, zone: str, problems: tuple[Problem, ...]) -> Outcome:
    """Return the outcome of an order that gets no document. `zone` is the store's time zone (IANA name)."""
    digits = minor_digits(order.currency)
    return Outcome(
        order.id,
        order.created.astimezone(ZoneInfo(zone)).strftime("%Y-%m"),
        order.currency,
        total=round_half_up(order.total_inc, digits),
        tax=round_half_up(order.total_tax, digits),
        problems=problems,
    )


def of_draft(order: Order, zone: str, draft: Draft, *, b2b: bool) -> Outcome:
    """Return the outcome of an order that would be posted as `draft`. `b2b`: its buyer is a business."""
    facts = without_document(order, zone, ())
    return Outcome(
        facts.order_id,
        facts.month,
        facts.currency,
        facts.total,
        facts.tax,
        gross=draft.gross,
        vat=draft.vat,
        redeemed=draft.redeemed,
        shares={kind: _shares(kind, draft.lines) for kind in MOVED},
        traits=frozenset(_traits(order, draft, b2b=b2b)),
    )


def _shares(kind: str, lines: Iterable[DraftLine]) -> dict[str, Share]:
    net, vat = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for line in lines:
        code = str(getattr(line, _ATTRIBUTES.get(kind, kind)))
        net[code] += line.net
        vat[code] += line.vat
    return {code: Share(net[code], vat[code]) for code in sorted(net) if code}


def _traits(order: Order, draft: Draft, *, b2b: bool) -> Iterable[str]:
    yield f"currency {order.currency}"
    yield f"payment {order.payment_method.strip().casefold()}"
    yield f"channel {order.channel}"
    yield "business" if b2b else "consumer"
    yield "registered" if order.customer_id else "guest"
    yield f"addresses {min(len(order.ship_to), 2)}"
    if any(line.kind == "product" and line.digital for line in order.lines):
        yield "download"
    if order.store_credit or order.gift_certificate:
        yield "voucher"
    if order.has_refunds:
        yield "refunded"
    for place in {line.ship_to.country for line in order.lines if line.ship_to.country}:
        yield f"country {place}"
    for line in draft.lines:
        yield f"line {line.kind}"
        yield f"rate {shortest(line.vat_percentage)}"
        yield f"VAT code {line.vat_code}"
        yield f"account {line.gl_account}"
        if line.cost_center:
            yield f"cost centre {line.cost_center}"
