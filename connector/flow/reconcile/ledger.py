"""What the ledger says of documents: the rows of some orders, and each posted one as a side to compare."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.db.models.fields.json import KT

from connector.clients.bigcommerce.changes import read_moment
from connector.clients.exact.period import CodeSum
from connector.clients.strict_json import Unreadable
from connector.domain.choices import POSTING_MODES, DocumentKind, Mode
from connector.domain.document.reconcile import Kind, Side
from connector.domain.document.states import State
from connector.domain.document.sums import TOLERANCE, Entry
from connector.domain.money import ZERO, total
from connector.domain.order.fields import Fields, UnreadableOrder
from connector.domain.order.read_lines import read_address
from connector.domain.order.vat_number import number_at
from connector.domain.timing.days import Days
from connector.models import Connection, Discrepancy, OrderSync, ReconciliationRun

Codes = dict[str, tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What of the kept order a run needs beside the document: as it was invoiced."""

    placed: datetime | None
    total: Decimal | None
    country: str
    method: str
    tax: Decimal | None = None


def documents(**where: Any) -> QuerySet[OrderSync]:
    """Return invoices and credit notes with their facts, without the orders themselves."""
    rows = OrderSync.objects.exclude(kind=DocumentKind.RECEIPT).filter(**where).defer("order_data")
    return rows.annotate(
        fact_placed=KT("order_data__order__date_created"),
        fact_total=KT("order_data__order__total_inc_tax"),
        fact_tax=KT("order_data__order__total_tax"),
        fact_billing=KT("order_data__order__billing_address"),
        fact_method=KT("order_data__order__payment_method"),
        fact_refunded=KT("order_data__refund__created"),
        fact_refund_total=KT("order_data__refund__total_amount"),
        fact_refund_tax=KT("order_data__refund__total_tax"),
    )


def not_finished(run: ReconciliationRun) -> QuerySet[OrderSync]:
    """Return the invoices of a run's connection that are neither posted nor skipped, and of which it noted nothing."""
    noted = Discrepancy.objects.filter(run=run, document=OuterRef("pk"))
    rows = documents(connection_id=run.connection_id, kind=DocumentKind.INVOICE, exact_id="")
    return rows.exclude(state__in=[State.POSTED, State.SKIPPED]).exclude(Exists(noted))


def moved_since(connection: Connection) -> date | None:
    """Return since when another connection of the store posts instead of one that is off; None when none does.

    One that never posted has no books to compare.
    """
    if connection.mode != Mode.OFF or not connection.documents.filter(state=State.POSTED).exclude(exact_id="").exists():
        return None
    others = Connection.objects.filter(store=connection.store_id, mode__in=list(POSTING_MODES))
    found: date | None = others.aggregate(first=Min("start_date"))["first"]
    return found


def missing_orders(run: ReconciliationRun, order_ids: Collection[int]) -> Mapping[int, str]:
    """Return those of these orders that the run noted as missing in the ledger, with their currency."""
    rows = Discrepancy.objects.filter(run=run, kind=Kind.MISSING_DOCUMENT, document=None, order_id__in=order_ids)
    return dict(rows.values_list("order_id", "currency")) if order_ids else {}


def refunded(note: Any) -> tuple[Decimal | None, Decimal | None]:
    """Return the refund's total and its VAT with which a credit note was made, as far as they are kept."""
    return _decimal(note.fact_refund_total), _decimal(note.fact_refund_tax)


def facts_of(document: Any) -> Facts:
    """Return the facts that `documents` read with a row."""
    found = {"date_created": document.fact_placed, "total_inc_tax": document.fact_total, "total_tax": document.fact_tax}
    return facts_in({**found, "billing_address": _billing(document), "payment_method": document.fact_method})


def facts_in(order: Mapping[str, Any]) -> Facts:
    """Return the facts of an order as the store gives it. What it lacks is not known."""
    country = (order.get("billing_address") or {}).get("country_iso2")
    method = order.get("payment_method") or ""
    placed, total_inc, tax = _moment(order.get("date_created")), order.get("total_inc_tax"), order.get("total_tax")
    return Facts(placed, _decimal(total_inc), str(country or "").upper(), method, _decimal(tax))


def may_be_of(document: Any, days: Days, dated: date | None = None) -> bool:
    """Whether the order was placed in the period, as far as the ledger has that; else whether it is `dated` in it."""
    placed, draft = facts_of(document).placed, document.draft or {}
    if placed is not None:
        return placed in days
    day = date.fromisoformat(draft["order_date"]) if draft.get("order_date") else dated
    return day is None or days.first <= day <= days.last


def day_of(document: Any, days: Days, dated: date | None = None) -> date | None:
    """Return the business day of its order, or of the refund that it credits; `dated` when the ledger has neither."""
    if document.is_credit and document.sequence > 0:
        placed, day = _moment(document.fact_refunded), (document.exact_data or {}).get("date")
    else:
        placed, day = facts_of(document).placed, (document.draft or {}).get("order_date")
    if placed is not None:
        return days.day_of(placed)
    return date.fromisoformat(day) if day else dated


def vat_number_of(document: Any, field_names: Iterable[str]) -> str:
    """Return the valid VAT number of the order as it was invoiced, "" for none."""
    try:
        return number_at(read_address(Fields(_billing(document), "billing_address")), field_names)
    except UnreadableOrder:
        return ""


def _billing(document: Any) -> dict[str, Any]:
    found = json.loads(document.fact_billing or "{}")
    return found if isinstance(found, dict) else {}


@dataclass(slots=True)
class OfOrder:
    """The documents of one order. `invoices` are in their order; `refunds` are credit notes by the refund's id."""

    invoices: list[OrderSync]
    cancellation: OrderSync | None
    edits: list[OrderSync]
    refunds: dict[int, OrderSync]

    @property
    def last(self) -> OrderSync | None:
        """Its last invoice."""
        return self.invoices[-1] if self.invoices else None

    @property
    def cancelled(self) -> OrderSync | None:
        """The credit note of its cancellation, when one is due."""
        return self.cancellation if self.cancellation and self.cancellation.state != State.SKIPPED else None

    @property
    def of_the_sale(self) -> list[OrderSync]:
        """All but what refunds were credited with: these have a day of their own."""
        return [*self.invoices, *([self.cancellation] if self.cancellation else []), *self.edits]


def of_orders(connection_id: int, order_ids: Collection[int]) -> Mapping[int, OfOrder]:
    """Return the documents of these orders by order, with one query."""
    found: dict[int, OfOrder] = defaultdict(lambda: OfOrder([], None, [], {}))
    rows = documents(connection_id=connection_id, order_id__in=list(order_ids))
    for row in rows.order_by("order_id", "kind", "sequence"):
        of_order = found[row.order_id]
        if row.kind == DocumentKind.INVOICE:
            of_order.invoices.append(row)
        elif row.sequence == 0:
            of_order.cancellation = row
        elif row.sequence < 0:
            of_order.edits.append(row)
        else:
            of_order.refunds[row.sequence] = row
    return found


def side_of(document: OrderSync) -> Side:
    """Return a posted document as we mean it: by its draft; one that was linked as Exact had it then."""
    kept = document.exact_data or {}
    draft = {} if was_accepted(document) else document.draft or {}
    amounts = draft or kept
    gross, net, vat = (_decimal(amounts.get(name)) for name in ("gross", "net", "vat"))
    lines = _read_lines(amounts)
    if not draft and not _come_to(lines, net, vat):
        lines = []  # not all of them were read
    # A credit note is negative, whatever sign Exact gives it.
    sign = -1 if document.is_credit and (gross or 0) > 0 else 1
    printed = bool(kept.get("printed")) or document.is_entry
    return Side(
        currency=document.currency or str(amounts.get("currency") or ""),
        gross=document.total if gross is None else sign * gross,
        net=None if net is None else sign * net,
        vat=None if vat is None else sign * vat,
        codes=_by_code(lines, sign),
        gl_accounts=_by_gl_account(lines, sign),
        lines=len(lines),
        account=str(kept.get("account") or "").casefold(),
        invoice_to=str(kept.get("invoice_to") or "").casefold(),
        # Exact dates an invoice that was left open again when a person prints it.
        dated=date.fromisoformat(kept["date"]) if printed and kept.get("date") else None,
        final=printed,
        your_ref=_your_ref(document),
    )


def _your_ref(document: OrderSync) -> str | None:
    """The reference that it has in Exact: ours, or the one of a document by hand, which is not known of older links."""
    if was_accepted(document):
        return (document.exact_data or {}).get("your_ref")
    return document.reference or None


def was_accepted(document: OrderSync) -> bool:
    """Whether a person or a backfill took what was made by hand, as it was then, whatever our rules give."""
    return bool((document.exact_data or {}).get("accepted"))


@dataclass(frozen=True, slots=True)
class _Line:
    code: str
    gl_account: str
    net: Decimal
    vat: Decimal


def _read_lines(amounts: Mapping[str, Any]) -> list[_Line]:
    """The lines of a draft, or of what Exact answered. A draft names a GL account by its id and by its code."""
    return [
        _Line(
            str(line["vat_code"]).strip(),
            str(line.get("gl_account_id", line.get("gl_account")) or "").casefold(),
            _decimal(line["net"]) or ZERO,
            _decimal(line["vat"]) or ZERO,
        )
        for line in amounts.get("lines", ())
    ]


def _come_to(lines: list[_Line], net: Decimal | None, vat: Decimal | None) -> bool:
    nets, vats = total(each.net for each in lines), total(each.vat for each in lines)
    return net is not None and vat is not None and max(abs(nets - net), abs(vats - vat)) < TOLERANCE


def _by_code(lines: list[_Line], sign: int) -> Codes:
    found: Codes = {}
    for line in lines:
        net, vat = found.get(line.code, (ZERO, ZERO))
        found[line.code] = (net + sign * line.net, vat + sign * line.vat)
    return found


def _by_gl_account(lines: list[_Line], sign: int) -> dict[str, Decimal]:
    """Net by GL account; empty when one is not known."""
    found: dict[str, Decimal] = {}
    for line in lines:
        found[line.gl_account] = found.get(line.gl_account, ZERO) + sign * line.net
    return {} if "" in found else found


def codes_of_exact(sums: Iterable[CodeSum], sign: int) -> Codes:
    """Return net and VAT by VAT code of a document in Exact."""
    return {each.code: (sign * each.net, sign * each.vat) for each in sums}


def redeemed(document: OrderSync | None) -> Decimal:
    """Return what certificates of a single purpose paid of the order: it is not invoiced."""
    return _decimal((document.draft or {}).get("redeemed")) or ZERO if document else ZERO


def together(sides: Iterable[Side]) -> Side:
    """Return what several documents come to: VAT and codes only when they are known of all."""
    known = list(sides)
    codes: Codes = {}
    for code, (net, vat) in (pair for side in known for pair in side.codes.items()):
        before = codes.get(code, (ZERO, ZERO))
        codes[code] = (before[0] + net, before[1] + vat)
    vats = [side.vat for side in known if side.vat is not None]
    return Side(
        gross=total(side.gross or ZERO for side in known),
        vat=total(vats) if len(vats) == len(known) else None,
        codes=codes if all(side.codes for side in known) else {},
    )


def due_in_exact(found: Iterable[OrderSync]) -> list[OrderSync]:
    """Return those that Exact should have: it made them, and nobody skipped them since."""
    return [row for row in found if row.exact_id and row.state != State.SKIPPED]


def entry(side: Side, day: date | None, facts: Facts, currency: str = "", count: int = 1) -> Entry:
    """Return the amounts of a document, or of `count`, as they are added up; unknown ones count as nothing."""
    gross, vat = side.gross or ZERO, side.vat or ZERO
    net = gross - vat if side.net is None else side.net
    return Entry(day, side.currency or currency, gross, net, vat, facts.country, facts.method, side.codes, count)


def _moment(value: Any) -> datetime | None:
    try:
        return read_moment(value or "")
    except Unreadable:
        return None


def _decimal(value: object) -> Decimal | None:
    if value is None:
        return None
    try:
        found = Decimal(str(value))
    except ArithmeticError:
        return None
    return found if found.is_finite() else None
