"""The stages of a document that may have been posted when this ledger did not see it: it was restored, or not begun."""

from datetime import timedelta

from django.conf import settings

from connector.domain.document.codes import Code
from connector.domain.document.states import State, Step
from connector.flow.clock import database_now
from connector.flow.hold import Hold
from connector.flow.invoice import exact_document, post
from connector.flow.ledger import transitions
from connector.flow.pipeline.lane import Work
from connector.models import OrderSync
from connector.models.kept_words import Said, english


def look_first(work: Work) -> None:
    """Search Exact by our reference, in both forms. Take what is found, when it is one with the draft's amounts.

    Without a find the document waits until Exact must show what was written before the restore, then it may be sent.
    Raises the clients' errors, and Hold when a person must decide.
    """
    document, draft = work.document, work.prepared()[1]
    work.lane.renew()
    found = exact_document.find(draft, work.exact)
    if not found and (others := exact_document.find_in_other_form(draft, work.exact)):
        raise Hold(Code.OTHER_FORM_WITH_OUR_REFERENCE, reference=draft.reference, documents=post.names_of(others))
    if not found:
        _not_found(work)
        return
    invoice = post.only_one(found, draft)
    now = database_now()
    text = _found_text(document) % {"noun": document.said_noun, "number": invoice.number or invoice.id}
    transitions.note(
        document,
        text,
        exact_id=invoice.id,
        exact_number=invoice.number,
        form=draft.form,
        step=Step.PRINT,
        searched_at=now,
        sent_at=now,
    )


def _found_text(document: OrderSync) -> Said:
    if document.division.restored_at:
        return english("Posted before the backup was restored: found in Exact as %(noun)s %(number)s.")
    return english("Posted before the store was connected: found in Exact as %(noun)s %(number)s.")


def _not_found(work: Work) -> None:
    document, now = work.document, database_now()
    noticed = document.division.restored_at
    shown = noticed + timedelta(seconds=settings.CONNECTOR_SETTLE_SECONDS) if noticed else now
    if now < shown:
        text = english(
            "Not found in Exact. What was sent before the backup was restored may show late: searching once more."
        )
        transitions.move(document, State.WAITING, text, at=shown, attempts=max(document.attempts - 1, 0))
    else:
        text = (
            english("Not found in Exact, so it was not posted before the backup was restored.")
            if noticed
            else english("Not found in Exact, so it was not posted before the store was connected.")
        )
        transitions.note(document, text, searched_at=now)


def set_down(work: Work) -> None:
    """Leave the rest to a worker: what is known of the document is noted, and nothing was sent."""
    document = work.document
    transitions.move(
        document, State.WAITING, english("Looked up after a restore."), attempts=max(document.attempts - 1, 0)
    )
