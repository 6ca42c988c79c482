"""Uncertain: the answer to a write was unclear. Exact is searched by our reference before the write is repeated."""

from datetime import datetime, timedelta

from django.conf import settings

from connector.domain.choices import DocumentKind
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.document.states import State, Step
from connector.flow.clock import database_now
from connector.flow.invoice import post, replace
from connector.flow.ledger import transitions, unclear
from connector.flow.payment import receipt
from connector.flow.pipeline.lane import Work
from connector.models import OrderSync
from connector.models.kept_words import english

NOT_FOUND_NEEDED = 2
# The second time it is sent at once, because a cut connection is the usual cause. Then Exact gets time to recover.
REST = timedelta(hours=1)


def look_up(work: Work) -> None:
    """Search Exact by our reference. When the document is found, go on; when it is missing twice, write again.

    Raises the clients' errors, and Hold when the document in Exact differs from the draft, or when it was refused twice
    with the same text or sent three times.
    """
    document, exact = work.document, work.exact
    transitions.note(document, english("Searching Exact for the last write."), lease_token=work.lane.lease.token)
    if document.exact_id and document.replace_requested:
        replace.resolve(document, exact)
        return
    if document.kind == DocumentKind.RECEIPT:
        if not receipt.find_sent(document, exact):
            _not_found(document)
        return
    invoice = post.resolve(document, exact)
    if invoice is not None:
        number = invoice.number or invoice.id
        transitions.move(
            document,
            State.WAITING,
            (problem(Code.FOUND_IN_EXACT, noun=document.english_noun, number=number),),
            exact_id=invoice.id,
            exact_number=invoice.number,
            step=Step.PRINT,
        )
    else:
        _not_found(document)


def _not_found(document: OrderSync) -> None:
    """Count a search without a result. The first may be too early, the second is proof."""
    if document.not_found_count + 1 >= NOT_FOUND_NEEDED:
        unclear.raise_if_not_to_be_sent(document)
        why = (Problem(Code.NOT_IN_EXACT),)
        transitions.move(document, State.WAITING, why, at=_when(document), not_found_count=0, sent_at=None)
    else:
        once_more = database_now() + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS / 2)
        text = english("Not found in Exact. Searching once more.")
        transitions.note(document, text, not_found_count=document.not_found_count + 1, next_attempt_at=once_more)


def _when(document: OrderSync) -> datetime:
    """Return when to send it again."""
    return database_now() + (REST if document.unclear.get("times", 0) > 1 else timedelta())
