"""Receipts: the payments of a posted invoice, booked against its customer, and vouchers given back with a credit note.

A receipt is a document of its own, for one payment. The first row is made in the transaction that records the invoice
as posted. One call books an entry, which cannot be changed. So the intent is committed before the call, and Exact is
searched before a second call. Bank entries have no field for our reference: it is in the description of their lines,
and is searched in TransactionLines.
"""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.exact.bodies import BankEntryIn, BankLineIn
from connector.clients.exact.client import ExactClient
from connector.domain.choices import DocumentKind
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.document.states import State, Step
from connector.domain.invoice.draft import Draft
from connector.domain.money import ZERO, minor_digits, round_half_up, total
from connector.domain.order.payments import Payment, paid_with
from connector.domain.order.receipt import NotToBeBooked, Paid, Receipt, check, receipt_reference
from connector.domain.rules.chart import RECEIPT_JOURNALS
from connector.flow import fault_points
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.invoice import booking_date, exact_document
from connector.flow.invoice.compare import TOLERANCE
from connector.flow.ledger import due_receipts, restored, transitions
from connector.flow.order.fetch import read
from connector.flow.payment import payments
from connector.models import Connection, MasterData, OrderSync
from connector.models.kept_words import english

ACCOUNTS_RECEIVABLE = 20  # GLAccounts.Type


def settled_by(document: OrderSync) -> OrderSync:
    """Return the invoice or the credit note that a receipt settles. Raises Hold when it is not posted."""
    found = _credit_note(document) if document.sequence < 0 else payments.posted_invoice(document)
    if found is None:
        raise Hold(Code.NOTHING_TO_SETTLE)
    return found


def _credit_note(document: OrderSync) -> OrderSync | None:
    rows = OrderSync.objects.filter(
        connection=document.connection_id,
        order_id=document.order_id,
        kind=DocumentKind.CREDIT,
        sequence__in=[-document.sequence, 0],  # a refund after a cancellation pays out what that credited
        state=State.POSTED,
    )
    return rows.select_related("connection__store", "connection__division").order_by("-sequence").first()


def find_sent(document: OrderSync, exact: ExactClient) -> bool:
    """Search Exact for the entry of an earlier call and record it. Return whether it was found.

    Raises the client's errors, and Hold for several entries or one with another amount.
    """
    receipt = Receipt.from_json((document.order_data or {})["receipt"])
    lines = exact.find_bank_lines(receipt.journal, receipt.reference)
    entries = {line.entry_id: line.entry_number for line in lines}
    if not entries:
        return False
    amounts = [abs(line.amount) for line in lines]
    if len(entries) > 1 or not any(abs(amount - abs(receipt.settled)) < TOLERANCE for amount in amounts):
        raise Hold(
            Code.SEVERAL_RECEIPTS,
            amount=len(entries),
            journal=receipt.journal,
            reference=receipt.reference,
            amounts=", ".join(map(str, amounts)),
            settled=receipt.settled,
            currency=receipt.currency,
        )
    record(document, *next(iter(entries.items())))
    return True


def book(document: OrderSync, store: BigCommerceClient, exact: ExactClient) -> Problem | None:
    """Commit the intent and book the payment. The receipt is skipped when there is nothing to book.

    Returns what it waits for, None for nothing. Raises Hold and the clients' errors.
    """
    settled = settled_by(document)
    made = _of_refund(document, settled) if document.sequence < 0 else _of_payments(document, settled, store)
    if isinstance(made, Problem):
        if made.reason is None:
            return made
        transitions.move(document, State.SKIPPED, (made,))
        return None
    lines = _lines(document, made, settled, exact)
    if restored.may_be_posted(document, settled.order_data):
        kept = {**(document.order_data or {}), "receipt": made.to_json()}
        text = english("Searching Exact, because a backup was restored.")
        transitions.note(document, text, order_data=kept)
        if find_sent(document, exact):
            return None
        transitions.note(document, english("Not found in Exact."), searched_at=database_now())
    transitions.move(
        document,
        State.POSTING,
        english("About to book receipt %(reference)s, %(settled)s %(currency)s.")
        % {"reference": made.reference, "settled": made.settled, "currency": made.currency},
        step=Step.CREATE,
        sent_at=database_now(),
        not_found_count=0,
        reference=made.reference,
        total=made.settled,
        order_data={**(document.order_data or {}), "receipt": made.to_json()},
    )
    fault_points.reach("intended")
    entry_id, number = exact.create_bank_entry(BankEntryIn(journal=made.journal, currency=made.currency, lines=lines))
    fault_points.reach("posted_before_record")
    record(document, entry_id, number)
    return None


def record(document: OrderSync, entry_id: str, number: str) -> None:
    """Record the receipt as posted, because its entry is in Exact."""
    if document.state == State.PREPARING:  # found instead of sent: posted follows only on posting
        transitions.move(document, State.POSTING, english("The entry is in Exact."), sent_at=document.sent_at)
    transitions.move(
        document,
        State.POSTED,
        english("Booked as entry %(number)s.") % {"number": number or entry_id},
        data={"exact_id": entry_id, "number": number},
        exact_id=entry_id,
        exact_number=number,
        posted_at=database_now(),
        replace_requested=False,
    )


def _of_refund(document: OrderSync, credit: OrderSync) -> Receipt | Problem:
    """Return the receipt that puts back what a refund gave as store credit or gift certificate. Raises Hold."""
    refund = due_receipts.refund_of(document) or due_receipts.refund_of(credit)
    gift, store_credit = due_receipts.given_back(document.connection, refund) if refund else (ZERO, ZERO)
    if refund is None or not gift + store_credit:
        return Problem(Code.NOT_PAID)
    moment = refund.created or credit.created_at
    return _receipt(
        document,
        credit.currency,
        moment,
        settled=-gift - store_credit,
        gift_certificate=-gift,
        store_credit=-store_credit,
        notes=_("Refund %(refund)s") % {"refund": refund.id},
    )


def _of_payments(document: OrderSync, invoice: OrderSync, store: BigCommerceClient) -> Receipt | Problem:
    """Return the receipt of a payment, or of the vouchers; what it waits for; or why there is nothing to book.

    Reads the payments, and makes the rows of their receipts. Raises Hold and the client's errors.
    """
    draft, found = Draft.from_json(invoice.draft or {}), payments.read(document, store)
    order, digits = read(invoice.order_data or {}).order, minor_digits(draft.currency)
    gift, credit = (
        round_half_up(each, digits) for each in (order.gift_certificate - draft.redeemed, order.store_credit)
    )
    waits_for_payment = document.sequence == 0 and not gift + credit
    payments.take_in(document, found, first=document if waits_for_payment else None)
    if document.sequence:
        made = _of_payment(document, found, draft.currency, order.payment_method)
    elif gift + credit:
        made = _receipt(
            document,
            draft.currency,
            order.created,
            settled=gift + credit,
            gift_certificate=gift,
            store_credit=credit,
            notes=order.payment_method,
        )
    else:
        made = Problem(Code.NOT_PAID)
    if isinstance(made, Receipt):
        money = _money(document, made, found, draft.gross - gift - credit)
        _check(made, Paid(money, gift, credit, draft.currency), draft.gross)
    return made


def _money(document: OrderSync, made: Receipt, found: tuple[Payment, ...], room: Decimal) -> Decimal:
    """Return the money that counts with a receipt: all of it, or with a capture what comes before it. Raises Hold."""
    own = [each for each in found if each.currency == made.currency]
    if made.settled < ZERO:
        return total(each.amount for each in own)
    return paid_with(own, document.sequence, payments.booked(document, found), room)


def _of_payment(document: OrderSync, found: tuple[Payment, ...], currency: str, method: str) -> Receipt | Problem:
    """Return the receipt of the payment that a document is for. Raises Hold."""
    payment = next((each for each in found if each.id == document.sequence), None)
    if payment is None:
        return Problem(Code.NOT_PAID)
    if payment.currency != currency:
        raise Hold(Code.PAYMENT_CURRENCY, payment_currency=payment.currency, currency=currency)
    covered = payments.covered(document, found)
    if payment.id in covered:
        return Problem(Code.NOT_PAID)
    amount = payment.amount
    if payment.undoes:
        states = payments.states_of(document, payment.undoes)
        if any(state not in payments.DONE for state in states.values()):
            return Problem(Code.WAITS_FOR_RECEIPT)
        booked = {number for number, state in states.items() if state == State.POSTED} | covered
        amount = -total(each.amount for each in found if each.id in payment.undoes & booked)
    if not amount or any(payment.id in each.undoes for each in found):
        return problem(Code.PAYMENT_VOIDED, payment=payment.id)
    notes = f"{method} {payment.reference}".strip()
    return _receipt(document, currency, payment.moment, settled=amount, notes=notes)


def _receipt(
    document: OrderSync,
    currency: str,
    moment: datetime,
    *,
    settled: Decimal,
    gift_certificate: Decimal = ZERO,
    store_credit: Decimal = ZERO,
    notes: str,
) -> Receipt:
    """Return the receipt on the day of a moment in the store's time zone. Raises Hold when no period takes it."""
    connection = document.connection
    day = moment.astimezone(ZoneInfo(connection.store.timezone)).date()
    return Receipt(
        reference=receipt_reference(f"{connection.store.prefix}-{document.order_id}", document.sequence),
        journal=connection.receipt_journal,
        currency=currency,
        day=booking_date.book(connection, day),
        settled=settled,
        gift_certificate=gift_certificate,
        store_credit=store_credit,
        notes=notes,
    )


def _check(receipt: Receipt, paid: Paid, invoiced: Decimal) -> None:
    try:
        check(receipt, paid, invoiced)
    except NotToBeBooked as why:
        raise Hold((why.problem,)) from None


def _lines(document: OrderSync, receipt: Receipt, settled: OrderSync, exact: ExactClient) -> tuple[BankLineIn, ...]:
    """Return the customer's line, and a line that subtracts each gift certificate or store credit.

    Raises the client's errors, and Hold for a missing code or document.
    """
    connection = document.connection
    _check_journal(connection)
    amounts = [
        (_account(connection, "receivable_account"), receipt.settled),
        (_account(connection, "gift_certificate_account", receipt.gift_certificate), -receipt.gift_certificate),
        (_account(connection, "store_credit_account", receipt.store_credit), -receipt.store_credit),
    ]
    in_exact = exact_document.read(settled, exact)
    if in_exact is None:
        raise Hold(Code.SETTLED_GONE, **exact_document.in_exact(settled))
    number = in_exact.number or settled.exact_number
    return tuple(
        BankLineIn(
            amount=amount,
            gl_account=account,
            date=receipt.day,
            description=receipt.reference,
            account="" if place else in_exact.ordered_by,
            our_ref=int(number) if number.isdecimal() else None,
            notes=receipt.notes,
        )
        for place, (account, amount) in enumerate(amounts)
        if amount
    )


def _check_journal(connection: Connection) -> None:
    code = connection.receipt_journal
    journal = connection.division.master_data.filter(kind=MasterData.Kind.JOURNAL, code=code).first()
    if journal is None or journal.data.get("type") not in RECEIPT_JOURNALS:
        raise Hold(Code.RECEIPT_JOURNAL_UNFIT, journal=code) if code else Hold(Code.RECEIPT_JOURNAL_NOT_SET)


def _account(connection: Connection, setting: str, amount: object = True) -> str:
    """Return Exact's id of the GL account that a setting names; "" when there is no amount for it. Raises Hold."""
    if not amount:
        return ""
    rows = connection.division.master_data.filter(kind=MasterData.Kind.GL_ACCOUNT)
    code = getattr(connection, setting)
    receivable = setting == "receivable_account" and not code
    found = list(rows.filter(data__type=ACCOUNTS_RECEIVABLE) if receivable else rows.filter(code=code))
    if len(found) == 1:
        return found[0].exact_id
    if not code:
        raise Hold(Code.RECEIPT_ACCOUNT_NOT_SET, setting=setting, amount=len(found))
    raise Hold(Code.RECEIPT_ACCOUNT_UNFIT, setting=setting, gl_account=code, amount=len(found))
