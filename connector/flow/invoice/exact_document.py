"""A document in Exact: a sales invoice, or a sales entry where the connection books entries.

`OrderSync.form` says which. It follows the connection's setting until something is sent. After that it changes only
when Exact has nothing of the document.
"""

from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import ENTRY_TYPES, Invoice, InvoiceLine
from connector.domain.choices import DocumentForm
from connector.domain.invoice.draft import (
    CREDIT_ENTRY,
    CREDIT_NOTE,
    DIRECT_CREDIT_NOTE,
    DIRECT_INVOICE,
    FORM_OF,
    SALES_ENTRY,
    SALES_INVOICE,
    TYPE_OF,
    Draft,
)
from connector.flow.ledger import transitions
from connector.models import OrderSync
from connector.models.kept_words import english

# Forms that a connection may have changed from. To direct invoices it may have come from both others.
OTHER_FORMS = {
    SALES_INVOICE: (SALES_ENTRY,),
    SALES_ENTRY: (SALES_INVOICE,),
    DIRECT_INVOICE: (SALES_INVOICE, SALES_ENTRY),
    CREDIT_NOTE: (CREDIT_ENTRY,),
    CREDIT_ENTRY: (CREDIT_NOTE,),
    DIRECT_CREDIT_NOTE: (CREDIT_NOTE, CREDIT_ENTRY),
}


def form_of(document: OrderSync) -> DocumentForm:
    """Return the form in which the document was sent, else the form of what it credits, else the connection's."""
    if document.sent_at or document.exact_id:
        return DocumentForm(document.form)
    return DocumentForm(document.original.form if document.original else document.connection.document)


def form_in_exact(found: Invoice) -> DocumentForm:
    """Return the form of a document in Exact."""
    return FORM_OF.get(found.type, DocumentForm.SALES_INVOICE)


def switch_form_if_unsent(document: OrderSync, client: ExactClient) -> None:
    """Give the document the connection's present form when Exact has nothing of it in the old form.

    A credit note keeps the form of its invoice. Raises the client's errors.
    """
    if document.form == document.connection.document or document.is_credit:
        return
    old = TYPE_OF[DocumentForm(document.form)]
    if not _find_by_reference(document.reference, old, client):
        text = english("Exact has no %(noun)s of this order, and the connection does not make those any more.") % {
            "noun": document.said_noun
        }
        transitions.note(document, text, sent_at=None, form=document.connection.document)


def in_exact(document: OrderSync) -> dict[str, str]:
    """Return a problem's parameters that name the document in Exact."""
    return {"noun": document.english_noun, "number": document.exact_number or document.exact_id}


def read(document: OrderSync, client: ExactClient) -> Invoice | None:
    """Return the document as it is in Exact; None when Exact does not have it (any more)."""
    return client.read_entry(document.exact_id) if document.is_entry else client.read_invoice(document.exact_id)


def lines(document: OrderSync, client: ExactClient) -> list[InvoiceLine]:
    """Return its lines as they are in Exact."""
    return client.entry_lines(document.exact_id) if document.is_entry else client.invoice_lines(document.exact_id)


def find(draft: Draft, client: ExactClient) -> list[Invoice]:
    """Return the documents in Exact with the draft's reference and type."""
    return _find_by_reference(draft.reference, draft.type, client)


def find_in_other_form(draft: Draft, client: ExactClient) -> list[Invoice]:
    """Return the documents in Exact with the draft's reference that have another form."""
    return [each for kind in OTHER_FORMS[draft.type] for each in _find_by_reference(draft.reference, kind, client)]


def _find_by_reference(reference: str, kind: int, client: ExactClient) -> list[Invoice]:
    search = client.find_entries if kind in ENTRY_TYPES else client.find_invoices
    return search(reference, kind)


def with_number(document: OrderSync, number: int, client: ExactClient) -> list[Invoice]:
    """Return the documents in Exact with this number: those of the document's own form, else of the other form."""
    searches = [client.invoices_numbered, client.entries_numbered]
    if form_of(document) == DocumentForm.SALES_ENTRY:
        searches.reverse()
    return searches[0](number) or searches[1](number)
