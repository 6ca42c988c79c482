"""Why no document is due."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.domain.document.states import SkipReason
from connector.problems.explanation import Entries, Entry, Explanation, Mender

BY_REASON: Final[Mapping[str, Explanation]] = {
    SkipReason.STATUS: Explanation(
        _("The order's status in the store is not one that this connection posts."),
        _("Nobody has to do anything: it is posted once it is paid. The statuses stand in the connection."),
        "bigcommerce",
        Mender.NOBODY,
    ),
    SkipReason.SHADOW: Explanation(
        _("The connection is in shadow mode: it shows what it would post, and posts nothing."),
        _("An owner sets the connection live when the drafts look right."),
        "connection",
        Mender.OWNER,
        field="mode",
    ),
    SkipReason.BEFORE_START: Explanation(
        _("The order was placed before the connection's start date."),
        _("Nobody, unless it should be in Exact: then the owner moves the start date, and an operator re-posts."),
        "connection",
        Mender.NOBODY,
        field="start_date",
    ),
    SkipReason.MIGRATED: Explanation(
        _("The order was taken over from another shop system, so it was invoiced there."),
        _("Nobody has to do anything; an operator can re-post it all the same."),
        "ledger",
        Mender.NOBODY,
    ),
    SkipReason.TEST: Explanation(
        _("It is a test order, and the connection does not post those."),
        _("Nobody, unless test orders should be posted: then the owner says so in the connection."),
        "connection",
        Mender.NOBODY,
        field="test_orders",
    ),
    SkipReason.ZERO: Explanation(
        _("The order's total is zero, so there is nothing to invoice."),
        _("Nobody has to do anything."),
        "ledger",
        Mender.NOBODY,
    ),
    SkipReason.DELETED: Explanation(
        _("The order was deleted or archived in the store before it was posted."),
        _("Nobody, unless that was a mistake: then somebody restores it in the store."),
        "bigcommerce",
        Mender.NOBODY,
    ),
    SkipReason.UNPAID: Explanation(
        _("No captured payment was found for this order, so there is no receipt to book yet."),
        _("Nobody: it is looked at again when the store reports a change of the order."),
        "bigcommerce",
        Mender.NOBODY,
    ),
    SkipReason.PERSON: Explanation(
        _("A person decided that this order is not posted; the history says who and why."),
        _("Nobody, unless it should be posted after all: then an operator re-posts it."),
        "ledger",
        Mender.NOBODY,
    ),
}
_NOTHING_REMAINS = Explanation(
    _("The refunds gave back all of the invoice, so nothing is left for this credit note."),
    _("Nobody has to do anything."),
    "ledger",
    Mender.NOBODY,
)

ENTRIES: Final[Entries] = {
    Code.STATUS_NOT_POSTED: Entry(
        _("Status %(status)s of the order is not one that this connection posts."), BY_REASON[SkipReason.STATUS]
    ),
    Code.BEFORE_START: Entry(
        _("The order was placed before this connection's start date; backfill posts it."),
        BY_REASON[SkipReason.BEFORE_START],
    ),
    Code.MIGRATED: Entry(_("The order was migrated from another shop system."), BY_REASON[SkipReason.MIGRATED]),
    Code.TEST_ORDER: Entry(_("A test order; the connection does not post those."), BY_REASON[SkipReason.TEST]),
    Code.NOTHING_TO_PAY: Entry(_("The order's total is zero."), BY_REASON[SkipReason.ZERO]),
    Code.NOTHING_REMAINS: Entry(
        _("Nothing remains of %(noun)s %(reference)s: its refunds gave back all of it."), _NOTHING_REMAINS
    ),
    Code.ARCHIVED: Entry(_("The order is archived in BigCommerce."), BY_REASON[SkipReason.DELETED]),
    Code.SHADOW: Entry(_("Shadow mode: shown, not posted."), BY_REASON[SkipReason.SHADOW]),
    Code.SEEN_IN_SHADOW: Entry(
        _("Seen in shadow mode, before the connection went live."), BY_REASON[SkipReason.SHADOW]
    ),
    Code.NOT_PAID: Entry(_("No captured payment yet."), BY_REASON[SkipReason.UNPAID]),
    Code.REFUND_LEFT: Entry(
        _("A person chose to make no credit note of this refund; the history of the invoice says who and why."),
        BY_REASON[SkipReason.PERSON],
    ),
}
