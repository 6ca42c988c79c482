"""The step that shows the five most different orders beside the invoices that they would become."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from connector.admin.fit_result import in_currency
from connector.clients.errors import ClientError
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.money import tidy
from connector.domain.order.model import Order, OrderLine, whole_key
from connector.flow.clock import database_now
from connector.flow.order.fetch import read
from connector.flow.outbound.clients import store_client
from connector.flow.setup.fit import run as fit_run
from connector.flow.setup.fit.trial import Trial, Tried
from connector.flow.setup.recent_orders import Recent
from connector.models import Connection, FitRun
from connector.models.amounts import written
from connector.onboarding.frame import Visit
from connector.problems import chosen_by
from connector.problems.calls import in_words
from connector.problems.catalogue import sentences


def show(visit: Visit) -> dict[str, Any]:
    """Return each order beside its invoice."""
    connection = visit.progress.connection
    assert connection is not None
    run = fit_run.latest(connection)
    errors = list(visit.draft.errors.get("", []))
    try:
        orders = [_shown(tried, connection) for tried in five(connection, run)]
    except ClientError as error:
        orders, errors = [], [_("The store was not reached. %(error)s") % {"error": in_words(error)}]
    return {"orders": orders, "errors": errors, "next": ""}


def act(visit: Visit) -> bool:
    """Note that a person has looked, and go on."""
    connection = visit.progress.connection
    assert connection is not None
    run = fit_run.latest(connection)
    if run is None or "go" not in visit.request.POST:
        return False
    FitRun.objects.filter(pk=run.pk).update(looked_at=database_now())
    return True


def five(connection: Connection, run: FitRun | None) -> list[Tried]:
    """Return the orders that the run chose, tried with the present rules. Raises the store client's errors.

    They are not read again: the run keeps them.
    """
    if run is None:
        return []
    kept = {str(row.order_id): row.order_data for row in run.orders.filter(order_id__in=map(int, run.five))}
    trial = Trial.of(connection, store_client(connection.store))
    wanted = [(int(order_id), kept.get(order_id)) for order_id in run.five]
    return [trial.tried(Recent(order_id, read(raw))) for order_id, raw in wanted if raw]


def _shown(tried: Tried, connection: Connection) -> dict[str, Any]:
    assert tried.fetched is not None
    order, draft = tried.fetched.order, tried.draft
    placed = order.created.astimezone(ZoneInfo(connection.store.timezone))
    return {
        "id": order.id,
        "placed": date_format(placed, "DATE_FORMAT"),
        "facts": ", ".join(filter(None, _facts(order))),
        "total": in_currency(order.total_inc, order.currency),
        "tax": in_currency(order.total_tax, order.currency),
        "problems": sentences(tried.outcome.problems),
        "draft": draft,
        "gross": in_currency(draft.gross, draft.currency) if draft else "",
        "vat": in_currency(draft.vat, draft.currency) if draft else "",
        "difference": in_currency(order.total_inc - draft.redeemed - draft.gross, draft.currency) if draft else "",
        "pairs": list(_pairs(order, draft)) if draft else [],
    }


def _facts(order: Order) -> tuple[str, ...]:
    countries = sorted({line.ship_to.country for line in order.lines if line.ship_to.country})
    return (
        _("to %(countries)s") % {"countries": ", ".join(countries)} if countries else "",
        _("company") if order.billing.company else _("private person"),
        order.payment_method,
    )


def _pairs(order: Order, draft: Draft) -> Any:
    """Yield each line of the order with the lines of the invoice that it becomes, then the lines that were added."""
    by_key: dict[str, list[DraftLine]] = {}
    for becomes in draft.lines:
        by_key.setdefault(whole_key(becomes.key), []).append(becomes)
    for line in order.lines:
        yield {"order": _order_line(line), "invoice": list(map(_invoice_line, by_key.pop(line.key, [])))}
    for added in by_key.values():
        yield {"order": None, "invoice": list(map(_invoice_line, added))}


def _order_line(line: OrderLine) -> dict[str, str]:
    return {
        "name": line.name or str(line.kind),
        "quantity": written(tidy(line.quantity)),
        "gross": written(line.gross),
        "tax": written(line.tax),
    }


def _invoice_line(line: DraftLine) -> dict[str, str]:
    return {
        "description": line.description,
        "item": _("%(item)s, a new item") % {"item": line.item_code} if line.new_sku else line.item_code,
        "quantity": written(tidy(line.quantity)),
        "price": written(line.net_price),
        "account": line.gl_account,
        "cost": " ".join(filter(None, (line.cost_center, line.cost_unit))),
        "why": chosen_by.in_words(line.rule),
        "vat_code": line.vat_code,
        "rate": written(tidy(line.vat_percentage)),
        "vat_why": chosen_by.in_words(line.vat_rule),
        "net": written(line.net),
        "vat": written(line.vat),
        "gross": written(line.gross),
    }
