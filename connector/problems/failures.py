"""Problems with calls that failed. `vendor_texts` explains the vendors' own texts."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from connector.domain.document.codes import Code
from connector.problems.documents import INTERNAL
from connector.problems.explanation import Entries, Entry, Explanation, Person
from connector.problems.totals import PERIOD

REJECTED: Final = Explanation(
    _("Exact refused the invoice."),
    _("An accountant reads Exact's own text in the history, corrects what it names, then re-posts."),
    "exact",
)
EXHAUSTED: Final = Explanation(
    _("The connector stopped several times while it worked on this order."),
    _("The person who runs the connector reads the worker's log. Then an operator re-posts."),
    "ledger",
    Person.PLATFORM,
)
NO_CLEAR_ANSWER: Final = Explanation(
    _("Exact gave no clear answer again and again."),
    _("An operator finds out whether Exact works, then re-posts. Exact is searched first, so nothing is made twice."),
    "ledger",
    Person.OPERATOR,
)
CONSENT_ENDED: Final = Explanation(
    _("The consent for Exact has ended, so Exact no longer lets the connector in."),
    _("An owner connects to Exact again. Orders wait. None is lost."),
    "grant",
    Person.OWNER,
)
STORE_TOKEN_REFUSED: Final = Explanation(
    _("The store refuses the access token: the API account was deleted or replaced."),
    _("An owner enters the client id, secret and token of a new API account. Orders wait. None is lost."),
    "store",
    Person.OWNER,
    field="new_access_token",
)
EXACT_RIGHT: Final = Explanation(
    _("The Exact user who gave the consent lacks a right that this needs."),
    _("An administrator of your Exact licence gives the user the right. Then an operator re-posts."),
    "exact",
    Person.EXACT_ADMIN,
)
STORE_SCOPE: Final = Explanation(
    _("The store's API account lacks a scope that this needs."),
    _("An owner adds the scope to an API account in the store, enters its token here, then re-posts."),
    "store",
    Person.OWNER,
    field="new_access_token",
)
CALLS_USED_UP: Final = Explanation(
    _("The calls that the vendor allows are used up for now."),
    _("Nobody has to do anything. It goes on when the vendor allows calls again."),
    "ledger",
    Person.NOBODY,
)
NOT_AVAILABLE: Final = Explanation(
    _("The vendor cannot be reached, or is under maintenance."),
    _("Nobody has to do anything. It is tried again."),
    "ledger",
    Person.NOBODY,
)
BUSY: Final = Explanation(
    _("The connector is busy with this document, or waits to try again."),
    _("Nobody has to do anything. The history below says what comes next."),
    "ledger",
    Person.NOBODY,
)

TRY_STOPPED: Final = Explanation(
    _("The try of the orders stopped: a fault of the connector, or a credential that it cannot read."),
    _("The person who runs the connector reads its log. Then an operator goes on with the try."),
    "store",
    Person.PLATFORM,
)

CUSTOMERS_STOPPED: Final = Explanation(
    _("The run over all customers stopped: a fault of the connector, or a credential that it cannot read."),
    _("The person who runs the connector reads its log. Then an accountant goes on with the run."),
    "store",
    Person.PLATFORM,
)

BACKFILL_STOPPED: Final = Explanation(
    _("The backfill stopped: a fault of the connector, or a credential that it cannot read."),
    _("The person who runs the connector reads its log. Then an accountant goes on with the backfill."),
    "store",
    Person.PLATFORM,
)

# The sentences by how the document stands in Exact already.
_REFUSED: Final = _("%(error)s Fix the cause, then re-post.")
_REFUSED_WITH: Final = {
    "booked": _("%(Document)s is booked in Exact. %(error)s Fix the cause, then re-post."),
    "open": _("%(Document)s is open in Exact, not printed. %(error)s Fix the cause, then re-post."),
}
_PERIOD_WITH: Final = {
    "booked": _(
        "%(Document)s is booked in Exact. %(error)s The period counts as closed until the master data is pulled "
        "again. Fix the cause, then re-post."
    ),
    "open": _(
        "%(Document)s is open in Exact, not printed. %(error)s The period counts as closed until the master data is "
        "pulled again. Fix the cause, then re-post."
    ),
}
_SENT_TOO_OFTEN_WITH: Final = {
    "booked": _(
        "%(Document)s is booked in Exact. What follows was sent %(times)s times. %(error)s Exact was read after each "
        "time, and nothing was changed. Re-post it when Exact works."
    ),
    "open": _(
        "%(Document)s is open in Exact. What follows was sent %(times)s times. %(error)s Exact was read after each "
        "time, and nothing was changed. Re-post it when Exact works."
    ),
}

ENTRIES: Final[Entries] = {
    Code.REFUSED: Entry(_REFUSED, REJECTED, _REFUSED_WITH),
    Code.NOT_FOUND_WHILE_POSTING: Entry(_REFUSED, REJECTED, _REFUSED_WITH),
    Code.PERIOD_REFUSED: Entry(
        _("%(error)s The period counts as closed until the master data is pulled again. Fix the cause, then re-post."),
        PERIOD,
        _PERIOD_WITH,
    ),
    Code.RIGHT_MISSING: Entry(_REFUSED, EXACT_RIGHT, _REFUSED_WITH),
    Code.NOT_FOUND: Entry(_REFUSED, INTERNAL, _REFUSED_WITH),
    Code.GAVE_UP: Entry(_("%(error)s Tried %(tries)s times. Fix the cause, then re-post."), INTERNAL),
    Code.GAVE_UP_INSIDE: Entry(
        _(
            "Something went wrong inside the connector (%(fault)s). See its log. Tried %(tries)s times. Fix the "
            "cause, then re-post."
        ),
        INTERNAL,
    ),
    Code.SENT_TOO_OFTEN: Entry(
        _(
            "It was sent %(times)s times. %(error)s Exact was searched after each time, and has nothing of it. Re-post "
            "it when Exact works."
        ),
        NO_CLEAR_ANSWER,
        _SENT_TOO_OFTEN_WITH,
    ),
    Code.REPEATED_TOO_OFTEN: Entry(
        _(
            "It was sent %(times)s times. %(error)s Exact may have it, and sending it again makes nothing twice. "
            "Re-post it when Exact works."
        ),
        NO_CLEAR_ANSWER,
    ),
    Code.SEARCH_GAVE_UP: Entry(
        _(
            "It is not known whether Exact has the %(noun)s: the search for it failed %(tries)s times. %(error)s "
            "Re-post it when Exact works. Exact is searched first."
        ),
        NO_CLEAR_ANSWER,
    ),
    Code.WORKER_DIED: Entry(
        _("The worker stopped %(times)s times while it worked on this order. Read its log, then re-post."), EXHAUSTED
    ),
    Code.CALLS_USED_UP: Entry(_("%(error)s"), CALLS_USED_UP),
    Code.TOKEN_REFUSED: Entry(_("%(error)s"), CONSENT_ENDED),
    Code.CALL_UNCLEAR: Entry(_("%(error)s"), BUSY),
    Code.CALL_FAILED: Entry(_("%(error)s"), NOT_AVAILABLE),
    Code.FAILED_INSIDE: Entry(_("Something went wrong inside the connector (%(fault)s). See its log."), BUSY),
    Code.TRY_STOPPED: Entry(_("%(error)s"), TRY_STOPPED),
    Code.CUSTOMERS_STOPPED: Entry(_("%(error)s"), CUSTOMERS_STOPPED),
    Code.BACKFILL_STOPPED: Entry(_("%(error)s"), BACKFILL_STOPPED),
    Code.READ_AGAIN: Entry(
        _("%(error)s The connector read again from Exact what this names, and it differs. It translates once more."),
        BUSY,
    ),
    Code.PERIOD_GIVES_WAY: Entry(
        _("%(error)s Its period counts as closed. The connector takes the first open day."), BUSY
    ),
}
# The explanations for the store, where they differ from those for Exact.
OF_STORE: Final = {Code.TOKEN_REFUSED: STORE_TOKEN_REFUSED, Code.RIGHT_MISSING: STORE_SCOPE}
