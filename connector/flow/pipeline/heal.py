"""After a refusal that names a reference, reads that again and lets the document be translated once more.

A rule, a setting or an account may have gone out of date since the master data was read. Then the next translation
takes another code, finds the account again, or names the code that is wrong. Exact counts each refusal, so a document
is only sent again when something of what was named differs from before, and once until a person or a change sends it
again.
"""

from collections.abc import Collection

from connector.clients.errors import ClientError, Rejected
from connector.domain.choices import DocumentKind
from connector.domain.document.codes import Code
from connector.domain.document.result import problem
from connector.domain.document.states import State
from connector.flow.customer.copies import directory
from connector.flow.hold import refusal
from connector.flow.invoice import booking_date
from connector.flow.ledger import transitions
from connector.flow.order.master_rows import read_again
from connector.flow.pipeline.lane import Work
from connector.models import DirectoryAccount, MasterData, SyncEvent
from connector.problems.catalogue import EXACT
from connector.problems.references import ACCOUNT, named_in

# What a document needs that is in Exact already, or that is posted as it was approved.
AT_PRINTING = {MasterData.Kind.PERIOD, MasterData.Kind.LAYOUT}
LOOKED_AT = 50  # lines of the history


def tries_again(work: Work, error: ClientError) -> bool:
    """Read again what a refusal names, and let the document wait for its next turn when that differs.

    Returns whether it waits. When Exact does not answer, or the calls are used up, it does not.
    """
    document = work.document
    if not isinstance(error, Rejected) or document.state != State.POSTING:
        return False
    named = _that_helps(work, named_in(error.detail))
    if not named or _was_tried_again(work):
        return False
    try:
        if not _differs(work, named):
            return False
    except ClientError:
        return False  # the history has the call; the refusal is what the person must read
    work.lane.remembered.codes.clear()
    why = problem(Code.READ_AGAIN, **refusal(EXACT, error, document.own_values))
    transitions.move(document, State.WAITING, (why,), attempts=max(document.attempts - 1, 0))
    return True


def _that_helps(work: Work, named: Collection[str]) -> set[str]:
    """Return of what was named what the document's next turn looks at."""
    document = work.document
    translated = document.kind == DocumentKind.INVOICE and not document.approved_at and not document.exact_id
    return set(named) if translated else set(named) & AT_PRINTING


def _differs(work: Work, named: set[str]) -> bool:
    """Read what was named, and return whether it differs from before. Raises ClientError."""
    items = {line.item_code for line in work.draft.lines} if work.draft else set()
    changes = read_again(work.lane.division, work.exact, named, items=items)
    if any(kind == MasterData.Kind.PERIOD for kind, _code in changes):
        booking_date.reopen(work.lane.division)
    return (ACCOUNT in named and _account_differs(work)) or bool(changes)


def _account_differs(work: Work) -> bool:
    """Whether the customer's account can no longer be used as it was, or is gone. Raises ClientError."""
    if work.party is None:
        return False
    division = work.document.connection.division
    rows = DirectoryAccount.objects.filter(division=division, account_id=work.party.account_id)
    before = rows.values_list("status", "blocked", "ends").first()
    directory.pull(division, work.exact)
    after = rows.values_list("status", "blocked", "ends").first()
    return after is None or after != before


def _was_tried_again(work: Work) -> bool:
    """Whether it was since a person or a change sent it."""
    kinds = (SyncEvent.Kind.TRANSITION, SyncEvent.Kind.ACTION)
    for data in work.document.history.filter(kind__in=kinds).values_list("data", flat=True)[:LOOKED_AT]:
        if data.get("to") == State.PENDING:
            return False
        if any(each["code"] == Code.READ_AGAIN for each in data.get("problems", ())):
            return True
    return False
