"""Counts the unclear answers to a write, so that no write is repeated for ever.

Before a write is repeated, Exact is searched for what the last one may have made. So whatever stands here was not
found. A write is not repeated when Exact answered twice with the same text, or when the answer was unclear three times.
`OrderSync.unclear` has the last unclear write: `endpoint`, `times`, `again` (the text was the same once more), what a
problem keeps of a refusal, and `unreadable` (how many answers to the search for it could not be read). It is empty when
the last write was clear, and after a person's re-post.
"""

from typing import Any

from django.utils.translation import gettext_noop as _

from connector.clients.transport import Call
from connector.domain.document.causes import without
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.flow.hold import Hold
from connector.models import OrderSync
from connector.problems.catalogue import EXACT

# A document is sent so often without a person.
MOST_TIMES = 3
# A delivery address and a VAT number: sending them again makes nothing twice, so Exact is not searched for them.
REPEATABLE = {"crm/Addresses", "crm/Accounts(guid)"}
# With this status Exact refuses input too, in a text that is on no list.
REFUSES_TOO = 500


def count(document: OrderSync, call: Call, *, shared: bool) -> None:
    """Count the answer to a write. `shared`: all documents are refused for the same cause, so it is not this one's.

    A clear success of the write makes its earlier answers not matter.
    """
    before = document.unclear
    if call.unclear:
        fault = without(call.detail, document.own_values) if call.status == REFUSES_TOO else ""
        times = before["times"] if before.get("endpoint") in {call.endpoint, ""} else 0
        same = bool(fault) and times > 0 and before.get("fault") == fault
        _keep(
            document,
            {
                "endpoint": call.endpoint,
                "times": times + 1,
                "again": same and (not shared or times + 1 >= MOST_TIMES),
                "status": call.status,
                "text": call.detail,
                "fault": fault,
            },
        )
    elif before.get("endpoint") == call.endpoint and call.method != "GET" and not call.error:
        _keep(document, {})


def count_lost(document: OrderSync) -> None:
    """Count a write of which no answer is known at all: its worker died, or failed before it noted the answer."""
    before = document.unclear or {"endpoint": "", "times": 0}
    _keep(document, {**before, "times": before["times"] + 1, "again": False})


def count_unreadable(document: OrderSync) -> int:
    """Count a search for the last write whose answer cannot be read. Return how many there were since the write."""
    before = document.unclear or {"endpoint": "", "times": 0, "again": False}
    _keep(document, {**before, "unreadable": before.get("unreadable", 0) + 1})
    return int(document.unclear["unreadable"])


def raise_if_not_to_be_sent(document: OrderSync, endpoint: str = "") -> None:
    """Raise Hold when a write may not be repeated without a person: this one, or without `endpoint` the last one.

    Exact was searched before, and does not have what the write would make.
    """
    last = document.unclear
    if not last or (endpoint and last["endpoint"] != endpoint):
        return
    if last["again"]:
        raise Hold((_refused(document, last),))
    if last["times"] >= MOST_TIMES:
        if last["endpoint"] in REPEATABLE:
            raise Hold(Code.REPEATED_TOO_OFTEN, times=last["times"], **_answer(last))
        raise Hold(Code.SENT_TOO_OFTEN, times=last["times"], **_answer(last), **left(document))


def left(document: OrderSync) -> dict[str, Any]:
    """Return what of the document is in Exact already, as a problem's parameters."""
    stands = "" if not document.exact_id else "booked" if document.is_entry else "open"
    return {"stands": stands, "noun": document.english_noun, "number": document.exact_number or document.exact_id}


def _refused(document: OrderSync, last: dict[str, Any]) -> Problem:
    match last["endpoint"]:
        case "crm/Accounts":
            return problem(Code.ACCOUNT_REFUSED, name=document.customer, **_answer(last))
        case "crm/Accounts(guid)":
            return problem(Code.VAT_NUMBER_NOT_TAKEN, name=document.customer, **_answer(last))
        case "crm/Addresses":
            return problem(Code.ADDRESS_REFUSED, **_answer(last))
    return problem(Code.REFUSED, **_answer(last), **left(document))


def _answer(last: dict[str, Any]) -> dict[str, Any]:
    """Return what a problem keeps of the vendor's answer."""
    endpoint, status, text = last["endpoint"], last.get("status", 0), last.get("text", "")
    if last["again"]:
        said = _("Exact refused the request")
    else:
        said = _("Exact gave no clear answer") if endpoint else _("No answer of Exact is known")
    place = ", ".join(part for part in (endpoint, f"HTTP {status}" if status else "") if part)
    error = f"{said} ({place})" if place else said
    return {
        "vendor": EXACT,
        "status": status,
        "error": f"{error}: {text}" if text else f"{error}.",
        "said": said,
        "given": "{}",
        "text": text,
        "endpoint": endpoint.partition("(")[0],
        "fault": last.get("fault", ""),
    }


def _keep(document: OrderSync, unclear: dict[str, Any]) -> None:
    OrderSync.objects.filter(pk=document.pk, lease_token=document.lease_token).update(unclear=unclear)
    document.unclear = unclear
