"""Whether a delivery is authentic, and what it announces. Pure: headers and bytes in, values out.

There are two proofs. The first is our own secret: each hook of ours sends it as a header (BigCommerce "Webhooks
overview", custom headers). The second is the Standard Webhooks signature (BigCommerce "HTTPS webhook overview"),
made with the API account's client secret. The vendor does not say which hooks it signs, so the caller
says which proofs count.
"""

import hmac
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeGuard

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from connector.clients import strict_json
from connector.clients.wording import BadValue
from connector.clients.wording import marked as _

OUR_HEADER = "X-Connector-Secret"
# All that a proof is read from.
HEADERS = (OUR_HEADER, "webhook-id", "webhook-timestamp", "webhook-signature")
# The value of the Standard Webhooks libraries.
TOLERANCE = timedelta(minutes=5)
MAX_DEPTH = 20
MAX_ID = 2**63 - 1

_ORDER_SCOPE = re.compile(r"store/(?:channel/\d+/)?order/(?P<event>.*)", re.DOTALL | re.ASCII)
# Other scopes of a customer, such as that of a payment instrument, announce nothing that is read.
_CUSTOMER_SCOPE = re.compile(
    r"store/(?:channel/\d+/)?customer/(?P<address>address/)?(?:created|updated|deleted)", re.ASCII
)
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_OPAQUE_ID = re.compile(r"[\x21-\x7e]{1,200}")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class By(StrEnum):
    """What may prove a delivery: our secret in the header, or BigCommerce's signature."""

    HEADER = "secret"
    SIGNATURE = "signature"


class Signature(StrEnum):
    """What a delivery's signature proved."""

    CONFIRMED = "confirmed"
    FAILED = "failed"
    ABSENT = "absent"


class BadShape(BadValue):
    """The body is not an event as documented: the answer is 400."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`by` which proof a delivery is accepted; None when it is not. `webhook_id` stays the same when the vendor sends
    an event again; "" when it is missing or cannot be stored."""

    by: By | None
    signature: Signature
    webhook_id: str


@dataclass(frozen=True, slots=True)
class Event:
    """What a delivery announces: the order or the customer to read again (None: no event of one). `event_hash` is the
    vendor's hash without a key: it helps to find duplicates and proves nothing; "" when it is missing or odd."""

    scope: str
    producer: str
    order_id: int | None
    event_hash: str
    customer_id: int | None = None


def prove(
    headers: Mapping[str, str],
    body: bytes,
    *,
    client_secret: Callable[[], str],
    hook_secrets: Callable[[], Iterable[str]],
    counts: Collection[By],
    now: datetime,
) -> Proof:
    """Check a delivery at `now` (UTC). `body` is the raw body. Any one of `hook_secrets` is enough.

    `counts`: the proofs of which one must be right. Where both count, our header decides when it is present, else the
    signature. A secret is asked for only when the delivery carries what it proves. Never raises by itself,
    for any headers.
    https://developer.bigcommerce.com/docs/integrations/webhooks/https-webhook-overview
    """
    lower = {name.lower(): value for name, value in headers.items()}
    signature = _check_signature(lower, body, client_secret, now)
    given = lower.get(OUR_HEADER.lower())
    webhook_id = _opaque(lower.get("webhook-id"))
    by = By.HEADER if By.HEADER in counts and (given is not None or By.SIGNATURE not in counts) else By.SIGNATURE
    if by == By.HEADER:
        accepted = given is not None and _is_one_of(given, hook_secrets())
    else:
        accepted = signature == Signature.CONFIRMED
    return Proof(by if accepted else None, signature, webhook_id)


def read_event(body: bytes) -> Event:
    """Read a delivery's body. Raises BadShape with a sentence that names what is wrong.
    https://developer.bigcommerce.com/docs/integrations/webhooks/events"""
    try:
        event = strict_json.load(body)
    except strict_json.Unreadable as error:
        raise BadShape(_("The body cannot be read: %(why)s."), **error.given, why=error.words) from None
    if not isinstance(event, dict):
        raise BadShape(_("The body is not a JSON object."))
    if any(_LONE_SURROGATE.search(text) for text in _texts(event)):
        raise BadShape(_("A text holds half of a surrogate pair."))
    data = event.get("data")
    if not isinstance(data, dict):
        raise BadShape(_("data is not an object."))
    scope = _text(event, "scope")
    about = _order_id(scope, data), _opaque(event.get("hash")), _customer_id(scope, data)
    return Event(scope, _text(event, "producer"), *about)


def _check_signature(
    headers: Mapping[str, str], body: bytes, client_secret: Callable[[], str], now: datetime
) -> Signature:
    """Compare the signature with our own. The library verifies by the machine's clock, so we check the time and
    compare. The library gets the secret as bytes: it would strip a leading whsec_ from a text and decode the rest."""
    given = headers.get("webhook-signature")
    if not given:
        return Signature.ABSENT
    stamp = headers.get("webhook-timestamp", "")
    # Compared as numbers: twelve digits are a year that a datetime cannot hold.
    if not _TIMESTAMP.fullmatch(stamp) or abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        return Signature.FAILED
    try:
        sent = datetime.fromtimestamp(int(stamp), tz=UTC)
        signed = Webhook(client_secret().encode()).sign(headers.get("webhook-id", ""), sent, body.decode())
    except (ValueError, EmptyWebhookSecretError):
        return Signature.FAILED
    return Signature.CONFIRMED if _is_one_of(signed, given.split()) else Signature.FAILED


def _is_one_of(value: str, candidates: Iterable[str]) -> bool:
    """Constant-time on bytes (str comparison raises on non-ASCII). An empty candidate matches nothing."""
    found = False
    for candidate in candidates:
        found |= bool(candidate) and hmac.compare_digest(_bytes(value), _bytes(candidate))
    return found


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _opaque(value: object) -> str:
    return value if isinstance(value, str) and _OPAQUE_ID.fullmatch(value) else ""


def _texts(value: object, depth: int = 1) -> Iterator[str]:
    """Every key and text inside. Raises BadShape for a body that is nested too deeply."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        if depth > MAX_DEPTH:
            raise BadShape(_("The body is nested deeper than %(levels)s levels."), levels=MAX_DEPTH)
        for item in value if isinstance(value, list) else [*value.keys(), *value.values()]:
            yield from _texts(item, depth + 1)


def _text(event: Mapping[str, object], key: str) -> str:
    value = event.get(key)
    if not isinstance(value, str):
        raise BadShape(_("%(name)s is not a text."), name=key)
    if "\0" in value:
        raise BadShape(_("%(name)s holds a NUL character."), name=key)
    return value


def _order_id(scope: str, data: Mapping[str, object]) -> int | None:
    match = _ORDER_SCOPE.fullmatch(scope)
    if match is None or match["event"].startswith("metafield/"):
        return None
    key, value = "id", data.get("id")
    if match["event"].startswith("transaction/"):
        key, value = "order_id", data.get("order_id")
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
            value = int(value)
    if not _is_id(value):
        raise BadShape(_("%(name)s is not an order id."), name=f"data.{key}")
    return value


def _customer_id(scope: str, data: Mapping[str, object]) -> int | None:
    """The customer of an event. That of an address has the address's own id in `data.id`. Raises BadShape."""
    match = _CUSTOMER_SCOPE.fullmatch(scope)
    if match is None:
        return None
    name, value = "data.id", data.get("id")
    if match["address"]:
        address = data.get("address")
        name, value = "data.address.customer_id", address.get("customer_id") if isinstance(address, dict) else None
    if not _is_id(value):
        raise BadShape(_("%(name)s is not a customer id."), name=name)
    return value


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_ID
