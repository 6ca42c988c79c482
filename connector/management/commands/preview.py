"""`manage.py preview`: show the document that an order would become, without a call to Exact."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from connector.admin.documents.explanation import page_of
from connector.clients.errors import ClientError, NotFound
from connector.domain.document.result import most_serious
from connector.domain.invoice.draft import CREDIT_ENTRY, CREDIT_NOTE, SALES_ENTRY, SALES_INVOICE, Draft, DraftLine
from connector.domain.money import plain, shortest
from connector.flow.ledger.due_receipts import settlement_text
from connector.flow.pipeline.preview import Preview, choose, preview
from connector.models import Connection, OrderSync
from connector.problems.catalogue import explain, sentence
from tenants.models import Tenant

NAMES = {
    SALES_INVOICE: "Sales invoice",
    CREDIT_NOTE: "Sales credit note",
    SALES_ENTRY: "Sales entry",
    CREDIT_ENTRY: "Sales entry that credits",
}


class Command(BaseCommand):
    """Reads the order from the store, and shows what would be posted, or why nothing would be posted."""

    help = (
        "Show the document that an order would become, and which rules chose its codes. The store is read; Exact is "
        "not called and nothing is changed. Exit code 0 when a document would be posted, 1 when it is held or skipped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the order and its connection."""
        parser.add_argument("--tenant", required=True, help="the tenant's slug")
        parser.add_argument("--store", required=True, help="the store hash")
        parser.add_argument("--order", required=True, type=int, help="the order's number in the store")
        parser.add_argument(
            "--division", type=int, help="take the connection to this division, if the store has several connections"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show it. Raises CommandError when the order cannot be read or no document would be posted."""
        connection = _connection(options["tenant"], options["store"], options["division"])
        if options["order"] < 1:
            raise CommandError("An order's number is 1 or more.")
        try:
            found = preview(connection, options["order"])
        except NotFound:
            raise CommandError(f"The store {options['store']} has no order {options['order']}.") from None
        except ClientError as error:
            raise CommandError(f"The order could not be read. {error}") from None
        if options["json"]:
            self.stdout.write(json.dumps({**found.to_json(), "mend": _advice(found)}))
        else:
            self.stdout.write("\n".join(_shown(found)))
        if found.draft is None:
            raise CommandError(f"Order {found.order_id} would be {found.outcome}: {found.reason}.")


def _connection(tenant: str, store: str, division: int | None) -> Connection:
    if not Tenant.objects.filter(slug=tenant).exists():
        raise CommandError(f"There is no tenant {tenant!r}.")
    rows = Connection.objects.select_related("store__tenant", "division__grant__tenant")
    found = rows.filter(store__tenant__slug=tenant, store__store_hash=store)
    if division:
        found = found.filter(division__code=division)
    if not found:
        where = f" to division {division}" if division else ""
        raise CommandError(f"The tenant has no connection of a store {store!r}{where}.")
    return choose(list(found))


def _shown(found: Preview) -> Iterator[str]:
    yield f"Order {found.order_id}, {found.connection} ({found.connection.mode})"
    if found.document:
        number = f", invoice {found.document.exact_number}" if found.document.exact_number else ""
        yield f"In the ledger: {found.document.state}{number}"
    for problem in found.problems:
        yield f"  {sentence(problem)}"
    if advice := _advice(found):
        yield f"What to do: {advice['who']}"
        yield f"Page: {advice['page']}"
    if found.payment_status:
        yield f"Payment status: {found.payment_status}"
    if found.draft:
        yield from _draft(found.draft, found.customer)
        if found.to_settle:
            yield f"To settle by hand in Exact: {settlement_text(found.to_settle, found.draft.currency)}"
    for each in found.refunds:
        yield f"Then refund {each.refund}:{f' {each.text}' if each.text else ''}"
        if each.draft:
            yield from _draft(each.draft, "the account that was invoiced")


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
    condition = draft.payment_condition or "the account's own"
    yield f"{NAMES[draft.type]} {draft.reference}, {draft.description}, of {draft.order_date}, on {customer}"
    yield f"Journal {draft.journal}, currency {draft.currency}, payment condition {condition}"
    yield from filter(None, (draft.remarks, draft.notes))
    for line in draft.lines:
        yield from _line(line)
    yield f"Net {plain(draft.net)}, VAT {plain(draft.vat)}, total {plain(draft.gross)} {draft.currency}"


def _line(line: DraftLine) -> Iterator[str]:
    cost = " ".join(filter(None, (line.cost_center, line.cost_unit)))
    item = f"  [{line.item_code}]" if line.item_code else ""
    yield f"  {shortest(line.quantity)} x {plain(line.net_price)}  {line.description}{item}"
    yield f"      GL account {line.gl_account}{f', {cost}' if cost else ''} ({line.rule})"
    forced = ", VAT sent as the shop charged it" if line.vat_amount is not None else ""
    yield f"      VAT code {line.vat_code}, {shortest(line.vat_percentage)} % ({line.vat_rule}{forced})"
    yield f"      net {plain(line.net)}, VAT {plain(line.vat)}, gross {plain(line.gross)}"
