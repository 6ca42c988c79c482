"""Whether a request of Exact's webhook is authentic, and what it names. Pure: bytes in, values out.

`HashCode` is made with the app's webhook secret over the text of `Content` as it was sent. So that text is taken out
of the body as it is, and what is read is what was proved. Its time (`EventCreatedOn`) is not looked at: an old request
can be sent again, which is harmless, since it only says what to read again.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from connector.clients import strict_json
from connector.clients.exact.wire import is_guid
from connector.clients.wording import BadValue
from connector.clients.wording import marked as _

_BEGINS, _HASH = b'{"Content":', b',"HashCode":"'
_ENDS = re.compile(rb'([0-9A-Fa-f]{64})"\s*\}')
_WORD = re.compile(r"[A-Za-z]{1,40}")
_DELETE = "delete"


class BadShape(BadValue):
    """The content is not as documented: the answer is 400."""


@dataclass(frozen=True, slots=True)
class Event:
    """What changed: `key` is the record's id in lower case. `deleted`: Exact says that it is gone. `action` is Exact's
    own word, which is Update also for a new record."""

    topic: str
    action: str
    division: int
    key: str

    @property
    def deleted(self) -> bool:
        """Whether the record is said to be gone."""
        return self.action.lower() == _DELETE


def prove(body: bytes, secret: str) -> bytes | None:
    """Return the content of a request when its hash is right, else None. No hash is right without a secret.
    https://support.exactonline.com/community/s/knowledge-base#All-All-DNO-Content-webhooksc"""
    trimmed = body.strip()
    content, found, rest = trimmed.removeprefix(_BEGINS).rpartition(_HASH)
    given = _ENDS.fullmatch(rest)
    if not secret or not found or given is None or not trimmed.startswith(_BEGINS):
        return None
    wanted = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    return content if hmac.compare_digest(given[1].lower(), wanted.encode()) else None


def read_event(content: bytes) -> Event:
    """Read a proved content. Raises BadShape with a sentence that names what is wrong.
    https://support.exactonline.com/community/s/knowledge-base#All-All-DNO-Content-webhooksc"""
    try:
        event = strict_json.load(content)
    except strict_json.Unreadable as error:
        raise BadShape(_("The body cannot be read: %(why)s."), **error.given, why=error.words) from None
    if not isinstance(event, dict):
        raise BadShape(_("The body is not a JSON object."))
    division, key = event.get("Division"), event.get("Key")
    if isinstance(division, bool) or not isinstance(division, int):
        raise BadShape(_("%(name)s is not a number."), name="Division")
    if not isinstance(key, str) or not is_guid(key):
        raise BadShape(_("%(name)s is no GUID"), name="Key")
    return Event(_word(event.get("Topic"), "Topic"), _word(event.get("Action"), "Action"), division, key.lower())


def _word(value: object, name: str) -> str:
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise BadShape(_("%(name)s is not a text."), name=name)
    return value
