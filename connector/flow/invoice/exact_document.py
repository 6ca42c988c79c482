"""What Exact has of a document: a sales invoice, or a sales entry where the connection books entries.

`OrderSync.form` says which. It follows the connection's setting until something is sent; from then on a document stays
what it was begun as, unless Exact has nothing of it.
"""

from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import ENTRY_TYPES, Invoice, InvoiceLine
from connector.domain.choices import DocumentForm
from connector.domain.invoice.draft import SALES_ENTRY, SALES_INVOICE, Draft
from connector.flow.ledger import transitions
from connector.models import OrderSync


def form_of(document: OrderSync) -> DocumentForm:
    """Return the form of a document: as it was begun, else as what it credits, or as its connection says."""
    if document.sent_at or document.exact_id:
        return DocumentForm(document.form)
    return DocumentForm(document.original.form if document.original else document.connection.document)


def form_in_exact(found: Invoice) -> DocumentForm:
    """Return the form of what Exact has."""
    return DocumentForm.SALES_ENTRY if found.type in ENTRY_TYPES else DocumentForm.SALES_INVOICE


def switch_form_if_unsent(document: OrderSync, client: ExactClient) -> None:
    """An order's document was sent in one form, without success, and its connection says another by now.

    When Exact has nothing with our reference in the old form, it is free to take the new one. What credits another
    keeps the form of that.
    """
    if document.form == document.connection.document or document.is_credit:
        return
    old = SALES_ENTRY if document.is_entry else SALES_INVOICE
    if not _look(document.reference, old, client):
        text = f"Exact has no {document.noun} of this order, and the connection does not make those any more."
        transitions.note(document, text, sent_at=None, form=document.connection.document)


def in_exact(document: OrderSync) -> dict[str, object]:
    """Say which document in Exact it is, for a problem's parameters."""
    return {"noun": document.noun, "number": document.exact_number or document.exact_id}


def read(document: OrderSync, client: ExactClient) -> Invoice:
    """Return the document as it stands in Exact. Raises NotFound when it is gone there."""
    return client.read_entry(document.exact_id) if document.is_entry else client.read_invoice(document.exact_id)


def lines(document: OrderSync, client: ExactClient) -> list[InvoiceLine]:
    """Return its lines as they stand in Exact."""
    return client.entry_lines(document.exact_id) if document.is_entry else client.invoice_lines(document.exact_id)


def find(draft: Draft, client: ExactClient) -> list[Invoice]:
    """Return all that carry the draft's reference and are of its type."""
    return _look(draft.reference, draft.type, client)


def _look(reference: str, kind: int, client: ExactClient) -> list[Invoice]:
    look = client.find_entries if kind in ENTRY_TYPES else client.find_invoices
    return look(reference, kind)


def with_number(document: OrderSync, number: int, client: ExactClient) -> list[Invoice]:
    """Return all with this number: of the form that the document has or would have, else of the other."""
    look = [client.invoices_numbered, client.entries_numbered]
    if form_of(document) == DocumentForm.SALES_ENTRY:
        look.reverse()
    return look[0](number) or look[1](number)
