"""The step that posts one chosen order: it is left open in Exact, read back, and kept or taken out again."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from connector.admin.documents.explanation import notices
from connector.admin.fit_result import in_currency
from connector.clients.exact.pages import account_page, division_page
from connector.domain.choices import DocumentKind
from connector.domain.document.states import State
from connector.flow.actions import first_document
from connector.flow.actions.transaction import NotPossible
from connector.flow.invoice.take_out import DECISION
from connector.flow.outbound.access_tokens import exact_base_url
from connector.flow.setup.fit import run as fit_run
from connector.flow.setup.progress import StepState
from connector.models import Connection, OrderSync
from connector.onboarding.fit_step import REFRESH_SECONDS
from connector.onboarding.frame import Visit


def show(visit: Visit) -> dict[str, Any]:
    """Return the orders to choose from, or the chosen one and how far it is."""
    connection = visit.progress.connection
    assert connection is not None
    document = first_document.chosen(connection)
    shown: dict[str, Any] = {
        "orders": _orders(connection),
        "document": document,
        "order_errors": visit.draft.errors.get("order", []),
        "chosen": visit.draft.typed.get("order", ""),
        "kept": None if document else _kept(connection),
    }
    if document is not None:
        shown |= _of_document(visit, document)
    return shown


def act(visit: Visit) -> bool:
    """Post the chosen order, keep its invoice, or have it taken out again."""
    connection, posted = visit.progress.connection, visit.request.POST
    assert connection is not None
    order_id = posted.get("order", "")
    try:
        if "post" in posted:
            _post(visit, connection, order_id)
        elif document := first_document.chosen(connection):
            if "right" in posted:
                first_document.keep(document, visit.user, _("It is right."))
                return True
            if "remove" in posted:
                first_document.take_out(document, visit.user, _("It is not wanted."))
    except NotPossible as refusal:
        visit.draft.keep(typed={"order": order_id}, errors={"order": [str(refusal)]})
    else:
        visit.draft.forget()
    return False


def _post(visit: Visit, connection: Connection, order_id: str) -> None:
    """Post an order of the five. Raises NotPossible."""
    run = fit_run.latest(connection)
    if run is None or order_id not in run.five:
        raise NotPossible(_("Choose one of the orders that you looked at."))
    first_document.choose(connection, int(order_id), visit.user, _("Chosen to be posted first."))


def _orders(connection: Connection) -> list[dict[str, str]]:
    """Return the five orders in a line each."""
    run = fit_run.latest(connection)
    if run is None:
        return []
    rows = {str(row.order_id): row.outcome or {} for row in run.orders.filter(order_id__in=map(int, run.five))}
    found = [(order_id, rows[order_id]) for order_id in run.five if order_id in rows]
    return [
        {
            "id": order_id,
            "total": in_currency(outcome["total"], outcome["currency"]) if outcome else "",
            "countries": ", ".join(
                trait.removeprefix("country ") for trait in outcome.get("traits", ()) if trait.startswith("country ")
            ),
        }
        for order_id, outcome in found
    ]


def _kept(connection: Connection) -> OrderSync | None:
    """Return the newest invoice that is in Exact and decided on; None when there is none."""
    rows = OrderSync.objects.filter(connection=connection, kind=DocumentKind.INVOICE, state=State.POSTED)
    return rows.filter(chosen_at=None).select_related("division", "connection").order_by("-id").first()


def _of_document(visit: Visit, document: OrderSync) -> dict[str, Any]:
    """Return what the page says of the chosen document."""
    if document.state == State.BLOCKED:
        return {"state": StepState.TROUBLE, "notices": notices(visit.request, document)}
    if document.state != State.POSTED or document.decision == DECISION:
        return {
            "state": StepState.RUNNING,
            "refresh": REFRESH_SECONDS,
            "leaves": document.decision == DECISION,
            "message": document.message,
        }
    return {"answer": _answer(document), "exact": _page_in_exact(document)}


def _page_in_exact(document: OrderSync) -> str:
    """Return the page of Exact that lists the document: its account's card, or the division's first page."""
    base_url, division = exact_base_url(document.division.region), document.division.code
    account = (document.exact_data or {}).get("account")
    return account_page(base_url, division, account) if account else division_page(base_url, division)


def _answer(document: OrderSync) -> dict[str, Any]:
    """Compare what Exact answered with what was meant."""
    exact, draft = document.exact_data or {}, document.draft or {}
    currency = str(exact.get("currency") or document.currency)
    rows = []
    for name, title in {"net": _("Net"), "vat": _("VAT"), "gross": _("Total")}.items():
        theirs, ours = exact.get(name), draft.get(name)
        if theirs is None or ours is None:
            continue
        difference = Decimal(theirs) - Decimal(ours)
        rows.append(
            {
                "title": title,
                "ours": in_currency(ours, currency),
                "theirs": in_currency(theirs, currency),
                "difference": in_currency(difference, currency),
                "same": not difference,
            }
        )
    return {
        "number": document.exact_number,
        "reference": document.reference,
        "order": document.order_id,
        "rows": rows,
        "is_entry": document.is_entry,
    }
