"""Writes what a client says of a failed call in the language of the reader."""

import json
from collections.abc import Mapping

from django.utils.translation import gettext

from connector.clients.errors import ClientError
from connector.clients.wording import BadValue, complete


def in_words(error: BaseException) -> str:
    """Return an exception's sentence, in the active language when a client raised it."""
    match error:
        case ClientError():
            return complete(error.words, error.given, gettext) + error.place_and_detail
        case BadValue():
            return complete(error.words, error.given, gettext)
    return str(error)


def kept(error: ClientError) -> dict[str, object]:
    """Return what a problem keeps of the error: its English text, and the parts from which it is written."""
    return {"error": str(error), "said": error.words, "given": json.dumps(dict(error.given))}


def kept_in_words(params: Mapping[str, str | int]) -> str:
    """Return the sentence of an error that a problem kept, with the place and the vendor's own text behind it."""
    text = str(params["error"])
    if not params.get("said"):  # problems were kept before they had the parts
        return text
    words, given = str(params["said"]), json.loads(str(params["given"]))
    return complete(words, given, gettext) + text.removeprefix(complete(words, given))
