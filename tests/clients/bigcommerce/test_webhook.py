"""Deliveries: which proof decides, and which bodies are events."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from connector.clients.bigcommerce.webhook import BadShape, By, Event, Proof, prove, read_event

T = TypeVar("T")
CLIENT_SECRET = "client-secret-äöü"
HOOK_SECRET = "our-own-secret"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
BODY = (
    b'{"producer":"stores\\/abc123","hash":"3f9ea420af83450d7ef9f78b08c8af25b2213637","created_at":1772445600,'
    b'"store_id":"1001","scope":"store\\/order\\/created","data":{"type":"order","id":250}}'
)


def signature(body: bytes = BODY, secret: str = CLIENT_SECRET, at: datetime = NOW, webhook_id: str = "msg_1") -> str:
    """Standard Webhooks, computed independently: HMAC-SHA256 over id.timestamp.body, in base64."""
    content = f"{webhook_id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()


def signed(changes: dict[str, str] | None = None, at: datetime = NOW) -> dict[str, str]:
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(at=at),
    }
    return headers | (changes or {})


BOTH, HEADER_ONLY, SIGNATURE_ONLY = tuple(By), (By.HEADER,), (By.SIGNATURE,)


def proof(
    headers: dict[str, str], counts: Collection[By] = BOTH, body: bytes = BODY, client_secret: str = CLIENT_SECRET
) -> Proof:
    return prove(
        headers,
        body,
        client_secret=lambda: client_secret,
        hook_secrets=lambda: ["old", HOOK_SECRET],
        counts=counts,
        now=NOW,
    )


SECRET = {"X-Connector-Secret": HOOK_SECRET}
WRONG = {"X-Connector-Secret": "guess"}
FORGED = signed({"webhook-signature": "v1,AAAA"})


@pytest.mark.parametrize(
    ("headers", "counts", "by", "state"),
    [
        (signed(), BOTH, By.SIGNATURE, "confirmed"),
        (signed(), SIGNATURE_ONLY, By.SIGNATURE, "confirmed"),
        (signed(), HEADER_ONLY, None, "confirmed"),
        (SECRET, BOTH, By.HEADER, "absent"),
        (SECRET, SIGNATURE_ONLY, None, "absent"),
        (SECRET, HEADER_ONLY, By.HEADER, "absent"),
        (SECRET | signed(), BOTH, By.HEADER, "confirmed"),
        (SECRET | signed(), SIGNATURE_ONLY, By.SIGNATURE, "confirmed"),
        (SECRET | FORGED, BOTH, By.HEADER, "failed"),
        (SECRET | FORGED, HEADER_ONLY, By.HEADER, "failed"),
        (SECRET | FORGED, SIGNATURE_ONLY, None, "failed"),
        (WRONG | signed(), BOTH, None, "confirmed"),
        (WRONG | signed(), HEADER_ONLY, None, "confirmed"),
        (WRONG | signed(), SIGNATURE_ONLY, By.SIGNATURE, "confirmed"),
        ({"X-Connector-Secret": ""} | signed(), BOTH, None, "confirmed"),
        (WRONG, BOTH, None, "absent"),
        (FORGED, BOTH, None, "failed"),
        ({}, BOTH, None, "absent"),
        ({}, SIGNATURE_ONLY, None, "absent"),
        ({}, HEADER_ONLY, None, "absent"),
    ],
)
def test_one_of_the_proofs_that_count_decides(
    headers: dict[str, str], counts: Collection[By], by: By | None, state: str
) -> None:
    found = proof(headers, counts)
    assert (found.by, found.signature) == (by, state)


def test_a_known_vector() -> None:
    """A signature from the library, which gets base64 of the secret."""
    body = b'{"scope":"store/order/created"}'
    headers = {
        "webhook-id": "msg_2",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": "v1,21FxUhk4ypyfq2z7sfgIDth6/w935kh/aqtvyxilTQ0=",
    }
    assert proof(headers, SIGNATURE_ONLY, body, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").signature == "confirmed"


def test_header_names_come_in_any_case() -> None:
    upper = {name.upper(): value for name, value in (SECRET | signed()).items()}
    assert proof(upper, HEADER_ONLY).by
    assert proof(upper, SIGNATURE_ONLY).by


def test_any_of_several_signatures_and_only_version_one() -> None:
    good = signature()
    assert proof(signed({"webhook-signature": f"v1,AAAA v2,x {good}"})).by
    assert not proof(signed({"webhook-signature": good.replace("v1,", "v2,")})).by
    assert not proof(signed({"webhook-signature": good.replace("v1,", "")})).by


@pytest.mark.parametrize(("minutes", "fresh"), [(5, True), (-5, True), (5.02, False), (-5.02, False)])
def test_five_minutes_either_way(minutes: float, fresh: bool) -> None:
    assert proof(signed(at=NOW + timedelta(minutes=minutes)), SIGNATURE_ONLY).by == (By.SIGNATURE if fresh else None)


def test_the_signature_covers_id_time_and_body() -> None:
    assert not proof(signed({"webhook-id": "msg_2"})).by
    assert not proof(signed({"webhook-timestamp": str(int(NOW.timestamp()) + 1)})).by
    assert not proof(signed(), body=BODY.replace(b"250", b"251")).by
    assert not proof(signed(), client_secret="another").by


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp"])
def test_a_signature_without_its_parts_fails(missing: str) -> None:
    headers = signed()
    headers.pop(missing)
    assert proof(headers).signature == "failed"


def test_a_secret_is_asked_for_only_when_the_delivery_carries_what_it_proves() -> None:
    def ask(name: str, value: T) -> Callable[[], T]:
        def answer() -> T:
            asked.append(name)
            return value

        return answer

    asked: list[str] = []
    for headers in (SECRET, signed(), SECRET | signed(), {}):
        for counts in (BOTH, SIGNATURE_ONLY, HEADER_ONLY):
            prove(
                headers,
                BODY,
                client_secret=ask("client", CLIENT_SECRET),
                hook_secrets=ask("hook", [HOOK_SECRET]),
                counts=counts,
                now=NOW,
            )
            asked.append("|")
    assert "".join(asked).replace("client", "c").replace("hook", "h") == "h||h|c|c|c|ch|c|ch||||"


def test_an_empty_secret_proves_nothing() -> None:
    headers = signed({"webhook-signature": signature(secret="")}) | {"X-Connector-Secret": ""}
    found = prove(headers, BODY, client_secret=lambda: "", hook_secrets=lambda: ["", ""], counts=BOTH, now=NOW)
    assert not found.by
    assert found.signature == "failed"
    assert not prove(
        headers, BODY, client_secret=lambda: "", hook_secrets=lambda: [""], counts=SIGNATURE_ONLY, now=NOW
    ).by


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1"},
        {"webhook-signature": ",,, ,"},
        {"webhook-signature": "v1,é\udcff\x00"},
        {"webhook-timestamp": "1e400"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "\u0661\u0667\u0667"},
        {"webhook-id": "\udcff"},
        {"X-Connector-Secret": "é\udcff"},
    ],
)
def test_hostile_headers_are_refused_and_never_raise(changes: dict[str, str]) -> None:
    assert not proof(signed(changes)).by


def test_a_body_that_is_no_text_is_refused() -> None:
    assert not proof(signed({"webhook-signature": signature(b"\xff")}), body=b"\xff").by


def test_a_webhook_id_that_could_not_be_stored_is_dropped() -> None:
    assert proof(SECRET | signed()).webhook_id == "msg_1"
    for odd in ("a\0b", "x" * 201, "é", "a b"):
        assert proof(SECRET | {"webhook-id": odd}).webhook_id == ""


def event(scope: str = "store/order/created", data: object = None, **more: object) -> bytes:
    found = {"type": "order", "id": 250} if data is None else data
    return json.dumps({"producer": "stores/abc123", "scope": scope, "data": found, **more}).encode()


def test_an_order_event() -> None:
    assert read_event(BODY) == Event(
        "store/order/created", "stores/abc123", 250, "3f9ea420af83450d7ef9f78b08c8af25b2213637"
    )


@pytest.mark.parametrize(
    ("scope", "data", "order_id"),
    [
        ("store/order/updated", {"id": 1}, 1),
        ("store/order/archived", {"id": 2**63 - 1}, 2**63 - 1),
        ("store/order/refund/created", {"id": 7, "refund": {"refund_id": 3}}, 7),
        ("store/order/message/created", {"id": 7}, 7),
        ("store/channel/12/order/created", {"id": 8}, 8),
        ("store/order/transaction/created", {"order_id": "173"}, 173),
        ("store/order/transaction/updated", {"order_id": 173}, 173),
        ("store/channel/12/order/transaction/created", {"order_id": "9"}, 9),
        ("store/order/metafield/created", {"metafield_id": 1, "resource_id": "270"}, None),
        ("store/customer/created", {"id": 9}, None),
        ("store/shipment/created", {"id": 1, "orderId": 2}, None),
        ("", {}, None),
    ],
)
def test_which_order_an_event_means(scope: str, data: dict[str, object], order_id: int | None) -> None:
    assert read_event(event(scope, data)).order_id == order_id


@pytest.mark.parametrize("number", [0, -1, 2**63, True, 1.0, "250", None, [1], 10**30], ids=repr)
def test_what_is_no_order_id(number: object) -> None:
    with pytest.raises(BadShape, match=r"data\.id"):
        read_event(event(data={"id": number}))


@pytest.mark.parametrize("number", ["", "0", "-1", "1.0", " 1", "\u0661", "9" * 19, "1" * 5000, True, None])
def test_what_is_no_order_id_of_a_transaction(number: object) -> None:
    with pytest.raises(BadShape, match=r"data\.order_id"):
        read_event(event("store/order/transaction/created", {"order_id": number, "id": 5}))


@pytest.mark.parametrize(
    ("scope", "data", "customer_id"),
    [
        ("store/customer/created", {"id": 32, "origin_channel_id": 1, "channel_ids": [1]}, 32),
        ("store/customer/updated", {"id": 2**63 - 1}, 2**63 - 1),
        ("store/channel/12/customer/deleted", {"id": 1}, 1),
        ("store/customer/address/created", {"id": 60, "address": {"customer_id": 32}}, 32),
        ("store/customer/address/updated", {"id": "any", "address": {"customer_id": 32}}, 32),
        ("store/customer/address/deleted", {"address": {"customer_id": 32}}, 32),
        ("store/customer/payment/instrument/default/updated", {"customer_id": 32}, None),
        ("store/customer/channel/login/access/updated", {"customer_id": 32}, None),
        ("store/order/created", {"id": 32}, None),
    ],
)
def test_which_customer_an_event_means(scope: str, data: dict[str, object], customer_id: int | None) -> None:
    assert read_event(event(scope, data)).customer_id == customer_id


@pytest.mark.parametrize("number", [0, -1, 2**63, True, 1.0, "250", None, [1], 10**30], ids=repr)
@pytest.mark.parametrize("scope", ["store/customer/deleted", "store/customer/address/updated"])
def test_what_is_no_customer_id(scope: str, number: object) -> None:
    with pytest.raises(BadShape, match=r"customer id"):
        read_event(event(scope, {"id": number, "address": {"customer_id": number}}))


@pytest.mark.parametrize("address", [None, [], "32", 32, {}])
def test_an_event_of_an_address_names_its_customer(address: object) -> None:
    with pytest.raises(BadShape, match=r"data\.address\.customer_id"):
        read_event(event("store/customer/address/created", {"id": 60, "address": address}))


def nest(levels: int) -> bytes:
    """An event whose deepest container is at this level; the event itself is level 1, data level 2."""
    inner = "[" * (levels - 2) + "]" * (levels - 2)
    return event(data={"id": 1}).replace(b'"id": 1', b'"id": 1, "x": ' + inner.encode())


def test_nesting_has_a_limit() -> None:
    assert read_event(nest(20)).order_id == 1
    with pytest.raises(BadShape, match="deeper"):
        read_event(nest(21))
    with pytest.raises(BadShape, match="deep"):
        read_event(nest(60_000))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b"\xef\xbb\xbf" + BODY,
        BODY.decode().encode("utf-16"),
        b"\xff" + BODY,
        BODY[:-1],
        BODY + b"{}",
        BODY.replace(b'"id":250', b'"id":250,"id":250'),
        BODY.replace(b'"store_id":"1001"', b'"scope":"store/order/created"'),
        BODY.replace(b"1772445600", b"NaN"),
        BODY.replace(b"1772445600", b"-Infinity"),
        BODY.replace(b"1772445600", b"9" * 5000),
        BODY.replace(b"1772445600", b"1e99999999999999999999"),
        BODY.replace(b'"1001"', b'"\\ud800"'),
        BODY.replace(b'"store_id"', b'"\\udfff"'),
        BODY.replace(b'"type":"order"', b'"type":["\\ud83d"]'),
        event().replace(b'"store/order/created"', b"null"),
        event(producer=5),
        event("store/order/cre\0ated"),
        event(producer="stores/\0"),
        event(data=[]),
        event(data="x"),
    ],
)
def test_what_is_no_event(body: bytes) -> None:
    with pytest.raises(BadShape):
        read_event(body)


def test_a_whole_surrogate_pair_is_text() -> None:
    assert read_event(BODY.replace(b'"1001"', b'"\\ud83d\\ude00"')).order_id == 250


@pytest.mark.parametrize("odd", [5, None, "x" * 300, "a\0", ["h"]])
def test_an_odd_hash_is_dropped(odd: object) -> None:
    assert read_event(event(hash=odd)).event_hash == ""
