"""What Exact has of a document: a sales invoice, or a sales entry where the connection books entries.

A document stays what it was begun as: once something was sent, a changed setting is for the next ones.
"""

from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Invoice, InvoiceLine
from connector.domain.invoice import Draft
from connector.models import OrderSync


def form_of(document: OrderSync) -> str:
    """Return `sales_invoice` or `sales_entry`: as it was begun, else as what it credits, or as its connection says."""
    if document.sent_at or document.exact_id:
        return document.form
    return document.original.form if document.original else document.connection.document


def read(document: OrderSync, client: ExactClient) -> Invoice:
    """Return the document as it stands in Exact. Raises NotFound when it is gone there."""
    return client.read_entry(document.exact_id) if document.is_entry else client.read_invoice(document.exact_id)


def lines(document: OrderSync, client: ExactClient) -> list[InvoiceLine]:
    """Return its lines as they stand in Exact."""
    return client.entry_lines(document.exact_id) if document.is_entry else client.invoice_lines(document.exact_id)


def find(draft: Draft, client: ExactClient) -> list[Invoice]:
    """Return all that carry the draft's reference and are of its type."""
    look = client.find_entries if draft.is_entry else client.find_invoices
    return look(draft.reference, draft.type)


def numbered(document: OrderSync, number: int, client: ExactClient) -> list[Invoice]:
    """Return all with this number, of the form that the document has or would have."""
    entries = form_of(document) == "sales_entry"
    return client.entries_numbered(number) if entries else client.invoices_numbered(number)
