"""Problems with invoices, credit notes and receipts in Exact or in the ledger."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation, Person

DUPLICATE: Final = Explanation(
    _("Exact already has an invoice for this order that the connector did not expect."),
    _("An accountant finds out which one is right, deletes the other in Exact, and links the right one here."),
    "exact",
)
DRIFT: Final = Explanation(
    _("The invoice was changed or deleted in Exact after the connector had made it."),
    _("An accountant finds out why, then re-posts the order, links another invoice, or skips it."),
    "ledger",
)
INTERNAL: Final = Explanation(
    _("The connector could not go on. The order itself is fine."),
    _("An operator reads the history, lets somebody fix the cause, then re-posts."),
    "ledger",
    Person.OPERATOR,
)
_TEMPLATE = Explanation(
    _("The division does not have the connection's invoice template."),
    _("An accountant chooses another template in the connection. Then an operator re-posts."),
    "connection",
    field="invoice_template",
)
_NO_RATE = Explanation(
    _("Exact has no exchange rate for the day, so the invoice is open and not printed."),
    _("An accountant enters the rate in Exact, then re-posts."),
    "exact",
)
_NO_RATE_OF_ENTRY = Explanation(
    _("Exact has no exchange rate for the day, so the sales entry is booked at rate 1."),
    _("An accountant enters the rate in Exact, deletes the entry there, then re-posts. It is then booked again."),
    "exact",
)
_MADE_OTHERWISE = Explanation(
    _("Exact made the invoice otherwise than it was sent, so it was deleted and not printed."),
    _("An accountant compares the VAT codes and the rounding in Exact with the connection's, then re-posts."),
    "connection",
    field="vat_rounding",
)
_CORRECTED = Explanation(
    _("Exact made the invoice otherwise than it was sent, and the connector corrects its lines while it is open."),
    _("Nobody has to do anything. The history says what was corrected."),
    "ledger",
    Person.NOBODY,
)
_FINAL = Explanation(
    _("The invoice is final in Exact, but its amounts differ from the order."),
    _("An accountant links the invoice when it is right, or credits it in Exact and skips the order."),
    "exact",
)
_RECEIPT_CODES = Explanation(
    _("The connection has no code for the booking of receipts, or the division does not have that code."),
    _("An accountant chooses it in the connection, then re-posts."),
    "connection",
    field="receipt_journal",
)
_UNREADABLE = Explanation(
    _("The connector does not understand BigCommerce's answer about this order."),
    _("The person who runs the connector reports the text in the history to its makers. Then an operator re-posts."),
    "ledger",
    Person.PLATFORM,
)
_DETAILS_ODD = Explanation(
    _("The store's answer about something that a rule asks for has a row that cannot be read."),
    _("Somebody saves the customer, product, group or category in the store again. Then an operator re-posts."),
    "bigcommerce",
    Person.STORE,
)

ENTRIES: Final[Entries] = {
    Code.TEMPLATE_MISSING: Entry(
        _(
            "The division has no invoice template '%(template)s'. Choose another template in the connection, then "
            "re-post."
        ),
        _TEMPLATE,
    ),
    Code.NO_EXCHANGE_RATE: Entry(
        _(
            "Exact has no exchange rate for %(currency)s on the day of %(document)s: it counts %(gross)s %(currency)s "
            "as %(counted)s %(home)s. It is open in Exact, not printed. Enter the rate in Exact, then re-post. The "
            "invoice is then made again. If the rate really is 1, print it in Exact and link it."
        ),
        _NO_RATE,
    ),
    Code.NO_EXCHANGE_RATE_OF_ENTRY: Entry(
        _(
            "Exact has no exchange rate for %(currency)s on the day of %(document)s: it counts %(gross)s %(currency)s "
            "as %(counted)s %(home)s. It is booked. Enter the rate in Exact and delete the entry there, then re-post. "
            "The entry is then booked again. If the rate really is 1, link it."
        ),
        _NO_RATE_OF_ENTRY,
    ),
    Code.CORRECTING: Entry(_("Exact made it otherwise: %(differences)s. Correcting it: %(corrections)s."), _CORRECTED),
    Code.CORRECTED: Entry(_("Corrected: Exact has %(amount)s %(currency)s now."), _CORRECTED),
    Code.MADE_OTHERWISE: Entry(
        _(
            "Exact made %(document)s otherwise than it was sent: %(differences)s. It was deleted and not printed. "
            "Compare the VAT codes and the rounding of the division with the connection's (`vat_rounding`, "
            "`force_vat`, `rounding`), pull the master data, then re-post."
        ),
        _MADE_OTHERWISE,
    ),
    Code.FINAL_AND_OTHER: Entry(
        _(
            "Exact has other amounts in %(document)s: %(differences)s. It is final in Exact. Link it when it is "
            "right. Otherwise credit it there and skip the order."
        ),
        _FINAL,
    ),
    Code.FINAL_ENTRY_AND_OTHER: Entry(
        _(
            "Exact has other amounts in %(document)s: %(differences)s. It is final in Exact. Correct it there and "
            "re-post, or credit it there and skip the order."
        ),
        _FINAL,
    ),
    Code.FINAL_AND_CHANGED: Entry(
        _(
            "%(Document)s is final in Exact, but the order or the rules have changed since it was made. Link it when "
            "it is right. Otherwise credit it in Exact and skip the order."
        ),
        DRIFT,
    ),
    Code.FOREIGN_REFERENCE: Entry(
        _(
            "%(Document)s has %(found)s in Exact instead of our reference %(reference)s, so it is not deleted. "
            "Correct it in Exact, then re-post."
        ),
        DRIFT,
    ),
    Code.GONE_IN_EXACT: Entry(
        _(
            "%(Document)s was made in Exact but was deleted there. Find out who deleted it, then re-post the order or "
            "skip it."
        ),
        DRIFT,
    ),
    Code.NO_LONGER_DUE: Entry(
        _(
            "No %(noun)s is due any more, but %(document)s is in Exact. %(why)s Delete or credit it there, then skip "
            "the order."
        ),
        DRIFT,
    ),
    Code.CREDITED_GONE: Entry(
        _("%(Document)s, which this credits, was deleted in Exact. Find out who deleted it."), DRIFT
    ),
    Code.CREDITED_CHANGED: Entry(_("%(Document)s, which this credits, was changed in Exact: %(differences)s."), DRIFT),
    Code.CREDITED_OPEN: Entry(
        _("%(Document)s, which this credits, is open in Exact, not printed. Print it there."), DRIFT
    ),
    Code.SETTLED_GONE: Entry(
        _("%(Document)s was deleted in Exact. Find out who deleted it, then skip this receipt."), DRIFT
    ),
    Code.POSTED_TO_OTHER_DIVISION: Entry(
        _(
            "The order was posted to division %(division)s before, as %(document)s. Skip it here, or credit it there "
            "first."
        ),
        DUPLICATE,
    ),
    Code.SEVERAL_WITH_OUR_REFERENCE: Entry(
        _(
            "Exact has %(amount)s documents with our reference %(reference)s: %(documents)s. Delete or credit the "
            "wrong ones in Exact, then link the right one."
        ),
        DUPLICATE,
    ),
    Code.OTHER_FORM_WITH_OUR_REFERENCE: Entry(
        _(
            "Exact has this order in another form than the connection makes, with our reference %(reference)s: "
            "%(documents)s. It was made in the time that the restored ledger has lost. Link it."
        ),
        DUPLICATE,
    ),
    Code.OTHER_WITH_OUR_REFERENCE: Entry(
        _(
            "Exact has a document with our reference %(reference)s but other amounts: %(documents)s; "
            "%(differences)s. Find out who made it, then link it or delete it in Exact."
        ),
        DUPLICATE,
    ),
    Code.MAY_BE_IN_EXACT: Entry(
        _(
            "Exact may have this order already, typed in by hand: %(documents)s. Compare them. Link the one that it "
            "is, or re-post the order when it is none of them."
        ),
        DUPLICATE,
    ),
    Code.SEVERAL_RECEIPTS: Entry(
        _(
            "Exact has %(amount)s entries with the description %(reference)s in journal %(journal)s, of %(amounts)s. "
            "The receipt is %(settled)s %(currency)s. Delete the wrong entries in Exact, then re-post, or skip this "
            "receipt when it is booked."
        ),
        DUPLICATE,
    ),
    Code.CREDIT_NOTE_SKIPPED: Entry(
        _(
            "The credit note of this order's invoice %(sequence)s was skipped, so the order would have two invoices. "
            "Skip this one too, or re-post the credit note first."
        ),
        DUPLICATE,
    ),
    Code.RECEIPT_JOURNAL_NOT_SET: Entry(
        _("Receipts need a journal, and none is set. Set `payments.journal`, then re-post."), _RECEIPT_CODES
    ),
    Code.RECEIPT_JOURNAL_UNFIT: Entry(
        _(
            "Journal '%(journal)s' for receipts is not a bank or payment-service journal of the division. "
            "Set `payments.journal`, then re-post."
        ),
        _RECEIPT_CODES,
    ),
    Code.RECEIPT_ACCOUNT_NOT_SET: Entry(
        _(
            "Receipts need a GL account. `payments.%(setting)s` is not set, and %(amount)s accounts of the division "
            "match. Set it, then re-post."
        ),
        _RECEIPT_CODES,
    ),
    Code.RECEIPT_ACCOUNT_UNFIT: Entry(
        _(
            "Receipts need a GL account. `payments.%(setting)s` is %(gl_account)s, and %(amount)s accounts of the "
            "division match. Set it, then re-post."
        ),
        _RECEIPT_CODES,
    ),
    Code.NO_DRAFT: Entry(_("The ledger has no draft of this document. Re-post the order."), INTERNAL),
    Code.NO_ORIGINAL: Entry(_("The ledger does not name the invoice that this credits. Skip it."), INTERNAL),
    Code.NOTHING_TO_SETTLE: Entry(
        _("The order's invoice is not posted, so there is nothing to settle. Skip it."), INTERNAL
    ),
    Code.ORDER_UNREADABLE: Entry(
        _("BigCommerce's answer about this order could not be understood: %(detail)s"), _UNREADABLE
    ),
    Code.REFUNDS_UNREADABLE: Entry(
        _("BigCommerce's answer about the refunds of this order could not be understood: %(detail)s"), _UNREADABLE
    ),
    Code.PAYMENTS_UNREADABLE: Entry(
        _("BigCommerce's answer about the payments could not be understood: %(detail)s"), _UNREADABLE
    ),
    Code.DETAILS_UNREADABLE: Entry(
        _(
            "A rule asks for what the store says of %(facts)s of this order, and that cannot be read: %(rows)s. "
            "Correct it in the store, then re-post."
        ),
        _DETAILS_ODD,
    ),
    Code.DETAILS_MISSING: Entry(_("The connector read the order's details but still lacks: %(details)s."), INTERNAL),
}
