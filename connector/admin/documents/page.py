"""The page of one document: the order as fetched, the draft, the invoice as Exact answered, and the history."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from connector.admin.documents.explanation import Notice, event_in_words, in_words, notice, notices, vendor_of
from connector.admin.documents.rule_links import rule_link
from connector.admin.documents.waiting_for import waits
from connector.clients.transport import Upstream
from connector.domain.choices import DocumentKind
from connector.domain.document.result import from_json
from connector.domain.document.states import State
from connector.domain.invoice.redeemed import REDEEMED
from connector.domain.money import minor_digits, plain, round_half_up, shortest, tidy
from connector.domain.order.model import Address, Order, OrderLine
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.order.fetch import read
from connector.models import OrderSync, SyncEvent
from connector.models.amounts import for_reader, written
from connector.problems.catalogue import EXACT, STORE, explain_call, sentence

BULKY = ("order_data", "draft", "exact_data")
HISTORY_SHOWN = 100
MOST_SIBLINGS = 20
VENDORS = {Upstream.EXACT: EXACT, Upstream.BIGCOMMERCE: STORE}
HALF_A_CENT = Decimal("0.005")


def page_context(request: HttpRequest, document: OrderSync) -> dict[str, Any]:
    """Return what the page shows besides the document's own fields: at most eight queries, however long its history."""
    document.refresh_from_db(fields=BULKY)
    events = list(document.history.select_related("actor")[: HISTORY_SHOWN + 1])
    order, draft, answer, siblings = _order(document), _draft(document), _answer(document), _siblings(document)
    meant = draft.get("totals") or (order or {}).get("totals", {})
    if order and document.kind == DocumentKind.INVOICE:
        draft["differs"] = differences(draft.get("totals", {}), _less_redeemed(order["totals"], draft["lines"]))
    answer["differs"] = differences(answer.get("totals", {}), meant)
    answer["exchange_difference"] = exchange_difference(document)
    return {
        "notices": _notices(request, document),
        "changes": _changes(document),
        "order": order and _for_reader(order),
        "draft": _for_reader(draft),
        "answer": _for_reader(answer),
        "siblings": siblings,
        "unbooked": [(each, in_words(each)) for each in siblings if _is_held_receipt(each)],
        "events": [_event(event) for event in events[:HISTORY_SHOWN]],
        "more_events": len(events) > HISTORY_SHOWN,
        "history_shown": HISTORY_SHOWN,
    }


def _for_reader(part: Mapping[str, Any]) -> dict[str, Any]:
    """Return the order, the draft or the answer with amounts and days in the reader's form."""
    lines, totals = map(for_reader, part["lines"]), for_reader(part["totals"])
    return {**for_reader(part), "lines": list(lines), "totals": totals}


def money(amount: Decimal | None, currency: str) -> str:
    """Write an amount with at least two decimals and its currency; nothing for None."""
    return "" if amount is None else f"{written(tidy(amount, 2))} {currency}".strip()


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, str]:
    """Return by how much VAT and total differ. What is the same, or not known on both sides, is left out."""
    found = {}
    for name in ("vat", "gross"):
        ours_, theirs_ = _amount(ours.get(name)), _amount(theirs.get(name))
        if ours_ is not None and theirs_ is not None and abs(ours_ - theirs_) >= HALF_A_CENT:
            text = _("%(amount)s more") if ours_ > theirs_ else _("%(amount)s less")
            found[name] = text % {"amount": written(tidy(abs(ours_ - theirs_), 2))}
    return found


def _notices(request: HttpRequest, document: OrderSync) -> list[Notice]:
    """Return why it is held or skipped, or else what it waits for."""
    if document.reason:
        return notices(request, document)
    found = waits(document, database_now())
    message = in_words(document) if document.state in {State.WAITING, State.UNCERTAIN} else ""
    vendor = next(map(vendor_of, document.causes), "")
    others = [notice(request, each, document) for each in found[:-1]]
    # The message belongs to the last notice, which says what comes next.
    return [*others, *(notice(request, each, document, message=message, vendor=vendor) for each in found[-1:])]


def _changes(document: OrderSync) -> list[str]:
    """Return how a changed order differs from what was posted, one sentence per field."""
    if not document.change_pending:
        return []
    reported = document.history.filter(data__has_key="differences")
    data = reported.values_list("data", flat=True).first()
    if not data:
        return [_("The order was refunded or cancelled, in whole or in part.")]
    # Of a change from before there were codes the history has the sentences.
    kept = [each for each in data["differences"] if isinstance(each, str)]
    return kept or list(map(sentence, from_json(data["differences"])))


def _siblings(document: OrderSync) -> list[OrderSync]:
    """Return the other documents of the same order: further invoices, credits, those of another connection."""
    same = OrderSync.objects.filter(order_id=document.order_id, connection__store=document.connection.store_id)
    others = same.exclude(pk=document.pk).defer(*BULKY).select_related("division").order_by("-id")
    return list(others[:MOST_SIBLINGS])


def _is_held_receipt(document: OrderSync) -> bool:
    return document.kind == DocumentKind.RECEIPT and document.state == State.BLOCKED


def _order(document: OrderSync) -> dict[str, Any] | None:
    """Return the order as it was read; None when it was not read or cannot be understood."""
    raw = document.order_data
    if not isinstance(raw, dict) or not isinstance(raw.get("order"), dict):
        return None
    try:
        order = read(raw).order
    except Hold:
        return None
    store = document.connection.store
    placed = order.created.astimezone(ZoneInfo(store.timezone))
    return {
        "placed": f"{date_format(placed, 'DATETIME_FORMAT')} ({store.timezone})",
        "status": raw["order"].get("status") or _("status %(number)s") % {"number": order.status_id},
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
    """Return an address in one line."""
    town = f"{address.postcode} {address.city}".strip()
    return ", ".join(part for part in (address.company, address.street_1, town, address.country) if part)


def _draft(document: OrderSync) -> dict[str, Any]:
    """Return the draft with its rules as links. What the draft lacks is left out."""
    draft = document.draft if isinstance(document.draft, dict) else {}
    shown = _dicts(draft.get("lines"))
    return {
        **draft,
        "totals": {name: draft.get(name) for name in ("net", "vat", "gross")} if draft else {},
        "lines": [
            {
                **line,
                "by": rule_link(document, line.get("rule")),
                "vat_by": rule_link(document, line.get("vat_rule")),
                "item_by": rule_link(document, line.get("item_rule")).text,
            }
            for line in shown
        ],
    }


def _less_redeemed(totals: Mapping[str, str], lines: list[dict[str, Any]]) -> dict[str, str]:
    """Return the order's totals less what gift certificates of a single purpose paid, which the draft says itself."""
    taken = [line for line in lines if line.get("key") == REDEEMED]
    return {
        name: plain(Decimal(amount) + sum(_amount(line.get(name)) or 0 for line in taken))
        for name, amount in totals.items()
    }


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _answer(document: OrderSync) -> dict[str, Any]:
    """Return the invoice as Exact last answered."""
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


def exchange_difference(document: OrderSync) -> str:
    """Return by how much a foreign credit note and its part of the invoice differ in the division's currency."""
    home, invoice = document.division.currency, document.original
    if invoice is None or document.currency == home:
        return ""
    credit, whole = (each.exact_data if isinstance(each.exact_data, dict) else {} for each in (document, invoice))
    amounts = [_amount(data.get(name)) for data in (credit, whole) for name in ("gross", "home")]
    gross, counted, invoiced, invoiced_home = amounts
    if gross is None or counted is None or not invoiced or invoiced_home is None:
        return ""
    part = round_half_up(abs(gross) * invoiced_home / invoiced, minor_digits(home))
    if not (difference := part - abs(counted)):
        return ""
    text = _(
        "Exact counts it as %(counted)s and that part of %(invoice)s as %(part)s, because the exchange rate has "
        "changed. Book %(difference)s as an exchange difference."
    )
    return text % {
        "counted": money(abs(counted), home),
        "invoice": invoice.title,
        "part": money(part, home),
        "difference": money(abs(difference), home),
    }


def _event(event: SyncEvent) -> dict[str, Any]:
    """Return one step of the history. A failed call has plain words, and the vendor's own words as `raw`."""
    data = event.data if isinstance(event.data, dict) else {}
    if event.kind != SyncEvent.Kind.CALL or not data.get("failed"):
        return {"row": event, "text": event_in_words(event), "raw": ""}
    place = f"{data.get('method', '')} {data.get('endpoint', '')}".strip()
    vendor, status = VENDORS.get(data.get("upstream", ""), ""), int(data.get("status") or 0)
    said = data.get("detail", event.text)  # calls were kept before they had the vendor's own text apart
    explanation = explain_call(vendor, status, said)
    why = explanation.what_happened if explanation else _("The call failed. The connector's next step is above.")
    return {"row": event, "text": f"{place}: {why}", "raw": event.text, "vendor": vendor if status else ""}


def _written(value: object) -> str:
    amount = _amount(value)
    return "" if amount is None else plain(tidy(amount, 2))


def _amount(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None
