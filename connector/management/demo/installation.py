"""The demo's processes: web and worker on a new SQLite file, with the sandbox's addresses.

Each demo has its port to itself, and a folder named after it in var/, so several can run on one machine.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from connector.sandbox import Sandbox

ROOT = Path(settings.BASE_DIR)
STOP_SECONDS = 30.0
START_SECONDS = 60.0


class Installation:
    """Starts an installation of the product and always stops it."""

    def __init__(
        self, sandbox: Sandbox, port: int, tell: Callable[[str], object], variables: Mapping[str, str] | None = None
    ) -> None:
        self.tell = tell
        self.port, self.folder, self.lock = _claim(port)
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": secrets.token_urlsafe(40),
            "SALT_KEY": secrets.token_urlsafe(20),
            "DEBUG": "false",
            "DATABASE_URL": f"sqlite:///{self.folder / 'demo.sqlite3'}",
            "REDIS_URL": "",
            "QUEUE_BROKER": "orm",
            "EMAIL_URL": "consolemail://",
            "PUBLIC_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "ALLOW_INSECURE_UPSTREAMS": "true",
            "BIGCOMMERCE_API_URL": sandbox.store_url,
            "EXACT_ONLINE_URL": sandbox.exact_url,
            "CONNECTOR_SWEEP_SECONDS": "5",
            "SIGNUPS": "open",
            **(variables or {}),
        }

    def __enter__(self) -> Self:
        self.tell(_("Preparing the database"))
        self._manage("migrate", "--verbosity", "0")
        self._manage("collectstatic", "--noinput", "--verbosity", "0")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        Path(self.lock.name).unlink(missing_ok=True)
        self.lock.close()

    def provision(self, file: Mapping[str, Any]) -> None:
        """Set up the tenant with the `provision` command. Raises CommandError."""
        self.tell(_("Provisioning: consent, master data, hooks"))
        self._manage("provision", "-", stdin=json.dumps(file))

    def start_web(self) -> None:
        """Start gunicorn and wait until it answers. Raises CommandError when it does not start."""
        address = f"127.0.0.1:{self.port}"
        self._start("gunicorn", "config.wsgi:application", "--bind", address, "--log-level", "warning")
        give_up = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > give_up or self.processes[-1].poll() is not None:
                raise CommandError(_("The web server did not start; see above."))
            time.sleep(0.2)
        self.tell(_("The web server answers at %(url)s") % {"url": self.url})

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start the worker."""
        return self._start("worker")

    def ledger(self) -> list[dict[str, Any]]:
        """Return the demo tenant's ledger from the `ledger` command. Raises CommandError."""
        rows: list[dict[str, Any]] = json.loads(self._manage("ledger", "--tenant", "demo", "--json"))
        return rows

    def alive(self) -> bool:
        """Return whether every started process still runs."""
        return all(process.poll() is None for process in self.processes)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = ["manage.py", module] if module == "worker" else ["-m", module]
        process = subprocess.Popen(
            [sys.executable, *command, *arguments],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,  # so that Ctrl-C reaches only this process, which stops the others in order
        )
        self.processes.append(process)
        return process

    def _manage(self, *arguments: str, stdin: str = "") -> str:
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            text = _("manage.py %(command)s failed:\n%(error)s")
            raise CommandError(text % {"command": arguments[0], "error": result.stderr})
        return result.stdout


def _claim(wanted: int) -> tuple[int, Path, IO[bytes]]:
    """Return a free port, this one if possible, with an empty folder of its own and the lock that keeps both ours.

    Raises CommandError.
    """
    for port in (wanted, 0, 0, 0):
        if not (free := _free_port(port)):
            continue
        folder = ROOT / "var" / f"demo-{free}"
        folder.parent.mkdir(exist_ok=True)
        lock = folder.with_suffix(".lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # another demo begins with this port
            lock.close()
            continue
        shutil.rmtree(folder, ignore_errors=True)  # left by one that was killed
        folder.mkdir()
        return free, folder, lock
    raise CommandError(_("There is no free port on this machine."))


def _free_port(wanted: int) -> int:
    """Return the port if nobody listens there, any free one for 0; 0 when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
