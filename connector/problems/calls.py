"""Writes what a client says of a failed call in the language of the reader."""

import json
from collections.abc import Mapping

from django.utils.translation import gettext

from connector.clients.errors import ClientError
from connector.clients.wording import BadValue, Given, complete
from connector.clients.wording import marked as _
from tenants.unreadable import UnreadableSecret


def in_words(error: BaseException) -> str:
    """Return an exception's sentence, in the active language when it was raised with marked words."""
    match error:
        case ClientError():
            return complete(error.words, error.given, gettext) + error.place_and_detail
        case BadValue() | UnreadableSecret():
            return complete(error.words, error.given, gettext)
    return str(error)


def kept(error: ClientError | UnreadableSecret) -> dict[str, object]:
    """Return what a problem keeps of the error: its English text, and the parts from which it is written."""
    behind = error.place_and_detail if isinstance(error, ClientError) else ""
    return kept_sentence(error.words, error.given, behind)


def kept_sentence(words: str, given: Given, behind: str = "") -> dict[str, object]:
    """Return what a problem keeps of a sentence, which is marked for the catalogues, and of what stands behind it."""
    return {"error": complete(words, given) + behind, "said": words, "given": json.dumps(dict(given))}


def kept_fault(error: Exception) -> dict[str, object]:
    """Return what a problem keeps of an error that no call brought. Its own text may quote an order, so only its class
    is kept, but for an error whose sentence is meant for people."""
    if isinstance(error, UnreadableSecret):
        return kept(error)
    return kept(
        ClientError(_("A fault of this program: %(fault)s. Its log says where."), given={"fault": type(error).__name__})
    )


def kept_in_words(params: Mapping[str, str | int]) -> str:
    """Return the sentence of an error that a problem kept, with the place and the vendor's own text behind it."""
    text = str(params["error"])
    if not params.get("said"):  # problems were kept before they had the parts
        return text
    words, given = str(params["said"]), json.loads(str(params["given"]))
    return complete(words, given, gettext) + text.removeprefix(complete(words, given))
