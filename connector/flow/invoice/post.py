"""Posts a document exactly once: creates the invoice, compares Exact's totals with ours, prints it; or books the entry.

Once Exact's id is known, nothing is created again: later turns read that invoice and finish it.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext_noop

from connector.clients import errors
from connector.clients.exact.bodies import EntryIn, EntryLineIn, InvoiceIn, InvoiceLineIn
from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Invoice
from connector.domain.document.codes import Code
from connector.domain.document.differences import as_param
from connector.domain.document.lengths import shorten
from connector.domain.document.states import State, Step
from connector.domain.invoice.draft import Draft
from connector.flow import alerts, fault_points
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.invoice import booking_date, exact_document
from connector.flow.invoice.compare import differences
from connector.flow.invoice.snapshot import snapshot
from connector.flow.invoice.verify import require_rate, verify
from connector.flow.ledger import due_receipts, transitions
from connector.flow.order.chart import Codes
from connector.flow.order.terms import Remembered
from connector.models import MasterData, OrderSync
from connector.models.kept_words import english
from connector.problems.alerts import AlertCode, alert_text

# An invoice that Exact made and does not show counts as deleted after this many settle times.
SHOWN_AFTER = 2


def raise_if_posted_elsewhere(document: OrderSync) -> None:
    """Raise Hold when another connection of the store has posted this order."""
    others = OrderSync.objects.filter(
        connection__store_id=document.connection.store_id, order_id=document.order_id, kind=document.kind
    )
    posted = others.exclude(connection_id=document.connection_id).exclude(exact_id="").order_by("pk")
    # Nearly always there is none. To ask for all columns takes twice as long as to ask for one.
    found = posted.values_list("pk", flat=True).first()
    if found is not None:
        other = OrderSync.objects.select_related("division").get(pk=found)
        raise Hold(Code.POSTED_TO_OTHER_DIVISION, division=other.division.code, **exact_document.in_exact(other))


def create(
    document: OrderSync,
    draft: Draft,
    client: ExactClient,
    *,
    account_id: str,
    address_id: str,
    rate: Decimal | None = None,
    codes: Codes,
) -> Invoice:
    """Create the document in Exact and commit its id at once. `rate` is the exchange rate of an entry; None is Exact's.

    `codes` are those of the division. Raises the client's errors, and Hold when no period takes an entry.
    """
    day = _day_of_entry(document, draft, codes) if draft.is_entry else None
    fault_points.reach("before_post")
    if day is not None:
        invoice = client.create_entry(_entry(draft, day, customer=account_id, rate=rate))
    else:
        invoice = client.create_invoice(_body(draft, account_id=account_id, address_id=address_id))
    fault_points.reach("posted_before_record")
    transitions.note(
        document,
        english("Exact made %(noun)s %(number)s as %(reference)s.")
        % {"noun": document.said_noun, "number": invoice.number or invoice.id, "reference": draft.reference},
        data={"exact_id": invoice.id, "total": str(invoice.amount_fc)},
        exact_id=invoice.id,
        exact_number=invoice.number,
        step=Step.PRINT,
        exact_data=snapshot(invoice, dated=invoice.dated),
    )
    return invoice


def finish(
    document: OrderSync,
    draft: Draft,
    client: ExactClient,
    invoice: Invoice | None = None,
    *,
    remembered: Remembered,
    renew: Callable[[], None],
) -> None:
    """Compare, print when the connection finalises, and record. Without `invoice` it is read first.

    `renew` prolongs the lane's lease between the calls. Raises the client's errors, and Hold when a person must decide.
    """
    fresh = invoice is not None
    if invoice is None or None in (invoice.amount_fc, invoice.amount_dc, invoice.amount_excl, invoice.vat_amount):
        invoice = _read(document, client)
    renew()
    invoice = verify(document, draft, client, invoice, fresh=fresh, remembered=remembered, renew=renew)
    require_rate(document, draft, invoice)
    renew()
    number, dated = invoice.number, invoice.dated
    printed = invoice.is_final or not document.stays_open
    if printed and not invoice.is_final:
        codes = remembered.codes_of(document.connection.division)
        printed_number, dated = _print(document, draft, client, invoice.id, codes)
        number = printed_number or number
        fault_points.reach("printed_before_record")
    transitions.move(
        document,
        State.POSTED,
        english("Posted as %(noun)s %(number)s, %(gross)s %(currency)s.")
        % {
            "noun": document.said_noun,
            "number": number or invoice.id,
            "gross": draft.gross,
            "currency": draft.currency,
        },
        data={"exact_id": invoice.id, "number": number, "total": str(invoice.amount_fc)},
        exact_number=number,
        exact_data=snapshot(invoice, dated=dated, number=number, printed=printed),
        posted_at=database_now(),
        also=lambda: _make_receipt(document),  # every posted invoice has its receipt's row
    )


def _make_receipt(document: OrderSync) -> None:
    if document.chosen_at is None:  # its receipt follows when the person keeps it
        due_receipts.create_receipt_row(document)


def _print(
    document: OrderSync, draft: Draft, client: ExactClient, invoice_id: str, codes: Codes
) -> tuple[str, date | None]:
    """Print with the connection's template and date.

    Return the number, "" when the answer lacks it, and the date, None when Exact chose it.
    """
    booked = booking_date.day_for(document, draft, codes)
    if booked.moved:
        _note_moved_day(document, draft, booked)
        client.describe_invoice(invoice_id, shorten(f"{draft.description}, {draft.order_date}"))
    printed = client.print_invoice(invoice_id, layout_id=template_id(document, codes), invoice_date=booked.printed)
    if printed.document_error:
        # The invoice is booked. Only the PDF is missing.
        said = alert_text(AlertCode.NO_PDF, order=document.order_id, text=printed.document_error)
        alerts.raise_alert(document.connection.store.tenant, alerts.about(document), said)
    return printed.number, booked.printed


def _day_of_entry(document: OrderSync, draft: Draft, codes: Codes) -> booking_date.BookingDay:
    """Return when the entry is booked. Sending an entry books it, so the day is chosen before."""
    booked = booking_date.day_for(document, draft, codes)
    if booked.moved:
        _note_moved_day(document, draft, booked)
    return booked


def _note_moved_day(document: OrderSync, draft: Draft, booked: booking_date.BookingDay) -> None:
    transitions.note(
        document,
        english("Booked on %(day)s, the first open day; the order is of %(order_date)s.")
        % {"day": booked.day, "order_date": draft.order_date},
    )


def resolve(document: OrderSync, client: ExactClient) -> Invoice | None:
    """Search Exact after an unclear write. Return the invoice, or None when Exact does not have it.

    Raises the client's errors, and Hold when Exact has several, has one with other amounts, or has lost a known one.
    """
    draft = draft_of(document)
    if document.exact_id:
        invoice = _read(document, client)
        done = invoice.is_final or document.stays_open
        return invoice if done else None
    found = exact_document.find(draft, client)
    if not found:
        return None
    return only_one(found, draft)


def only_one(found: Sequence[Invoice], draft: Draft) -> Invoice:
    """Return the document with our reference. Raises Hold when several were found, or one with other amounts."""
    if len(found) > 1:
        raise Hold(
            Code.SEVERAL_WITH_OUR_REFERENCE, amount=len(found), reference=draft.reference, documents=names_of(found)
        )
    if differing := differences(draft, found[0]):
        raise Hold(
            Code.OTHER_WITH_OUR_REFERENCE,
            reference=draft.reference,
            documents=names_of(found),
            differences=as_param(differing),
        )
    return found[0]


def names_of(found: Sequence[Invoice]) -> str:
    """Return the numbers and ids of documents, for a problem."""
    return ", ".join(f"{invoice.number} ({invoice.id})" if invoice.number else invoice.id for invoice in found)


def draft_of(document: OrderSync) -> Draft:
    """Return the draft that the ledger keeps. Raises Hold when there is none."""
    if document.draft is None:
        raise Hold(Code.NO_DRAFT)
    return Draft.from_json(document.draft)


def _read(document: OrderSync, client: ExactClient) -> Invoice:
    if (invoice := exact_document.read(document, client)) is not None:
        return invoice
    raise_if_maybe_late(document)
    raise Hold(Code.GONE_IN_EXACT, **exact_document.in_exact(document))


def raise_if_maybe_late(document: OrderSync) -> None:
    """Raise Unavailable while an invoice is so new that Exact may not show it yet."""
    shown = (document.sent_at or database_now()) + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS * SHOWN_AFTER)
    if document.sent_at and database_now() < shown:
        given = exact_document.in_exact(document)
        raise errors.Unavailable(gettext_noop("Exact does not show %(noun)s %(number)s yet."), given=given)


def template_id(document: OrderSync, codes: Codes | None = None) -> str | None:
    """Return Exact's id of the connection's template; None for Exact's default. Raises Hold when Exact lacks it.

    Makes a query when the division's `codes` are not given.
    """
    template = document.connection.invoice_template
    if not template or document.is_entry:
        return None
    layouts = MasterData.objects.filter(division_id=document.division_id, kind=MasterData.Kind.LAYOUT, code=template)
    templates = dict(layouts.values_list("code", "exact_id")) if codes is None else codes.templates
    if template not in templates:
        raise Hold(Code.TEMPLATE_MISSING, template=template)
    return templates[template]


def _body(draft: Draft, *, account_id: str, address_id: str) -> InvoiceIn:
    return InvoiceIn(
        ordered_by=account_id,
        invoice_to=account_id,
        deliver_to=account_id,
        deliver_to_address=address_id,
        journal=draft.journal,
        type=draft.type,
        order_date=draft.order_date,
        your_ref=draft.reference,
        description=draft.description,
        currency=draft.currency,
        payment_condition=draft.payment_condition,
        payment_reference=draft.payment_reference,
        remarks=draft.remarks,
        warehouse=draft.warehouse_id,
        lines=tuple(
            InvoiceLineIn(
                item=line.item_id,
                description=line.description,
                notes=line.notes,
                quantity=line.quantity,
                net_price=line.net_price,
                gl_account=line.gl_account_id,
                cost_center=line.cost_center,
                cost_unit=line.cost_unit,
                vat_code=line.vat_code,
                vat_amount=line.vat_amount,
            )
            for line in draft.lines
        ),
    )


def _entry(draft: Draft, booked: booking_date.BookingDay, *, customer: str, rate: Decimal | None) -> EntryIn:
    """Return the body of the entry. An entry has no remarks, so they go into the notes of the first line."""
    first = draft.lines[0]
    return EntryIn(
        customer=customer,
        journal=draft.journal,
        your_ref=draft.reference,
        entry_date=booked.day,
        description=shorten(f"{draft.description}, {draft.order_date}") if booked.moved else draft.description,
        currency=draft.currency,
        rate=rate,
        payment_condition=draft.payment_condition,
        payment_reference=draft.payment_reference,
        lines=tuple(
            EntryLineIn(
                net=line.net,
                vat_amount=line.vat_amount,
                quantity=line.quantity,
                gl_account=line.gl_account_id,
                cost_center=line.cost_center,
                cost_unit=line.cost_unit,
                vat_code=line.vat_code,
                description=line.description,
                notes="\n".join(filter(None, (line.notes, draft.remarks if line is first else ""))),
            )
            for line in draft.lines
        ),
    )
