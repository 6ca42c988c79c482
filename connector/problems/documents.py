"""What stands in Exact, or in the ledger, against what was meant: invoices, credit notes, receipts."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.explanation import Entries, Entry, Explanation, Mender

DUPLICATE: Final = Explanation(
    _("Exact already holds an invoice for this order that the connector did not expect."),
    _("An accountant finds out which one is right, deletes the other in Exact, and links the right one here."),
    "exact",
)
DRIFT: Final = Explanation(
    _("The invoice was changed or deleted in Exact after the connector had made it."),
    _("An accountant finds out why; then re-posts the order, links another invoice, or skips it."),
    "ledger",
)
INTERNAL: Final = Explanation(
    _("The connector could not go on, and it is not the order's fault."),
    _("An operator reads the history, has the cause mended, then re-posts."),
    "ledger",
    Mender.OPERATOR,
)
_TEMPLATE = Explanation(
    _("The connection's invoice template is gone from the division."),
    _("Another template is chosen in the connection; then an operator re-posts."),
    "connection",
    field="invoice_template",
)
_NO_RATE = Explanation(
    _("Exact has no exchange rate for the day, so the invoice was left open and not printed."),
    _("An accountant enters the rate in Exact, then re-posts."),
    "exact",
)
_NO_RATE_OF_ENTRY = Explanation(
    _("Exact has no exchange rate for the day, and the sales entry is booked one to one."),
    _("An accountant enters the rate and deletes the entry in Exact, then re-posts: it is booked anew."),
    "exact",
)
_MADE_OTHERWISE = Explanation(
    _("Exact made something else of the invoice than was sent, so it was not printed and is deleted again."),
    _("An accountant compares the VAT codes and the rounding in Exact with the connection's, then re-posts."),
    "connection",
    field="vat_rounding",
)
_FINAL = Explanation(
    _("The invoice is final in Exact, with other amounts than the order."),
    _("An accountant credits it in Exact and skips the order, or links it when it is right as it is."),
    "exact",
)
_RECEIPT_CODES = Explanation(
    _("The connection lacks a code that receipts are booked with, or the division does not have it."),
    _("An accountant chooses it in the connection, then re-posts."),
    "connection",
    field="receipt_journal",
)
_UNREADABLE = Explanation(
    _("BigCommerce's answer about this order lacks something, or holds something that it cannot mean."),
    _("Whoever runs the connector reports the text in the history to its makers; then an operator re-posts."),
    "ledger",
    Mender.PLATFORM,
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
            "as %(counted)s %(home)s. It is open in Exact, not printed. Enter the rate in Exact, then re-post: the "
            "invoice is made anew with it. If the rate really is 1, print it in Exact and link it."
        ),
        _NO_RATE,
    ),
    Code.NO_EXCHANGE_RATE_OF_ENTRY: Entry(
        _(
            "Exact has no exchange rate for %(currency)s on the day of %(document)s: it counts %(gross)s %(currency)s "
            "as %(counted)s %(home)s. It is booked. Enter the rate in Exact and delete the entry there, then re-post: "
            "it is booked anew with the rate. If the rate really is 1, link it."
        ),
        _NO_RATE_OF_ENTRY,
    ),
    Code.MADE_OTHERWISE: Entry(
        _(
            "Exact made %(document)s otherwise than meant: %(differences)s. It was not printed and is deleted again. "
            "Compare the VAT codes and the rounding of the division with the connection's (`vat_rounding`, "
            "`force_vat`, `rounding`), pull the master data, then re-post."
        ),
        _MADE_OTHERWISE,
    ),
    Code.FINAL_AND_OTHER: Entry(
        _(
            "Exact has other amounts in %(document)s: %(differences)s. It is final in Exact. Link it when it is right "
            "as it is; else credit it there, then skip the order."
        ),
        _FINAL,
    ),
    Code.FINAL_ENTRY_AND_OTHER: Entry(
        _(
            "Exact has other amounts in %(document)s: %(differences)s. It is final in Exact. Correct it there, then "
            "re-post; else credit it there, then skip the order."
        ),
        _FINAL,
    ),
    Code.FINAL_AND_CHANGED: Entry(
        _(
            "%(Document)s is final in Exact, and the order or the rules changed since it was made. Link it when it is "
            "right as it is; else credit it in Exact and skip the order."
        ),
        DRIFT,
    ),
    Code.FOREIGN_REFERENCE: Entry(
        _(
            "%(Document)s carries %(found)s in Exact instead of our reference %(reference)s, so it is not deleted. "
            "Put it right in Exact, then re-post."
        ),
        DRIFT,
    ),
    Code.GONE_IN_EXACT: Entry(
        _(
            "%(Document)s was made in Exact and is gone there now. Find out who deleted it; then re-post the order or "
            "skip it."
        ),
        DRIFT,
    ),
    Code.NO_LONGER_DUE: Entry(
        _(
            "No %(noun)s is due any more, and %(Document)s stands in Exact. %(why)s Delete or credit it there, then "
            "skip the order."
        ),
        DRIFT,
    ),
    Code.CREDITED_GONE: Entry(_("%(Document)s, which this credits, is gone in Exact. Find out who deleted it."), DRIFT),
    Code.CREDITED_CHANGED: Entry(_("%(Document)s, which this credits, was changed in Exact: %(differences)s."), DRIFT),
    Code.CREDITED_OPEN: Entry(
        _("%(Document)s, which this credits, is open in Exact, not printed. Print it there."), DRIFT
    ),
    Code.SETTLED_GONE: Entry(_("%(Document)s is gone in Exact. Find out who deleted it, then skip this one."), DRIFT),
    Code.POSTED_TO_OTHER_DIVISION: Entry(
        _(
            "The order was posted before to division %(division)s, as %(document)s. Skip it here, or credit it there "
            "first."
        ),
        DUPLICATE,
    ),
    Code.SEVERAL_WITH_OUR_REFERENCE: Entry(
        _(
            "Exact holds %(amount)s documents with our reference %(reference)s: %(documents)s. Delete or credit the "
            "ones too many in Exact, then link the right one."
        ),
        DUPLICATE,
    ),
    Code.OTHER_WITH_OUR_REFERENCE: Entry(
        _(
            "Exact holds one document with our reference %(reference)s and other amounts: %(documents)s; "
            "%(differences)s. Find out who made it, then link it or delete it in Exact."
        ),
        DUPLICATE,
    ),
    Code.SEVERAL_RECEIPTS: Entry(
        _(
            "Exact holds %(amount)s entries in journal %(journal)s described %(reference)s, over %(amounts)s; "
            "%(settled)s %(currency)s was meant. Delete those too many in Exact; then re-post, or skip this one when "
            "it is booked."
        ),
        DUPLICATE,
    ),
    Code.CREDIT_NOTE_SKIPPED: Entry(
        _(
            "The credit note of this order's invoice %(sequence)s was skipped, so another invoice would stand beside "
            "it. Skip this one as well, or re-post the credit note first."
        ),
        DUPLICATE,
    ),
    Code.RECEIPT_JOURNAL_NOT_SET: Entry(
        _("Receipts need a journal: none is set. Set `payments.journal`, then re-post."), _RECEIPT_CODES
    ),
    Code.RECEIPT_JOURNAL_UNFIT: Entry(
        _(
            "Receipts need a journal: '%(journal)s' is no bank or payment-service journal of the division. "
            "Set `payments.journal`, then re-post."
        ),
        _RECEIPT_CODES,
    ),
    Code.RECEIPT_ACCOUNT_NOT_SET: Entry(
        _(
            "Receipts need a GL account: `payments.%(setting)s` is not set, and the division has %(amount)s that fit. "
            "Set it, then re-post."
        ),
        _RECEIPT_CODES,
    ),
    Code.RECEIPT_ACCOUNT_UNFIT: Entry(
        _(
            "Receipts need a GL account: `payments.%(setting)s` is %(gl_account)s, and the division has %(amount)s "
            "that fit. Set it, then re-post."
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
    Code.DETAILS_NOT_TOLD: Entry(_("Read of the order, and still not known: %(details)s."), INTERNAL),
}
