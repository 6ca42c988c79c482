"""`make audit`: asks pip's package index for the published advisories on every version in the lock files.

Exit code 0: every version was asked for, and none has an advisory. 1: some have. 2: some could not be asked for, and
what was not asked for does not count as sound.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import requests
from pip._internal.commands import create_command  # only pip itself knows its whole configuration

LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)
SECONDS = 15  # for one answer
NO_ADVISORIES = "pip's package index has no advisories, so nothing was checked. Ask from where another one is reached."
NO_ANSWER = "pip's package index does not answer ({error}), so not everything was checked. This needs the network."


def pins(locks: Iterable[str]) -> list[tuple[str, str]]:
    """Return name and version of each package in the lock files, once."""
    return sorted({pin for lock in locks for pin in PIN.findall(Path(lock).read_text())})


def index() -> tuple[str, requests.Session]:
    """Return where the index of pip's configuration has its JSON, and a session that trusts what pip trusts."""
    options, _rest = create_command("download").parse_args([])
    session = requests.Session()
    session.verify = options.cert or True
    if options.proxy:
        session.proxies = {"http": options.proxy, "https": options.proxy}
    return str(options.index_url).rstrip("/").removesuffix("/simple") + "/pypi", session


def advisories(session: requests.Session, address: str, name: str, version: str) -> list[str] | None:
    """Return what is published on a version, a line each; None where the index does not tell. Raises RequestException.

    An advisory that was withdrawn does not count.
    """
    answer = session.get(f"{address}/{name}/{version}/json", timeout=SECONDS)
    if answer.status_code == 404:
        return None
    answer.raise_for_status()
    published = answer.json().get("vulnerabilities")
    return None if published is None else [_line(each) for each in published if not each.get("withdrawn")]


def _line(advisory: Mapping[str, Any]) -> str:
    names = ", ".join([advisory["id"], *advisory.get("aliases", [])])
    fixed = ", ".join(advisory.get("fixed_in") or []) or "no version yet"
    return f"{names}; fixed in {fixed}; {advisory.get('link') or ''}".rstrip("; ")


def audit(locks: Iterable[str]) -> int:
    """Say what was found, and return the exit code."""
    address, session = index()
    found: dict[tuple[str, str], list[str] | None] = {}
    try:
        for name, version in pins(locks):
            found[name, version] = advisories(session, address, name, version)
    except requests.RequestException as error:  # its text may hold the index's password
        return _end(2, NO_ANSWER.format(error=type(error).__name__))
    known = {pin: lines for pin, lines in found.items() if lines is not None}
    if not known:
        return _end(2, NO_ADVISORIES)
    for (name, version), lines in known.items():
        for line in lines:
            sys.stdout.write(f"{name} {version}: {line}\n")
    unknown = [f"{name} {version}" for name, version in found.keys() - known.keys()]
    if unknown:
        sys.stdout.write(f"Not checked, the index does not have them: {', '.join(sorted(unknown))}\n")
    struck = sum(map(bool, known.values()))
    return _end(1 if struck else 2 if unknown else 0, f"{struck} of {len(known)} versions have an advisory.")


def _end(code: int, sentence: str) -> int:
    (sys.stderr if code == 2 else sys.stdout).write(f"{sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(audit(sys.argv[1:] or LOCKS))
