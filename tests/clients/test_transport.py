"""The transport against real sockets: what was sent, what was not, and when it stops."""

import gzip
import socket
import ssl
import struct
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from requests.structures import CaseInsensitiveDict

from connector.clients.errors import Interrupted, NotSent
from connector.clients.transport import Request, Response, Transport
from tests.clients.scripted import SENT_AT, listening, reply

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
LOOPBACK = Transport(allow_insecure=True)


def answering(data: bytes) -> Callable[[socket.socket, bytes], None]:
    return lambda connection, _: connection.sendall(data)


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def dripping(head: bytes) -> Callable[[socket.socket, bytes], None]:
    def serve(connection: socket.socket, request: bytes) -> None:
        connection.sendall(head)
        for _ in range(100):  # ends by itself when the peer hangs up
            connection.sendall(b"x")
            time.sleep(0.05)

    return serve


def certified(folder: Path) -> ssl.SSLContext:
    """A server's TLS with a new self-signed certificate for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_request_arrives_as_meant() -> None:
    request = Request("POST", "", {"X-Auth-Token": "tok"}, {"$filter": "A eq 'b c+d'"}, {"p": "é"})
    with listening(answering(OK)) as (url, requests):
        response = LOOPBACK.send(Request("POST", f"{url}/x", request.headers, request.params, request.json), deadline=5)
    assert response.status == 200
    assert response.json() == {}
    head, _, body = requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /x?$filter=A%20eq%20'b%20c%2Bd' HTTP/1.1\r\n")
    lines = head.lower().split(b"\r\n")
    assert b"x-auth-token: tok" in lines
    assert b"connection: close" in lines
    assert b"content-type: application/json" in lines
    assert body == b'{"p":"\\u00e9"}'


def test_a_form_is_a_form() -> None:
    with listening(answering(OK)) as (url, requests):
        LOOPBACK.send(Request("POST", url, form={"a": "b&c"}), deadline=5)
    assert b"content-type: application/x-www-form-urlencoded" in requests[0].lower()
    assert requests[0].endswith(b"\r\n\r\na=b%26c")
    assert b"authorization" not in requests[0].lower()


def test_a_refused_connection_is_not_sent() -> None:
    with pytest.raises(NotSent, match="refused"):
        LOOPBACK.send(Request("POST", f"http://127.0.0.1:{closed_port()}/"), deadline=5)


def test_an_unknown_host_is_not_sent() -> None:
    with pytest.raises(NotSent):
        LOOPBACK.send(Request("GET", "http://nowhere.invalid/"), deadline=5)


def test_an_untrusted_certificate_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with (
        listening(answering(OK), tls=certified(tmp_path)) as (url, requests),
        pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        Transport().send(Request("POST", url, {"X-Auth-Token": "tok"}), deadline=5)
    assert requests == []


def test_the_deadline_holds_inside_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also an error of TLS itself comes after the request went out, so it is no NotSent."""
    tls = certified(tmp_path)
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", f"{tmp_path}/cert.pem")
    with listening(answering(OK), tls=tls) as (url, _):
        assert Transport().send(Request("GET", url), deadline=5).json() == {}
    drip = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    with listening(drip, tls=tls) as (url, _), pytest.raises(Interrupted, match="within"):
        Transport().send(Request("GET", url), deadline=0.3)


def test_a_header_that_cannot_be_sent_is_not_sent_and_not_quoted() -> None:
    for token in ("se\ncret", "secr€t"):
        with listening(answering(OK)) as (url, _), pytest.raises((NotSent, Interrupted)) as caught:
            LOOPBACK.send(Request("GET", url, {"X-Auth-Token": token}), deadline=2)
        assert token not in "".join(traceback.format_exception(caught.value))
        assert "cret" not in str(caught.value)


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    "serve",
    [
        reset,
        lambda connection, _: connection.close(),
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"),
        answering(b"garbage\r\n\r\n"),
    ],
    ids=["reset", "closed", "cut body", "cut chunk", "garbage"],
)
def test_whatever_breaks_after_the_request_went_out_is_interrupted(
    serve: Callable[[socket.socket, bytes], None], method: str
) -> None:
    with listening(serve) as (url, requests), pytest.raises(Interrupted):
        LOOPBACK.send(Request(method, url, json={"a": 1}), deadline=5)
    assert len(requests) == 1  # and it is never sent twice


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
    ],
    ids=["status line", "header", "body", "body without length"],
)
def test_a_slow_drip_ends_at_the_deadline(head: bytes) -> None:
    """Each byte comes sooner than any socket time-out, and a body without a length has no end to miss."""
    started = time.monotonic()
    with listening(dripping(head)) as (url, _), pytest.raises(Interrupted, match=r"within 0\.2 s"):
        LOOPBACK.send(Request("GET", url), deadline=0.2)
    assert time.monotonic() - started < 3


def test_silence_ends_at_the_deadline() -> None:
    with listening(lambda connection, _: time.sleep(0.2)) as (url, _), pytest.raises(Interrupted):
        LOOPBACK.send(Request("GET", url), deadline=0.1)


def test_nothing_is_sent_when_the_time_is_over() -> None:
    with listening(answering(OK)) as (url, requests), pytest.raises(NotSent, match="before it began"):
        LOOPBACK.send(Request("POST", url), deadline=0)
    assert requests == []


def test_a_connection_that_took_all_the_time_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def slow(host: str, port: int, family: int = 0, type: int = 0) -> object:
        time.sleep(0.2)
        return look_up(host, port, family, type)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with listening(answering(OK)) as (url, requests), pytest.raises(NotSent, match="within"):
        LOOPBACK.send(Request("POST", url), deadline=0.1)
    assert requests == []


def test_plain_http_needs_the_switch() -> None:
    with (
        listening(answering(OK)) as (url, requests),
        pytest.raises(NotSent, match="ALLOW_INSECURE_UPSTREAMS"),
    ):
        Transport().send(Request("GET", url), deadline=5)
    assert requests == []


def test_other_schemes_are_never_opened() -> None:
    with pytest.raises(NotSent):
        LOOPBACK.send(Request("GET", "file:///etc/hostname"), deadline=5)


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_over_the_cap_is_interrupted(packed: bool) -> None:
    body = gzip.compress(b"x" * 5000) if packed else b"x" * 5000
    encoding = b"Content-Encoding: gzip\r\n" if packed else b""
    head = b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n" % (encoding, len(body))
    with listening(answering(head + body)) as (url, _):
        with pytest.raises(Interrupted, match="larger than 1000"):
            Transport(allow_insecure=True, max_body=1000).send(Request("GET", url), deadline=5)
        assert len(LOOPBACK.send(Request("GET", url), deadline=5).body) == 5000


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with listening(answering(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")) as (
        url,
        requests,
    ):
        assert LOOPBACK.send(Request("GET", url), deadline=5).status == 302
    assert len(requests) == 1


def test_proxies_and_netrc_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password hunter2\n")
    monkeypatch.setenv("NETRC", f"{tmp_path}/netrc")
    with listening(answering(OK)) as (url, requests):
        assert LOOPBACK.send(Request("GET", url), deadline=5).status == 200
    assert b"authorization" not in requests[0].lower()


def test_reprs_show_no_secret() -> None:
    request = Request(
        "POST", "https://h.example/x", {"A": "tok-1"}, {"q": "tok-2"}, form={"s": "tok-3"}, secrets=("tok-4",)
    )
    response = Response(200, {"Set-Cookie": "tok-5"}, b"tok-6", SENT_AT)
    assert "tok-" not in f"{request!r}{response!r}"


def test_the_content_type_is_looked_at() -> None:
    assert reply(b"{}", kind="application/json; charset=utf-8").is_json
    assert reply(b"{}", kind="application/problem+json").is_json
    assert not reply(b"{}", kind="text/html").is_json
    assert not Response(200, CaseInsensitiveDict(), b"{}", SENT_AT).is_json


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert reply(b"\xef\xbb\xbf{}").json() == {}
