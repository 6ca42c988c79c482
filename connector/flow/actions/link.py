"""Links a document that a person made in Exact by hand. Its amounts must equal those of the order."""

import dataclasses
from collections.abc import Callable

from django.utils.translation import gettext as _

from connector.clients.errors import ClientError
from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import ENTRY_TYPES, Invoice
from connector.domain.choices import DocumentForm, DocumentKind
from connector.domain.document.differences import Difference, Differs, difference
from connector.domain.document.states import State
from connector.domain.invoice.draft import CREDIT_OF, TYPE_OF, Draft
from connector.flow.actions.transaction import NotPossible, action_data, by_hand, require_reason
from connector.flow.clock import database_now
from connector.flow.invoice import compare, exact_document
from connector.flow.invoice.snapshot import snapshot
from connector.flow.ledger import transitions
from connector.flow.outbound.clients import LaneClients
from connector.models import Division, OrderSync
from connector.models.document_words import said_noun_of
from connector.models.kept_words import english
from connector.problems import differences
from connector.problems.calls import in_words
from tenants.models import User

LINKABLE: dict[str, set[int]] = {
    DocumentKind.INVOICE: set(TYPE_OF.values()),
    DocumentKind.CREDIT: set(CREDIT_OF.values()),
}

AMOUNTS = ("amount_fc", "amount_dc", "amount_excl", "vat_amount")


def link(document: OrderSync, invoice_number: str, actor: User | None, reason: str) -> None:
    """Link the invoice with this number to the document. Raises NotPossible, with both amounts where they differ."""
    _link(document, lambda exact: _numbered(document, invoice_number.strip(), exact), actor, reason)


def link_by_id(document: OrderSync, exact_id: str, actor: User | None, reason: str, *, is_entry: bool) -> None:
    """Link the invoice or the sales entry with this id, which may have no number yet. Raises NotPossible as `link`."""

    def find(exact: ExactClient) -> Invoice:
        found = exact.read_entry(exact_id) if is_entry else exact.read_invoice(exact_id)
        if found is None:
            raise NotPossible(_("Exact does not have that document any more."))
        return found

    _link(document, find, actor, reason)


def _link(document: OrderSync, find: Callable[[ExactClient], Invoice], actor: User | None, reason: str) -> None:
    if document.state not in {State.BLOCKED, State.SKIPPED}:
        text = _("It is %(state)s. Only blocked and skipped documents can be linked.")
        raise NotPossible(text % {"state": document.get_state_display()})
    if document.total is None:
        raise NotPossible(_("The order was never read, so there is no amount to compare with. Refetch it first."))
    require_reason(reason)
    try:
        invoice = _found(document, find)
    except ClientError as error:
        text = _("Exact could not be asked for that number. %(error)s")
        raise NotPossible(text % {"error": in_words(error)}) from None
    _compare(document, invoice)
    form = exact_document.form_in_exact(invoice)
    # The draft of an entry does not describe an invoice, nor the reverse, so no credit note is made from it.
    entry = form == DocumentForm.SALES_ENTRY
    other = {"draft": None} if document.draft is not None and Draft.from_json(document.draft).is_entry != entry else {}
    with by_hand(None, reason):
        transitions.move(
            document,
            State.POSTED,
            english("Linked to %(document)s %(number)s: %(reason)s")
            % {"document": said_noun_of(document.kind, form), "number": invoice.number, "reason": reason},
            actor=actor,
            data={
                **action_data("link", reason),
                "exact_id": invoice.id,
                "number": invoice.number,
                "total": str(invoice.amount_fc),
                "before": document.exact_id,
            },
            exact_id=invoice.id,
            exact_number=invoice.number,
            form=form,
            **other,
            exact_data=snapshot(invoice, dated=invoice.dated, printed=invoice.is_final, accepted=True),
            replace_requested=False,
            recheck_at=None,
            posted_at=database_now(),
        )


def _found(document: OrderSync, find: Callable[[ExactClient], Invoice]) -> Invoice:
    division = Division.objects.select_related("grant__tenant").get(pk=document.division_id)
    clients = LaneClients(division)
    clients.document = document
    found = find(clients.exact)
    _check_free(document, found, clients.exact)
    # They are kept, so that a change of a VAT code or a GL account in Exact is seen later.
    read = clients.exact.entry_lines if found.type in ENTRY_TYPES else clients.exact.invoice_lines
    found = dataclasses.replace(found, lines=tuple(read(found.id)))
    return _as_credited(found) if document.is_credit else found


def _numbered(document: OrderSync, number: str, exact: ExactClient) -> Invoice:
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        text = _("'%(number)s' is not the number of a document in Exact. Give a whole number such as 26700001.")
        raise NotPossible(text % {"number": number})
    types = LINKABLE.get(document.kind, set())
    numbered = exact_document.with_number(document, int(number), exact)
    found = [invoice for invoice in numbered if invoice.type in types]
    names = {"division": document.division.code, "document": document.noun, "number": number, "count": len(found)}
    if not found:
        raise NotPossible(_("Division %(division)s has no %(document)s with the number %(number)s.") % names)
    if len(found) > 1:
        raise NotPossible(_("Division %(division)s has %(count)s documents with the number %(number)s.") % names)
    return found[0]


def _as_credited(note: Invoice) -> Invoice:
    """Return a credit note that was made by hand, with all amounts negative."""
    negative = {name: -abs(amount) for name in AMOUNTS if (amount := getattr(note, name)) is not None}
    sign = -1 if (note.amount_fc or 0) > 0 else 1
    lines = (dataclasses.replace(line, net=sign * line.net, vat=sign * line.vat) for line in note.lines)
    return dataclasses.replace(note, lines=tuple(lines), **negative)


def _check_free(document: OrderSync, invoice: Invoice, client: ExactClient) -> None:
    """Raise NotPossible when another order has the invoice, or when the order has another invoice."""
    other = OrderSync.objects.filter(division=document.division_id, exact_id=invoice.id).exclude(pk=document.pk)
    if theirs := other.first():
        text = _("%(number)s belongs to order %(order)s already.")
        raise NotPossible(text % {"number": invoice.number, "order": theirs.order_id})
    own = document.exact_id
    if own and own != invoice.id and (ours := exact_document.read(document, client)) is not None:
        text = _(
            "Exact still has the %(document)s that was made for this order, %(number)s. Delete it there first, or link "
            "that one."
        )
        raise NotPossible(text % {"document": document.noun, "number": ours.number or ours.id})


def _compare(document: OrderSync, invoice: Invoice) -> None:
    if document.draft is not None:
        found = compare.differences(Draft.from_json(document.draft), invoice)
    else:
        found = _differences(document, invoice)
    if found:
        text = _("%(number)s is not this order's: %(differences)s.")
        raise NotPossible(text % {"number": invoice.number, "differences": differences.in_words(found)})


def _differences(document: OrderSync, invoice: Invoice) -> list[Difference]:
    """Compare with the order's own total and currency, which are known without a draft."""
    found, theirs = [], invoice.amount_fc
    if theirs is None or abs(theirs - (document.total or 0)) >= compare.TOLERANCE:
        shown = "" if theirs is None else theirs
        found.append(difference(Differs.TOTAL_OF_ORDER, theirs=shown, ours=document.total))
    if invoice.currency != document.currency:
        found.append(difference(Differs.CURRENCY_OF_ORDER, theirs=invoice.currency, ours=document.currency))
    return found
