"""Returns the sentence and the explanation of a problem."""

from collections.abc import Iterable, Mapping
from typing import Final

from connector.domain.document.codes import Code
from connector.domain.document.result import Params, Problem, of_param
from connector.domain.document.states import BlockedReason
from connector.problems import (
    booking,
    changes,
    customer_details,
    customers,
    documents,
    failures,
    orders,
    refunds,
    skipped,
    totals,
    vat,
    waiting,
    written,
)
from connector.problems.explanation import Entries, Explanation
from connector.problems.vendor_texts import RIGHTS, VENDOR_TEXTS, first
from connector.problems.words import in_words

STORE: Final = "BigCommerce"
EXACT: Final = "Exact"
"""The names of the two vendors in a problem's parameters."""

ENTRIES: Final[Entries] = {
    **booking.ENTRIES,
    **orders.ENTRIES,
    **vat.ENTRIES,
    **totals.ENTRIES,
    **refunds.ENTRIES,
    **changes.ENTRIES,
    **customers.ENTRIES,
    **customer_details.ENTRIES,
    **documents.ENTRIES,
    **failures.ENTRIES,
    **waiting.ENTRIES,
    **skipped.ENTRIES,
    **written.ENTRIES,
}
# For a document without a code: it was held before there were codes.
BY_REASON: Final[Mapping[str, Explanation]] = {
    BlockedReason.MAPPING: booking.MAPPING,
    BlockedReason.ITEM: booking.ITEM,
    BlockedReason.CUSTOMER: customers.CUSTOMER,
    BlockedReason.CURRENCY: booking.CURRENCY,
    BlockedReason.TOTALS: totals.TOTALS,
    BlockedReason.REJECTED: failures.REJECTED,
    BlockedReason.PERIOD: totals.PERIOD,
    BlockedReason.DUPLICATE: documents.DUPLICATE,
    BlockedReason.DRIFT: documents.DRIFT,
    BlockedReason.EXHAUSTED: failures.EXHAUSTED,
    BlockedReason.INTERNAL: documents.INTERNAL,
    **skipped.BY_REASON,
}


def sentence(problem: Problem) -> str:
    """Return the problem in words, in the active language."""
    entry = ENTRIES[problem.code]
    message = entry.with_document.get(str(problem.params.get("stands", "")), entry.message)
    return str(message) % in_words(_with_inner(problem.params))


def _with_inner(params: Params) -> Params:
    """Write the problem that another one has as its parameter `why` as a sentence."""
    inner = of_param(str(params.get("why", "")))
    return params if inner is None else {**params, "why": sentences(inner, " ")}


def sentences(problems: Iterable[Problem], between: str = "\n") -> str:
    """Return several problems in words, by default one per line."""
    return between.join(map(sentence, problems))


def explain(code: str, params: Params, reason: str = "") -> Explanation:
    """Return what happened to a document, who acts and where.

    A known vendor's text decides first, then the code, then the ledger's reason. `code` and `reason` are "" when the
    document is neither held nor skipped. Unknown ones are explained too. `params` may be incomplete, because documents
    were held before there were codes.
    """
    if code not in ENTRIES:
        return BY_REASON.get(reason, failures.BUSY)
    if code == Code.RIGHT_MISSING:
        return explain_right(*(str(params.get(name, "")) for name in ("vendor", "right", "text")))
    if said := first(VENDOR_TEXTS, str(params.get("text", ""))):
        return said
    if params.get("vendor") == STORE and code in failures.OF_STORE:
        return failures.OF_STORE[Code(code)]
    return ENTRIES[Code(code)].explanation


def explain_right(vendor: str, right: str, text: str = "") -> Explanation:
    """Return which right or licence is missing, from the vendor's name for it and the vendor's text."""
    if vendor == STORE:
        return failures.STORE_SCOPE
    return first(RIGHTS, right) or first(VENDOR_TEXTS, text) or failures.EXACT_RIGHT


def explain_call(vendor: str, status: int, text: str) -> Explanation | None:
    """Return why a call failed, from its HTTP status (0: no answer) and the vendor's text; None when unknown."""
    if said := first(VENDOR_TEXTS, text):
        return said
    match status:
        case 401:
            return failures.STORE_TOKEN_REFUSED if vendor == STORE else failures.CONSENT_ENDED
        case 403:
            return failures.STORE_SCOPE if vendor == STORE else failures.EXACT_RIGHT
        case 429:
            return failures.CALLS_USED_UP
        case _ if status == 0 or status >= 500:
            return failures.NOT_AVAILABLE
    return None
