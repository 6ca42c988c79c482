"""Link: a person typed the document in Exact by hand and names it; its amounts decide whether it is the order's."""

import dataclasses

from connector.clients.errors import ClientError
from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Invoice
from connector.domain.choices import DocumentKind
from connector.domain.document.states import State
from connector.domain.invoice.draft import CREDIT_ENTRY, CREDIT_NOTE, SALES_ENTRY, SALES_INVOICE, Draft
from connector.flow.actions.transaction import NotPossible, by_hand, require_reason, told
from connector.flow.clock import database_now
from connector.flow.invoice import compare, exact_document, replace
from connector.flow.invoice.snapshot import answered
from connector.flow.ledger import transitions
from connector.flow.outbound.clients import LaneClients
from connector.models import Division, OrderSync
from connector.models.documents import NOUNS
from tenants.models import User

# Direct ones also deliver the goods, or take them back (Exact's reference, SalesInvoices.Type).
DIRECT_INVOICE, DIRECT_CREDIT_NOTE = 8023, 8024
LINKABLE: dict[str, set[int]] = {
    DocumentKind.INVOICE: {SALES_INVOICE, DIRECT_INVOICE, SALES_ENTRY},
    DocumentKind.CREDIT: {CREDIT_NOTE, DIRECT_CREDIT_NOTE, CREDIT_ENTRY},
}

AMOUNTS = ("amount_fc", "amount_dc", "amount_excl", "vat_amount")


def link(document: OrderSync, invoice_number: str, actor: User | None, reason: str) -> None:
    """Take the invoice with this number for the document's own. Raises NotPossible, with both figures where they
    differ."""
    if document.state not in {State.BLOCKED, State.SKIPPED}:
        raise NotPossible(f"It is {document.get_state_display()}; only blocked and skipped ones are linked.")
    if document.total is None:
        raise NotPossible("The order was never read, so there is no amount to compare with. Refetch it first.")
    require_reason(reason)
    try:
        invoice = _find(document, invoice_number.strip())
    except ClientError as error:
        raise NotPossible(f"Exact could not be asked for that number. {error}") from None
    _compare(document, invoice)
    form = exact_document.form_in_exact(invoice)
    # A draft of the other form tells nothing about what was typed: no credit note is worked out from it.
    other = {"draft": None} if document.draft is not None and Draft.from_json(document.draft).form != form else {}
    with by_hand(None, reason):
        transitions.move(
            document,
            State.POSTED,
            f"Linked to {NOUNS.get((document.kind, form), document.kind)} {invoice.number}: {reason}",
            actor=actor,
            data={
                **told("link", reason),
                "exact_id": invoice.id,
                "number": invoice.number,
                "total": str(invoice.amount_fc),
                "before": document.exact_id,
            },
            exact_id=invoice.id,
            exact_number=invoice.number,
            form=form,
            **other,
            exact_data=answered(invoice, dated=invoice.dated, printed=invoice.is_final),
            replace_requested=False,
            recheck_at=None,
            posted_at=database_now(),
        )


def _find(document: OrderSync, number: str) -> Invoice:
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotPossible(f"{number!r} is no number of a document in Exact; it is a whole number such as 26700001.")
    division = Division.objects.select_related("grant__tenant").get(pk=document.division_id)
    clients = LaneClients(division)
    clients.document = document
    types = LINKABLE.get(document.kind, set())
    found = [each for each in exact_document.with_number(document, int(number), clients.exact) if each.type in types]
    if not found:
        raise NotPossible(f"Division {division.code} has no {document.noun} with the number {number}.")
    if len(found) > 1:
        raise NotPossible(f"Division {division.code} has {len(found)} documents with the number {number}.")
    _check_free(document, found[0], clients.exact)
    return _as_credited(found[0]) if document.is_credit else found[0]


def _as_credited(note: Invoice) -> Invoice:
    """A credit note that was typed by hand, with its amounts below zero, whichever sign it was typed with."""
    negative = {name: -abs(amount) for name in AMOUNTS if (amount := getattr(note, name)) is not None}
    return dataclasses.replace(note, **negative)


def _check_free(document: OrderSync, invoice: Invoice, client: ExactClient) -> None:
    """One invoice is of one order, and one order has one invoice."""
    other = OrderSync.objects.filter(division=document.division_id, exact_id=invoice.id).exclude(pk=document.pk)
    if theirs := other.first():
        raise NotPossible(f"{invoice.number} is the one of order {theirs.order_id} already.")
    own = document.exact_id
    if own and own != invoice.id and (ours := replace.still_in_exact(document, client)) is not None:
        raise NotPossible(
            f"Exact still has the {document.noun} that was made for this order, {ours.number or ours.id}. "
            "Delete it there first, or link that one."
        )


def _compare(document: OrderSync, invoice: Invoice) -> None:
    if document.draft is not None:
        differences = compare.differences(Draft.from_json(document.draft), invoice)
    else:
        differences = _differences(document, invoice)
    if differences:
        raise NotPossible(f"{invoice.number} is not this order's: {differences}.")


def _differences(document: OrderSync, invoice: Invoice) -> str:
    """Without a draft the order's own total and currency are what is known."""
    found = []
    if invoice.amount_fc is None or abs(invoice.amount_fc - (document.total or 0)) >= compare.TOLERANCE:
        found.append(f"total {invoice.amount_fc} in Exact, {document.total} in the order")
    if invoice.currency != document.currency:
        found.append(f"currency {invoice.currency} in Exact, {document.currency} in the order")
    return "; ".join(found)
