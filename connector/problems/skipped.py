"""Why no document is due."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.domain.document.states import SkipReason
from connector.problems.explanation import Entries, Entry, Explanation, Person

BY_REASON: Final[Mapping[str, Explanation]] = {
    SkipReason.STATUS: Explanation(
        _("This connection does not post orders with this status in the store."),
        _("Nobody has to do anything. The order is posted when its status is one of those in the connection."),
        "bigcommerce",
        Person.NOBODY,
    ),
    SkipReason.SHADOW: Explanation(
        _("The connection is in shadow mode: it shows what it would post, and posts nothing."),
        _("An owner sets the connection live when the drafts look right."),
        "connection",
        Person.OWNER,
        field="mode",
    ),
    SkipReason.BEFORE_START: Explanation(
        _("The order was placed before the connection's start date."),
        _("Nobody has to do anything. To post it, the owner changes the start date and an operator re-posts."),
        "connection",
        Person.NOBODY,
        field="start_date",
    ),
    SkipReason.MIGRATED: Explanation(
        _("The order comes from another shop system, so it was invoiced there."),
        _("Nobody has to do anything. An operator can re-post it."),
        "ledger",
        Person.NOBODY,
    ),
    SkipReason.TEST: Explanation(
        _("It is a test order, and the connection does not post test orders."),
        _("Nobody has to do anything. To post test orders, the owner changes the connection."),
        "connection",
        Person.NOBODY,
        field="test_orders",
    ),
    SkipReason.ZERO: Explanation(
        _("The order's total is zero, so there is nothing to invoice."),
        _("Nobody has to do anything."),
        "ledger",
        Person.NOBODY,
    ),
    SkipReason.DELETED: Explanation(
        _("The order was deleted or archived in the store before it was posted."),
        _("Nobody has to do anything. To post it, somebody restores it in the store."),
        "bigcommerce",
        Person.NOBODY,
    ),
    SkipReason.UNPAID: Explanation(
        _("No captured payment was found for this order, so there is no receipt to book yet."),
        _("Nobody has to do anything. The payments are read again when the store reports a change of the order."),
        "bigcommerce",
        Person.NOBODY,
    ),
    SkipReason.PERSON: Explanation(
        _("A person decided not to post this order. The history says who and why."),
        _("Nobody has to do anything. To post it, an operator re-posts it."),
        "ledger",
        Person.NOBODY,
    ),
}
_TO_SETTLE = Explanation(
    _("The order was cancelled before it was posted, and store credit or gift certificates are not as they were."),
    _("An accountant books the amount in Exact by hand, then presses Settle. Or somebody refunds it in the store."),
    "ledger",
    Person.ACCOUNTANT,
)
_NOTHING_REMAINS = Explanation(
    _("The refunds gave back the whole invoice, so nothing is left for this credit note."),
    _("Nobody has to do anything."),
    "ledger",
    Person.NOBODY,
)
_VOIDED = Explanation(
    _("The payment was voided in the store before its receipt was booked."),
    _("Nobody has to do anything."),
    "ledger",
    Person.NOBODY,
)

ENTRIES: Final[Entries] = {
    Code.STATUS_NOT_POSTED: Entry(
        _("Status %(status)s of the order is not one that this connection posts."), BY_REASON[SkipReason.STATUS]
    ),
    Code.VOUCHERS_OF_CANCELLED: Entry(
        _(
            "To settle by hand: %(amount)s %(currency)s, paid by store credit or gift certificate and not given back "
            "when the order was cancelled."
        ),
        _TO_SETTLE,
    ),
    Code.GIVEN_BACK_OF_CANCELLED: Entry(
        _("To settle by hand: %(amount)s %(currency)s, given back as store credit or gift certificate."), _TO_SETTLE
    ),
    Code.BEFORE_START: Entry(
        _("The order was placed before this connection's start date."),
        BY_REASON[SkipReason.BEFORE_START],
    ),
    Code.MIGRATED: Entry(_("The order was migrated from another shop system."), BY_REASON[SkipReason.MIGRATED]),
    Code.TEST_ORDER: Entry(
        _("It is a test order, and the connection does not post test orders."), BY_REASON[SkipReason.TEST]
    ),
    Code.NOTHING_TO_PAY: Entry(_("The order's total is zero."), BY_REASON[SkipReason.ZERO]),
    Code.NOTHING_REMAINS: Entry(
        _("Nothing remains of %(noun)s %(reference)s: its refunds gave back all of it."), _NOTHING_REMAINS
    ),
    Code.ARCHIVED: Entry(_("The order is archived in BigCommerce."), BY_REASON[SkipReason.DELETED]),
    Code.SHADOW: Entry(
        _("The connection is in shadow mode, so the draft is shown and not posted."), BY_REASON[SkipReason.SHADOW]
    ),
    Code.SEEN_IN_SHADOW: Entry(
        _("The order was read in shadow mode, before the connection went live."), BY_REASON[SkipReason.SHADOW]
    ),
    Code.NOT_PAID: Entry(_("The order has no captured payment yet."), BY_REASON[SkipReason.UNPAID]),
    Code.PAYMENT_VOIDED: Entry(
        _("Payment %(payment)s was voided before it was booked, so there is nothing to book."),
        _VOIDED,
    ),
    Code.TAKEN_OUT: Entry(
        _("A person took %(noun)s %(number)s out of Exact again while it was open."), BY_REASON[SkipReason.PERSON]
    ),
    Code.REFUND_LEFT: Entry(
        _("A person decided to make no credit note of this refund. The history of the invoice says who and why."),
        BY_REASON[SkipReason.PERSON],
    ),
}
