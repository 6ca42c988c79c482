"""`manage.py preview`: show the document that an order would become, without a call to Exact."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.documents.explanation import page_of
from connector.clients.errors import ClientError, NotFound
from connector.domain.document.result import most_serious
from connector.domain.invoice.draft import (
    CREDIT_ENTRY,
    CREDIT_NOTE,
    DIRECT_CREDIT_NOTE,
    DIRECT_INVOICE,
    SALES_ENTRY,
    SALES_INVOICE,
    Draft,
    DraftLine,
)
from connector.domain.money import plain, shortest
from connector.flow.pipeline.preview import Following, Preview, choose, preview
from connector.models import Connection, OrderSync
from connector.problems import chosen_by
from connector.problems.calls import in_words
from connector.problems.catalogue import explain, sentence
from tenants.models import Tenant

NAMES = {
    SALES_INVOICE: gettext_lazy("Sales invoice"),
    CREDIT_NOTE: gettext_lazy("Sales credit note"),
    DIRECT_INVOICE: gettext_lazy("Direct invoice"),
    DIRECT_CREDIT_NOTE: gettext_lazy("Direct credit note"),
    SALES_ENTRY: gettext_lazy("Sales entry"),
    CREDIT_ENTRY: gettext_lazy("Sales entry that credits"),
}


class Command(BaseCommand):
    """Reads the order from the store, and shows what would be posted, or why nothing would be posted."""

    help = _(
        "Show the document that an order would become, and which rules chose its codes. The store is read; Exact is "
        "not called and nothing is changed. Exit code 0 when a document would be posted, 1 when it is held or skipped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the order and its connection."""
        parser.add_argument("--tenant", required=True, help=_("the tenant's slug"))
        parser.add_argument("--store", required=True, help=_("the store hash"))
        parser.add_argument("--order", required=True, type=int, help=_("the order's number in the store"))
        parser.add_argument(
            "--division", type=int, help=_("take the connection to this division, if the store has several connections")
        )
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Show it. Raises CommandError when the order cannot be read or no document would be posted."""
        connection = _connection(options["tenant"], options["store"], options["division"])
        if options["order"] < 1:
            raise CommandError(_("An order's number is 1 or more."))
        try:
            found = preview(connection, options["order"])
        except NotFound:
            text = _("The store %(store)s has no order %(order)s.")
            raise CommandError(text % {"store": options["store"], "order": options["order"]}) from None
        except ClientError as error:
            raise CommandError(_("The order could not be read. %(error)s") % {"error": in_words(error)}) from None
        if options["json"]:
            self.stdout.write(json.dumps({**found.to_json(), "mend": _advice(found)}))
        else:
            self.stdout.write("\n".join(_shown(found)))
        if found.draft is None:
            text = _("Order %(order)s would be %(outcome)s: %(reason)s.")
            raise CommandError(text % {"order": found.order_id, "outcome": found.outcome, "reason": found.reason})


def _connection(tenant: str, store: str, division: int | None) -> Connection:
    if not Tenant.objects.filter(slug=tenant).exists():
        raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": tenant})
    rows = Connection.objects.select_related("store__tenant", "division__grant__tenant")
    found = rows.filter(store__tenant__slug=tenant, store__store_hash=store)
    if division:
        found = found.filter(division__code=division)
    if not found:
        text = (
            _("The tenant has no connection of a store '%(store)s' to division %(division)s.")
            if division
            else _("The tenant has no connection of a store '%(store)s'.")
        )
        raise CommandError(text % {"store": store, "division": division})
    return choose(list(found))


def _shown(found: Preview) -> Iterator[str]:
    order = {"order": found.order_id, "connection": found.connection, "mode": found.connection.mode}
    yield _("Order %(order)s, %(connection)s (%(mode)s)") % order
    if found.document:
        yield _in_the_ledger(found.document)
    for problem in found.problems:
        yield f"  {sentence(problem)}"
    if advice := _advice(found):
        yield _("What to do: %(advice)s") % {"advice": advice["who"]}
        yield _("Page: %(page)s") % {"page": advice["page"]}
    if found.payment_status:
        yield _("Payment status: %(status)s") % {"status": found.payment_status}
    if found.draft:
        yield from _draft(found.draft, found.customer)
    if found.by_hand:
        yield _("To settle by hand in Exact: %(amounts)s") % {"amounts": found.by_hand}
    for refund in found.refunds:
        yield from _refund(refund)


def _in_the_ledger(document: OrderSync) -> str:
    text = _("In the ledger: %(state)s, invoice %(number)s") if document.exact_number else _("In the ledger: %(state)s")
    return text % {"state": document.state, "number": document.exact_number}


def _refund(found: Following) -> Iterator[str]:
    text = _("Then refund %(refund)s: %(text)s") if found.text else _("Then refund %(refund)s:")
    yield text % {"refund": found.refund, "text": found.text} if found.refund else found.text
    if found.draft:
        yield from _draft(found.draft, _("the account that was invoiced"))


def _advice(found: Preview) -> dict[str, str] | None:
    """Return what a person must do and on which page, as the portal says; None when there is no problem."""
    if not found.problems:
        return None
    worst = most_serious(found.problems)
    explanation = explain(worst.code, worst.params)
    order = OrderSync(order_id=found.order_id) if explanation.where == "bigcommerce" else None
    page = page_of(explanation, found.connection, found.document or order)
    return {"who": str(explanation.who), "page": f"{settings.PUBLIC_URL}{page}" if page.startswith("/") else page}


def _draft(draft: Draft, customer: str) -> Iterator[str]:
    yield _("%(name)s %(reference)s, %(description)s, of %(day)s, on %(customer)s") % {
        "name": NAMES[draft.type],
        "reference": draft.reference,
        "description": draft.description,
        "day": draft.order_date,
        "customer": customer,
    }
    yield _("Journal %(journal)s, currency %(currency)s, payment condition %(condition)s") % {
        "journal": draft.journal,
        "currency": draft.currency,
        "condition": draft.payment_condition or _("the account's own"),
    }
    if draft.warehouse:
        yield _("Warehouse %(warehouse)s") % {"warehouse": draft.warehouse}
    yield from filter(None, (draft.remarks, draft.notes))
    for line in draft.lines:
        yield from _line(line)
    amounts = {"net": plain(draft.net), "vat": plain(draft.vat), "gross": plain(draft.gross)}
    yield _("Net %(net)s, VAT %(vat)s, total %(gross)s %(currency)s") % {**amounts, "currency": draft.currency}


def _line(line: DraftLine) -> Iterator[str]:
    shown = _("%(item)s, a new item") % {"item": line.item_code} if line.new_sku else line.item_code
    item = f"  [{shown}]" if shown else ""
    yield f"  {shortest(line.quantity)} x {plain(line.net_price)}  {line.description}{item}"
    booked = ", ".join(filter(None, (line.gl_account, " ".join(filter(None, (line.cost_center, line.cost_unit))))))
    yield "      " + _("GL account %(booked)s (%(rule)s)") % {"booked": booked, "rule": chosen_by.in_words(line.rule)}
    text = (
        _("VAT code %(code)s, %(percentage)s %% (%(rule)s)")
        if line.vat_amount is None
        else _("VAT code %(code)s, %(percentage)s %% (%(rule)s, VAT sent as the shop charged it)")
    )
    rate = {
        "code": line.vat_code,
        "percentage": shortest(line.vat_percentage),
        "rule": chosen_by.in_words(line.vat_rule),
    }
    yield "      " + text % rate
    amounts = {"net": plain(line.net), "vat": plain(line.vat), "gross": plain(line.gross)}
    yield "      " + _("net %(net)s, VAT %(vat)s, gross %(gross)s") % amounts
