"""The processes of an installation: web servers and workers, each with a session of its own, on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[3]
START_SECONDS, STOP_SECONDS = 60.0, 30.0
WEB = ("-m", "gunicorn", "config.wsgi:application", "--log-level", "warning", "--bind")


class Processes:
    """Starts web servers and workers with our environment, and stops all of them at the end."""

    def __init__(self, log: Path) -> None:
        self.log = log.open("ab")
        self.running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self.running):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self.running):
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                kill(process)
        self.log.close()

    def web(self) -> str:
        """Start a web server and return its address. Raises TimeoutError when it does not answer."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._start(*WEB, f"127.0.0.1:{port}")
        give_up = time.monotonic() + START_SECONDS
        while not _answers(f"http://127.0.0.1:{port}/healthz"):
            if time.monotonic() > give_up:
                raise TimeoutError("The web server did not start; see the log.")
            time.sleep(0.1)
        return f"http://127.0.0.1:{port}"

    def worker(self) -> subprocess.Popen[bytes]:
        """Start a worker."""
        return self._start("manage.py", "worker")

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=os.environ,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.running.append(process)
        return process


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process as a crash does, without a warning. A worker's cluster dies with its supervisor."""
    process.kill()
    process.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
