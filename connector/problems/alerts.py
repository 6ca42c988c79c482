"""Writes what an alert says in the language of the reader: an alert keeps a code with its parameters."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from textwrap import shorten
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.domain.document.result import Params, from_json
from connector.domain.document.states import State
from connector.models import Alert
from connector.models.document_words import STATE_NAMES
from connector.problems import words
from connector.problems.catalogue import explain, sentences
from connector.problems.titles import NAMED, title


class AlertCode(StrEnum):
    """What an alert is about. Alerts keep these values, so they stay what they are."""

    STORE_REFUSES = "store_refuses"
    CONSENT_ENDED = "consent_ended"
    CONSENT_ENDS = "consent_ends"
    ENDPOINT_CLOSED = "endpoint_closed"
    CUSTOMERS_WAIT = "customers_wait"
    ROWS_LEFT_OUT = "rows_left_out"
    HOOKS_NOT_REPAIRED = "hooks_not_repaired"
    CUSTOMER_HOOKS_REFUSED = "customer_hooks_refused"
    STORE_NOT_POLLED = "store_not_polled"
    LEDGER_NOT_CHECKED = "ledger_not_checked"
    LEDGER_NOT_COMPLETE = "ledger_not_complete"
    BOOKS_NOT_COMPARED = "books_not_compared"
    BOOKS_DIFFER = "books_differ"
    ACCOUNTS_NOT_REPORTED = "accounts_not_reported"
    NO_PDF = "no_pdf"
    UNFINISHED = "unfinished"
    UNAPPROVED = "unapproved"
    UNREAD = "unread"
    HELD = "held"


LISTS: Final[Mapping[str, Promise]] = {
    "accounts": _("accounts"),
    "customers": _("customers"),
    "customer_groups": _("customer groups"),
    "divisions": _("divisions"),
    "hooks": _("webhooks"),
    "master_data": _("master data"),
    "orders": _("orders"),
}
"""The lists by their names in an alert's cause and parameters."""

_SENTENCES: Final[Mapping[AlertCode, Promise]] = {
    AlertCode.STORE_REFUSES: _(
        "BigCommerce refuses the API account of %(store)s: %(error)s Enter a valid access token. Orders wait for it."
    ),
    AlertCode.CONSENT_ENDED: _(
        "The consent %(consent)s for Exact Online has ended: %(error)s Nothing is lost. Orders wait for a new consent."
    ),
    AlertCode.CONSENT_ENDS: _(
        "The consent %(consent)s for Exact Online ends on %(day)s, and it could not be renewed by itself. Connect to "
        "Exact again before that day, or posting stops."
    ),
    AlertCode.ENDPOINT_CLOSED: _(
        "Exact refused %(calls)s calls to %(endpoint)s of division %(division)s. Orders wait, and none is lost. "
        "One is tried at %(time)s UTC; when it succeeds, all go on and this alert closes. See what Exact answered "
        "last, correct that in Exact, in the rules or in the orders, then try one at once. When Exact itself does "
        "not work, nobody has to do anything."
    ),
    AlertCode.CUSTOMERS_WAIT: _(
        "Exact did not take %(calls)s changes of customers to %(endpoint)s of division %(division)s. Other changes of "
        "customers wait, and orders go on. One is tried at %(time)s UTC; when it succeeds, all go on and this alert "
        "closes. See what Exact answered last, and correct that in Exact or in the store. When Exact itself does not "
        "work, nobody has to do anything."
    ),
    AlertCode.ROWS_LEFT_OUT: _(
        "%(owner)s: %(count)s rows of the list of %(list)s cannot be read, so they were left out: %(rows)s."
    ),
    AlertCode.HOOKS_NOT_REPAIRED: _(
        "The webhooks of %(store)s are not in order and could not be repaired. New orders come by the poll only. "
        "%(error)s It is tried again by itself."
    ),
    AlertCode.CUSTOMER_HOOKS_REFUSED: _(
        "BigCommerce refuses the webhooks of %(store)s that report customers. Changes of customers come with the "
        "schedule only, and orders as before. %(error)s Give the API account the scope *Customers: modify*. It is "
        "tried again by itself."
    ),
    AlertCode.STORE_NOT_POLLED: _(
        "%(store)s could not be asked for changed orders. Changes that its webhooks do not report are not noticed. "
        "%(error)s It is tried again by itself."
    ),
    AlertCode.LEDGER_NOT_CHECKED: _(
        "%(store)s could not be asked whether the ledger has all of its orders. %(error)s It is tried again by itself."
    ),
    AlertCode.LEDGER_NOT_COMPLETE: _(
        "The ledger of %(store)s is not complete: %(missing)s orders had no row (they are taken in now), %(stuck)s "
        "are stuck. `checkledger` lists them."
    ),
    AlertCode.BOOKS_NOT_COMPARED: _(
        "The last days of %(store)s could not be compared with Exact. %(error)s It is tried again by itself."
    ),
    AlertCode.BOOKS_DIFFER: _(
        "%(store)s and Exact differ in %(number)s documents. Look at each difference: it says what "
        "puts it right. `reconcile` compares them again."
    ),
    AlertCode.ACCOUNTS_NOT_REPORTED: _(
        "Exact was not set to report changed accounts of division %(division)s: %(error)s Changes in Exact come with "
        "the schedule only. It is tried again once a day."
    ),
    AlertCode.NO_PDF: _(
        "Exact booked the invoice of order %(order)s and could not make its PDF; make it in Exact. %(text)s"
    ),
    AlertCode.UNFINISHED: _(
        "%(number)s documents have not come to an end for more than a day: %(named)s. The page of each says what it "
        "waits for. This alert closes by itself when they are done."
    ),
    AlertCode.UNAPPROVED: _(
        "%(number)s drafts have waited for an approval for more than a day: %(named)s. Approve or skip each on its "
        "page. This alert closes by itself when that is done."
    ),
    AlertCode.UNREAD: _(
        "After a change, %(number)s documents could not be looked at again, %(tries)s times each. %(named)s\n"
        "Put right what the error says, then press Refetch on the page of the document. It is tried once a day, and "
        "often again when the store reports the order again. This alert closes by itself."
    ),
    AlertCode.HELD: _(
        "%(store)s: order %(order)s is held. %(held)s\nOthers with this cause come in one mail a day. "
        "This alert closes by itself."
    ),
}
_CODES: Final = frozenset(AlertCode)
LONGEST_SAID: Final = 300
"""The most characters of the sentence about one document, cut between two words."""
# Of the parameters that are phrases: a list by its name, a day in ISO 8601.
_PHRASES: Final[Mapping[str, Callable[[str], str]]] = {
    "list": lambda name: str(LISTS.get(name, name)),
    "day": lambda day: date_format(date.fromisoformat(day), "d F Y"),
    "named": lambda kept: _documents(**json.loads(kept)),
    "held": lambda kept: _held(**json.loads(kept)),
}


def named_as_param(documents: Iterable[Mapping[str, Any]], *, more: bool) -> str:
    """Write documents as the parameter of an alert; `more`: there are others.

    Each has its `order`, and may have its `state` and the `problems` of its last failure.
    """
    return json.dumps({"documents": list(documents), "more": more})


def _held(code: str, params: Params, reason: str, problems: list[dict[str, Any]], message: str) -> str:
    """Write what holds a document and who acts, as the first page does."""
    explanation = explain(code, params, reason)
    words = shorten(sentences(from_json(problems)) or message, LONGEST_SAID, placeholder=" …")
    said = f"{title(code, params, reason)}." if code in NAMED else f"{explanation.what_happened} {words}"
    return f"{said.strip()} {explanation.who}"


def _documents(documents: list[dict[str, Any]], *, more: bool) -> str:
    """Write documents in a row, or one a line with what failed."""
    between = "\n" if any("problems" in each for each in documents) else ", "
    return between.join(map(_document, documents)) + (f"{between}…" if more else "")


def _document(kept: dict[str, Any]) -> str:
    if "state" not in kept:
        return gettext("order %(order)s") % kept
    names = {"order": kept["order"], "state": STATE_NAMES[State(kept["state"])]}
    if "problems" not in kept:
        return gettext("order %(order)s (%(state)s)") % names
    error = sentences(from_json(kept["problems"])) or gettext("The history of the document says why.")
    return gettext("order %(order)s (%(state)s): %(error)s") % {**names, "error": error}


@dataclass(frozen=True, slots=True)
class AlertText:
    """What an alert says: its code, and the values that complete it."""

    code: AlertCode
    params: Params


def alert_text(code: AlertCode, /, **params: object) -> AlertText:
    """Return what an alert says with its values as texts and whole numbers."""
    return AlertText(code, {name: each if isinstance(each, int) else str(each) for name, each in params.items()})


def in_words(text: AlertText) -> str:
    """Return what an alert says, in the active language."""
    phrases = {name: write(str(text.params[name])) for name, write in _PHRASES.items() if name in text.params}
    return str(_SENTENCES[text.code]) % {**words.in_words(text.params), **phrases}


def kept_in_words(alert: Alert) -> str:
    """Return what a kept alert says. Without a code, as those of earlier releases, it keeps the sentence."""
    known = alert.code in _CODES
    return in_words(AlertText(AlertCode(alert.code), alert.params)) if known else alert.text
