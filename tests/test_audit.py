"""`make audit` asks the index of pip's own configuration, and says what it could not ask for."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings

from tests.audit import LOCKS, pins

LOCK = "left==1.0 \\\n    --hash=sha256:00\nright[fast]==2.0 ; python_full_version < '3.12' \\\n    --hash=sha256:00\n"
OLD = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fixed_in": ["1.1"], "link": "https://advisories.example/1"}
SOUND: dict[str, Any] = {"vulnerabilities": []}


class Index(ThreadingHTTPServer):
    """A package index with these answers, by package; what it does not have is 404."""

    answers: Mapping[str, Any] = {}

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(BaseHTTPRequestHandler):
    server: Index

    def do_GET(self) -> None:
        known = {"/pypi/left/1.0/json": "left", "/pypi/right/2.0/json": "right"}
        found = self.server.answers.get(known.get(self.path, ""))
        self.send_response(404 if found is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def index() -> Iterator[Index]:
    with Index() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def audit(tmp_path: Path, port: int) -> tuple[int, str]:
    """The exit code of an audit of LOCK, and all that it printed."""
    (lock := tmp_path / "some.lock").write_text(LOCK)
    done = subprocess.run(
        [sys.executable, "-m", "tests.audit", str(lock)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PIP_INDEX_URL": f"http://me:hidden@127.0.0.1:{port}/simple/", "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "hidden" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_versions_without_an_advisory_pass(tmp_path: Path, index: Index) -> None:
    index.answers = {"left": SOUND, "right": {"vulnerabilities": [{**OLD, "withdrawn": "2026-01-01T00:00:00Z"}]}}
    assert audit(tmp_path, index.server_port) == (0, "0 of 2 versions have an advisory.\n")


def test_an_advisory_is_shown_and_fails(tmp_path: Path, index: Index) -> None:
    index.answers = {"left": {"vulnerabilities": [OLD]}, "right": SOUND}
    code, said = audit(tmp_path, index.server_port)
    assert code == 1
    assert said.startswith("left 1.0: PYSEC-1, CVE-1; fixed in 1.1; https://advisories.example/1\n1 of 2 versions")


@pytest.mark.parametrize("other", [{}, {"right": {"info": {}}}], ids=["not there", "there without advisories"])
def test_what_the_index_does_not_tell_is_named_and_fails(tmp_path: Path, index: Index, other: dict[str, Any]) -> None:
    index.answers = {"left": SOUND, **other}
    code, said = audit(tmp_path, index.server_port)
    assert code == 2
    assert "Not checked, the index does not have them: right 2.0\n" in said


def test_an_index_without_advisories_is_one_sentence(tmp_path: Path, index: Index) -> None:
    code, said = audit(tmp_path, index.server_port)
    assert code == 2
    assert said.startswith("pip's package index has no advisories")
    assert said.count("\n") == 1


def test_no_network_is_one_sentence(tmp_path: Path, index: Index) -> None:
    port = index.server_port
    index.server_close()
    code, said = audit(tmp_path, port)
    assert code == 2
    assert said.startswith("pip's package index does not answer (ConnectionError)")
    assert said.count("\n") == 1


def test_each_package_of_the_lock_files_is_asked_for() -> None:
    lines = [line for lock in LOCKS for line in (settings.BASE_DIR / lock).read_text().splitlines()]
    named = {line.split("==")[0].split("[")[0] for line in lines if "==" in line and not line.startswith(" ")}
    assert {name for name, _version in pins(str(settings.BASE_DIR / lock) for lock in LOCKS)} == named
