"""Calls that failed. What a vendor said itself is explained by `vendor_texts`; here is what is known without that."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.documents import INTERNAL
from connector.problems.explanation import Entries, Entry, Explanation, Mender
from connector.problems.totals import PERIOD

REJECTED: Final = Explanation(
    _("Exact refused the invoice."),
    _("An accountant reads Exact's own text in the history, mends what it names, then re-posts."),
    "exact",
)
EXHAUSTED: Final = Explanation(
    _("The connector broke down again and again with this order in hand."),
    _("Whoever runs the connector looks into the worker's log; then an operator re-posts."),
    "ledger",
    Mender.PLATFORM,
)
CONSENT_ENDED: Final = Explanation(
    _("The consent for Exact has ended, so Exact lets the connector in no more."),
    _("An owner connects to Exact again. Orders wait; none is lost."),
    "grant",
    Mender.OWNER,
)
STORE_TOKEN_REFUSED: Final = Explanation(
    _("The store refuses the access token: the API account was deleted or replaced."),
    _("An owner enters the client id, secret and token of a new API account. Orders wait; none is lost."),
    "store",
    Mender.OWNER,
    field="access_token",
)
EXACT_RIGHT: Final = Explanation(
    _("The Exact user who gave the consent lacks a right that this needs."),
    _("An administrator of your Exact licence gives the user the right, then an operator re-posts."),
    "exact",
    Mender.EXACT_ADMIN,
)
STORE_SCOPE: Final = Explanation(
    _("The store's API account lacks a scope that this needs."),
    _("An owner adds the scope to an API account in the store and enters its token here; then re-posts."),
    "store",
    Mender.OWNER,
    field="access_token",
)
CALLS_USED_UP: Final = Explanation(
    _("The calls that the vendor allows are used up for now."),
    _("Nobody has to do anything; it goes on when the limit is lifted."),
    "ledger",
    Mender.NOBODY,
)
NOT_AVAILABLE: Final = Explanation(
    _("The vendor cannot be reached, or is under maintenance."),
    _("Nobody has to do anything; it is tried again."),
    "ledger",
    Mender.NOBODY,
)
BUSY: Final = Explanation(
    _("The connector is busy with this document, or waits to try again."),
    _("Nobody has to do anything; the history below says what comes next."),
    "ledger",
    Mender.NOBODY,
)

ENTRIES: Final[Entries] = {
    Code.REFUSED: Entry(_("%(stands)s%(error)s Mend the cause, then re-post."), REJECTED),
    Code.NOT_FOUND_WHILE_POSTING: Entry(_("%(stands)s%(error)s Mend the cause, then re-post."), REJECTED),
    Code.PERIOD_REFUSED: Entry(
        _(
            "%(stands)s%(error)s The period counts as closed until the master data is pulled again. "
            "Mend the cause, then re-post."
        ),
        PERIOD,
    ),
    Code.RIGHT_MISSING: Entry(_("%(stands)s%(error)s Mend the cause, then re-post."), EXACT_RIGHT),
    Code.NOT_FOUND: Entry(_("%(stands)s%(error)s Mend the cause, then re-post."), INTERNAL),
    Code.GAVE_UP: Entry(_("%(error)s Tried %(tries)s times; re-post when the cause is mended."), INTERNAL),
    Code.GAVE_UP_INSIDE: Entry(
        _(
            "Something went wrong inside the connector (%(fault)s); see its log. Tried %(tries)s times; re-post when "
            "the cause is mended."
        ),
        INTERNAL,
    ),
    Code.WORKER_DIED: Entry(
        _("The worker died %(times)s times with this order in hand. Look into its log, then re-post."), EXHAUSTED
    ),
    Code.CALLS_USED_UP: Entry(_("%(error)s"), CALLS_USED_UP),
    Code.TOKEN_REFUSED: Entry(_("%(error)s"), CONSENT_ENDED),
    Code.CALL_UNCLEAR: Entry(_("%(error)s"), BUSY),
    Code.CALL_FAILED: Entry(_("%(error)s"), NOT_AVAILABLE),
    Code.FAILED_INSIDE: Entry(_("Something went wrong inside the connector (%(fault)s); see its log."), BUSY),
    Code.PERIOD_GIVES_WAY: Entry(_("%(error)s Its period counts as closed; taking the first open day."), BUSY),
}
# Of the store's side, where Exact's has another explanation.
OF_STORE: Final = {Code.TOKEN_REFUSED: STORE_TOKEN_REFUSED, Code.RIGHT_MISSING: STORE_SCOPE}
