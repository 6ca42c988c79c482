"""Takes an open invoice out of Exact again, because a person who looked at it does not want it."""

from typing import Any, Final

from connector.clients.exact.client import ExactClient
from connector.domain.document.codes import Code
from connector.domain.document.result import problem
from connector.domain.document.states import State
from connector.flow.invoice import exact_document, post, replace
from connector.flow.ledger import transitions
from connector.models import OrderSync
from connector.models.kept_words import english

DECISION: Final = "take_out"
"""What `OrderSync.decision` has until the invoice is out of Exact."""


def take_out(document: OrderSync, client: ExactClient) -> None:
    """Delete the invoice, see that it is gone, and skip the document, which a person may post again later.

    One that was printed meanwhile stays. Raises Hold when it is not ours to delete, and the client's errors:
    Unavailable while it is so new that Exact may not show it yet. After an unclear answer it is read again first.
    """
    invoice = exact_document.read(document, client)
    if invoice is None:
        post.raise_if_maybe_late(document)
    elif invoice.is_final:
        text = english("%(Document)s was printed meanwhile, so it stays.") % {"Document": document.said_title}
        transitions.note(document, text, chosen_at=None, decision="", recheck_at=None)
        return
    else:
        replace.delete_unwanted(document, invoice, client)
    gone = problem(Code.TAKEN_OUT, **exact_document.in_exact(document))
    cleared: dict[str, Any] = {"posted_at": None, "decision": "", "recheck_at": None}
    transitions.move(document, State.SKIPPED, (gone,), data=replace.kept(document), **replace.FORGOTTEN, **cleared)
