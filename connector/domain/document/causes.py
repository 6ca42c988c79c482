"""What is in the way of several documents alike: their messages without what only names the one document."""

import re
from collections.abc import Iterable

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LINE = re.compile(r' "[^"]*"| \(line [^)]*\)')  # a line's name and key, as in: product "Mug" to NL (line product:65)
_AMOUNT = re.compile(r"-?\d+[.,]\d+")


def cause_of(message: str, own: Iterable[str] = ()) -> str:
    """Return the same text for messages that tell of the same cause.

    `own` are the document's own number, references and names. Codes of Exact stay: they are the cause.
    """
    for name in sorted({name for name in own if name}, key=len, reverse=True):
        message = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", message)
    message = _AMOUNT.sub("#", _LINE.sub("", _ID.sub("…", message)))
    return "\n".join(sorted({" ".join(line.split()) for line in message.splitlines() if line.strip()}))
