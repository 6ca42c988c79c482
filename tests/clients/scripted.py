"""Doubles for the clients: a transport that answers from a script, and a socket server with faults."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from requests.structures import CaseInsensitiveDict

from connector.clients.errors import ClientError
from connector.clients.transport import Call, Request, Response, Transport

SENT_AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> Any:
    """A sample file's JSON."""
    return json.loads((SAMPLES / name).read_text())


def reply(
    body: object = None,
    status: int = 200,
    kind: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer; `body` is JSON data, or bytes as they are."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Response(status, CaseInsensitiveDict({"Content-Type": kind, **(headers or {})}), content, SENT_AT)


class Script(Transport):
    """Answers with the given replies in turn, raises those that are errors, and keeps what was sent."""

    def __init__(self, *replies: Response | ClientError) -> None:
        super().__init__()
        self.replies = list(replies)
        self.sent: list[Request] = []
        self.deadlines: list[float] = []
        self.calls: list[Call] = []

    def send(self, request: Request, *, deadline: float) -> Response:
        self.sent.append(request)
        self.deadlines.append(deadline)
        answer = self.replies.pop(0)
        if isinstance(answer, ClientError):
            raise answer
        return answer


@contextmanager
def listening(
    serve: Callable[[socket.socket, bytes], None], tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[bytes]]]:
    """A server whose every connection reads a request and is then handed to `serve`: its address, and the
    requests it read."""
    listener = socket.create_server(("127.0.0.1", 0))
    requests: list[bytes] = []

    def run() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(5)
            with connection, suppress(OSError):
                if tls:
                    connection = tls.wrap_socket(connection, server_side=True)
                with connection:
                    requests.append(_read_request(connection))
                    serve(connection, requests[-1])

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listener.getsockname()[1]}", requests
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _receive(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError
    return data


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _receive(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    wanted = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < wanted:
        body += _receive(connection)
    return head + b"\r\n\r\n" + body
