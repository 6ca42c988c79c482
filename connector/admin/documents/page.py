"""The page of one document: the order as fetched, the draft, the invoice as Exact answered, and the history."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from connector.admin.documents.explanation import Notice, notice
from connector.admin.documents.rule_links import rule_link
from connector.admin.documents.waiting_for import waits
from connector.domain.choices import DocumentKind
from connector.domain.document.explain import explain, explain_call, vendor_of
from connector.domain.document.states import State
from connector.domain.money import plain, shortest, tidy
from connector.domain.order.model import Address, Order, OrderLine
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.order.fetch import read
from connector.models import OrderSync, SyncEvent

BULKY = ("order_data", "draft", "exact_data")
HISTORY_SHOWN = 100
MOST_SIBLINGS = 20
HALF_A_CENT = Decimal("0.005")


def page_context(request: HttpRequest, document: OrderSync) -> dict[str, Any]:
    """Return what the page shows besides the document's own fields: eight queries at most, however long its history."""
    document.refresh_from_db(fields=BULKY)
    events = list(document.history.select_related("actor")[: HISTORY_SHOWN + 1])
    order, draft, answer = _order(document), _draft(document), _answer(document)
    meant = draft.get("totals") or (order or {}).get("totals", {})
    if order and document.kind == DocumentKind.INVOICE:
        draft["differs"] = differences(draft.get("totals", {}), order["totals"])
    answer["differs"] = differences(answer.get("totals", {}), meant)
    return {
        "notices": _notices(request, document),
        "changes": _changes(document),
        "order": order,
        "draft": draft,
        "answer": answer,
        "siblings": _siblings(document),
        "events": [_event(event) for event in events[:HISTORY_SHOWN]],
        "more_events": len(events) > HISTORY_SHOWN,
        "history_shown": HISTORY_SHOWN,
    }


def money(amount: Decimal | None, currency: str) -> str:
    """Write an amount with at least two decimals and its currency; nothing for None."""
    return "" if amount is None else f"{plain(tidy(amount, 2))} {currency}".strip()


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, str]:
    """Say of VAT and total by how much they differ; what is the same, or not known on both sides, is left out."""
    told = {}
    for name in ("vat", "gross"):
        ours_, theirs_ = _amount(ours.get(name)), _amount(theirs.get(name))
        if ours_ is not None and theirs_ is not None and abs(ours_ - theirs_) >= HALF_A_CENT:
            told[name] = f"{plain(tidy(abs(ours_ - theirs_), 2))} {'more' if ours_ > theirs_ else 'less'}"
    return told


def _notices(request: HttpRequest, document: OrderSync) -> list[Notice]:
    """Why it is held or skipped; else what it waits for."""
    if document.reason:
        return [notice(request, explain(document.reason, document.message), document, message=document.message)]
    told = waits(document, database_now())
    message = document.message if document.state in {State.WAITING, State.UNCERTAIN} else ""
    # The message belongs to the last one, which says what comes next.
    return [notice(request, each, document, message=message if each is told[-1] else "") for each in told]


def _changes(document: OrderSync) -> list[str]:
    """How a changed order differs from what was posted, one sentence for each field."""
    if not document.change_pending:
        return []
    told = document.history.filter(data__has_key="differences").values_list("data", flat=True).first()
    return list(told["differences"]) if told else ["The order was refunded or cancelled, in whole or in part."]


def _siblings(document: OrderSync) -> list[OrderSync]:
    """The other documents of the same order: further invoices, credits, those of another connection of the store."""
    same = OrderSync.objects.filter(order_id=document.order_id, connection__store=document.connection.store_id)
    others = same.exclude(pk=document.pk).defer(*BULKY).select_related("division").order_by("-id")
    return list(others[:MOST_SIBLINGS])


def _order(document: OrderSync) -> dict[str, Any] | None:
    """The order as it was read; None when it never was, or cannot be understood."""
    raw = document.order_data
    if not isinstance(raw, dict) or not isinstance(raw.get("order"), dict):
        return None
    try:
        order = read(raw).order
    except Hold:
        return None
    store = document.connection.store
    return {
        "placed": f"{order.created.astimezone(ZoneInfo(store.timezone)):%d %b %Y, %H:%M} ({store.timezone})",
        "status": raw["order"].get("status") or f"status {order.status_id}",
        "payment": order.payment_method,
        "customer": order.billing.company or order.billing.name,
        "billing": short(order.billing),
        "ship_to": [short(address) for address in order.ship_to],
        "lines": [_order_line(line) for line in order.lines],
        "currency": order.currency,
        "totals": _order_totals(order),
    }


def _order_line(line: OrderLine) -> dict[str, str]:
    return {
        "quantity": shortest(line.quantity),
        "name": line.name,
        "sku": line.sku,
        "country": line.ship_to.country,
        "net": plain(line.net),
        "tax": plain(line.tax),
        "gross": plain(line.gross),
    }


def _order_totals(order: Order) -> dict[str, str]:
    return {"net": plain(order.total_ex), "vat": plain(order.total_tax), "gross": plain(order.total_inc)}


def short(address: Address) -> str:
    """An address in a line."""
    town = f"{address.postcode} {address.city}".strip()
    return ", ".join(part for part in (address.company, address.street_1, town, address.country) if part)


def _draft(document: OrderSync) -> dict[str, Any]:
    """The draft with its rules as links; whatever an odd one lacks is left out."""
    draft = document.draft if isinstance(document.draft, dict) else {}
    shown = _dicts(draft.get("lines"))
    return {
        **draft,
        "totals": {name: draft.get(name) for name in ("net", "vat", "gross")} if draft else {},
        "lines": [
            {**line, "by": rule_link(document, line.get("rule")), "vat_by": rule_link(document, line.get("vat_rule"))}
            for line in shown
        ],
    }


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _answer(document: OrderSync) -> dict[str, Any]:
    """The invoice as Exact answered last."""
    data = document.exact_data if isinstance(document.exact_data, dict) else {}
    return {
        **data,
        "number": document.exact_number or data.get("number") or "",
        "totals": {name: _written(data.get(name)) for name in ("net", "vat", "gross")} if data else {},
        "lines": [
            {**line, "net": _written(line.get("net")), "vat": _written(line.get("vat"))}
            for line in _dicts(data.get("lines"))
        ],
    }


def _event(event: SyncEvent) -> dict[str, Any]:
    """One step of the history; a call that failed says in plain words why, and keeps the vendor's own for a click."""
    data = event.data if isinstance(event.data, dict) else {}
    if event.kind != SyncEvent.Kind.CALL or not data.get("failed"):
        return {"row": event, "text": event.text, "raw": ""}
    place = f"{data.get('method', '')} {data.get('endpoint', '')}".strip()
    return {
        "row": event,
        "text": f"{place}: {explain_call(event.text)}",
        "raw": event.text,
        "vendor": vendor_of(event.text),
    }


def _written(value: object) -> str:
    amount = _amount(value)
    return "" if amount is None else plain(tidy(amount, 2))


def _amount(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None
