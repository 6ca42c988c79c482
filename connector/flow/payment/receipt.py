"""Receipts: the captured payments of a posted invoice, booked against its customer.

A receipt is a document of its own. Its row is made in the transaction that records the invoice as posted. One call
books an entry, which cannot be changed. So the intent is committed before the call, and Exact is searched before a
second call. Bank entries have no field for our reference: it is in the description of their lines, and is searched
in TransactionLines.
"""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.exact.bodies import BankEntryIn, BankLineIn
from connector.clients.exact.client import ExactClient
from connector.domain.choices import DocumentKind
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.domain.document.states import State, Step
from connector.domain.invoice.draft import Draft
from connector.domain.money import ZERO, minor_digits, round_half_up
from connector.domain.order.fields import UnreadableOrder
from connector.domain.order.payments import Captured, NotToBeBooked, Receipt, captured, check
from connector.domain.rules.chart import RECEIPT_JOURNALS
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.invoice import booking_date, exact_document, replace
from connector.flow.invoice.compare import TOLERANCE
from connector.flow.ledger import transitions
from connector.flow.order.fetch import read
from connector.models import Connection, MasterData, OrderSync

ACCOUNTS_RECEIVABLE = 20  # GLAccounts.Type


def posted_invoice(document: OrderSync) -> OrderSync:
    """Return the invoice that a receipt settles. Raises Hold when it is not posted."""
    found = (
        OrderSync.objects.filter(
            connection=document.connection_id,
            order_id=document.order_id,
            kind=DocumentKind.INVOICE,
            sequence=1,
            state=State.POSTED,
        )
        .select_related("connection__store", "connection__division")
        .first()
    )
    if found is None or found.draft is None:
        raise Hold(Code.NOTHING_TO_SETTLE)
    return found


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
    if len(entries) > 1 or not any(abs(amount - receipt.settled) < TOLERANCE for amount in amounts):
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


def book(document: OrderSync, store: BigCommerceClient, exact: ExactClient) -> None:
    """Commit the intent and book what was paid. The receipt is skipped when nothing is paid.

    Raises Hold and the clients' errors.
    """
    invoice = posted_invoice(document)
    receipt = _read(document, invoice, store)
    if receipt is None:
        transitions.move(document, State.SKIPPED, (Problem(Code.NOT_PAID),))
        return
    lines = _lines(document, receipt, invoice, exact)
    transitions.move(
        document,
        State.POSTING,
        _("About to book receipt %(reference)s, %(settled)s %(currency)s.")
        % {"reference": receipt.reference, "settled": receipt.settled, "currency": receipt.currency},
        step=Step.CREATE,
        sent_at=database_now(),
        not_found_count=0,
        reference=receipt.reference,
        total=receipt.settled,
        order_data={"receipt": receipt.to_json()},
    )
    entry = BankEntryIn(journal=receipt.journal, currency=receipt.currency, lines=lines)
    record(document, *exact.create_bank_entry(entry))


def record(document: OrderSync, entry_id: str, number: str) -> None:
    """Record the receipt as posted, because its entry is in Exact."""
    if document.state == State.PREPARING:  # found instead of sent: posted follows only on posting
        transitions.move(document, State.POSTING, _("The entry is in Exact."), sent_at=document.sent_at)
    transitions.move(
        document,
        State.POSTED,
        _("Booked as entry %(number)s.") % {"number": number or entry_id},
        data={"exact_id": entry_id, "number": number},
        exact_id=entry_id,
        exact_number=number,
        posted_at=database_now(),
        replace_requested=False,
    )


def _read(document: OrderSync, invoice: OrderSync, store: BigCommerceClient) -> Receipt | None:
    """Read the payments. Return the receipt, or None when nothing was paid. Raises Hold and the client's errors."""
    connection, draft = document.connection, Draft.from_json(invoice.draft or {})
    order, digits = read(invoice.order_data or {}).order, minor_digits(draft.currency)
    try:
        paid = captured(store.transactions(document.order_id), draft.currency, test_orders=connection.test_orders)
        gift, credit = (round_half_up(each, digits) for each in (order.gift_certificate, order.store_credit))
        settled = round_half_up(paid.amount, digits) + gift + credit
        if settled == ZERO:
            return None
        receipt = Receipt(
            reference=f"{draft.reference}-P",
            journal=connection.receipt_journal,
            currency=draft.currency,
            day=_day(document, paid),
            settled=settled,
            gift_certificate=gift,
            store_credit=credit,
            notes=" ".join((order.payment_method, *paid.references)),
        )
        check(receipt, draft.gross)
    except NotToBeBooked as why:
        raise Hold((why.problem,)) from None
    except UnreadableOrder as error:
        raise Hold(Code.PAYMENTS_UNREADABLE, field=error.field, detail=error) from None
    return receipt


def _day(document: OrderSync, paid: Captured) -> date:
    """Return the day of the last payment, else today, in the store's time zone. Raises Hold when no period takes it."""
    moment = paid.last or database_now()
    return booking_date.book(
        document.connection, moment.astimezone(ZoneInfo(document.connection.store.timezone)).date()
    )


def _lines(document: OrderSync, receipt: Receipt, invoice: OrderSync, exact: ExactClient) -> tuple[BankLineIn, ...]:
    """Return the customer's line, and a line that subtracts each gift certificate or store credit.

    Raises the client's errors, and Hold for a missing code or invoice.
    """
    connection = document.connection
    _check_journal(connection)
    amounts = {
        _account(connection, "receivable_account"): receipt.settled,
        _account(connection, "gift_certificate_account", receipt.gift_certificate): -receipt.gift_certificate,
        _account(connection, "store_credit_account", receipt.store_credit): -receipt.store_credit,
    }
    in_exact = replace.still_in_exact(invoice, exact)
    if in_exact is None:
        raise Hold(Code.SETTLED_GONE, **exact_document.in_exact(invoice))
    number = in_exact.number or invoice.exact_number
    return tuple(
        BankLineIn(
            amount=amount,
            gl_account=account,
            date=receipt.day,
            description=receipt.reference,
            account=in_exact.ordered_by if amount > 0 else "",
            our_ref=int(number) if number.isdecimal() else None,
            notes=receipt.notes,
        )
        for account, amount in amounts.items()
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
