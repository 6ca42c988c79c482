"""Counts the statements that other processes send to PostgreSQL: a proxy on loopback that reads along."""

import asyncio
import struct
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

# The messages that run something: Query, and Execute of the extended protocol.
# https://www.postgresql.org/docs/current/protocol-message-formats.html
RUNS = (b"Q"[0], b"E"[0])
SSL_REQUEST = 80877103


class Counted:
    """Stands before the server of an address (postgres://…); `url` is what the processes of a database are given."""

    def __init__(self, server: str, database: str) -> None:
        self.parts = urlsplit(server)._replace(path=f"/{database}")
        self.statements = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        user = f"{self.parts.username}@" if self.parts.username else ""
        return urlunsplit(self.parts._replace(netloc=f"{user}127.0.0.1:{self.port}"))

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._connect, "127.0.0.1", 0))
        self.port: int = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self.parts.hostname or "127.0.0.1", self.parts.port or 5432
        from_server, to_server = await asyncio.open_connection(host, port)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await asyncio.gather(self._read_along(reader, to_server), _copy(from_server, writer))
        to_server.close()
        writer.close()

    async def _read_along(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what a client says, message by message. Its first ones have no type."""
        code = SSL_REQUEST
        while code == SSL_REQUEST:
            head = await reader.readexactly(8)
            length, code = struct.unpack("!II", head)
            writer.write(head + await reader.readexactly(length - 8))
        while True:
            head = await reader.readexactly(5)
            kind, length = struct.unpack("!BI", head)
            self.statements += kind in RUNS
            writer.write(head + await reader.readexactly(length - 4))
            await writer.drain()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
