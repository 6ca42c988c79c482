"""Reads variables of the environment. What is missing or cannot be read is one sentence that names the variable.

No sentence quotes a value: it may be a secret, or a secret that was put into the wrong variable.
"""

import math
import re
from collections.abc import Collection, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

YES, NO = {"true", "1", "yes", "y", "on", "t", "ok"}, {"false", "0", "no", "n", "off", "f"}
POSTGRES, SQLITE, MEMORY = {"postgres", "postgresql", "psql", "pgsql"}, "sqlite", ":memory:"
REDIS = {"redis", "rediss", "unix"}
SMTP = {"smtp", "smtps", "smtp+tls", "smtp+ssl"}
_ENV_LINE = re.compile(r"(?:(?:export )?[A-Za-z_0-9]+=.*|#.*|)")
# A name, an address in numbers, or one of either with a port; a leading dot or a star are Django's own wildcards.
_HOST = re.compile(r"(?:\*|\.?[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])(?::\d+)?")


def read_file(file: Path) -> None:
    """Put the variables of a `.env` beside those of the process, which win. Without the file nothing happens.

    Raises ImproperlyConfigured when it cannot be read, or when a line is no variable: such a line may be a secret.
    """
    if not file.exists():
        return
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise ImproperlyConfigured(f"The file {file.name} is there, and this user may not read it.") from None
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"The file {file.name} is no text in UTF-8.") from None
    for number, line in enumerate(lines, 1):
        if not _ENV_LINE.fullmatch(line):
            raise ImproperlyConfigured(f"Line {number} of the file {file.name} is not NAME=value.")
    environ.Env.read_env(file)


class Environment:
    """The variables of a process. An empty one counts as not set: templates and compose files leave such variables.

    Every method raises ImproperlyConfigured with a sentence that names the variable and says what it may be.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = {name: value for name, value in variables.items() if value.strip()}

    def text(self, name: str, default: str = "") -> str:
        """Return the text as it stands."""
        return self._variables.get(name, default)

    def required(self, name: str, why: str) -> str:
        """Return the text of a variable that must be set; `why` completes the sentence when it is not."""
        if name not in self._variables:
            raise ImproperlyConfigured(f"{name} is not set: {why}")
        return self._variables[name]

    def entries(self, name: str) -> list[str]:
        """Return the entries of a comma list, without empty ones."""
        return [entry.strip() for entry in self.text(name).split(",") if entry.strip()]

    def hosts(self, name: str) -> list[str]:
        """Return a comma list of host names as Django's ALLOWED_HOSTS takes them."""
        hosts = self.entries(name)
        if not all(map(_HOST.fullmatch, hosts)):
            raise ImproperlyConfigured(
                f"{name} must be host names, with commas between them, without https:// and paths."
            )
        return hosts

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return whether it is switched on. A word that is neither yes nor no is not taken for no."""
        word = self.text(name, "true" if default else "false").strip().lower()
        if word not in YES | NO:
            raise ImproperlyConfigured(f"{name} must be true or false.")
        return word in YES

    def number(self, name: str, default: float, *, least: float, most: float) -> float:
        """Return a number between two others."""
        try:
            value = float(self.text(name, str(default)))
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise ImproperlyConfigured(f"{name} must be a number from {least:g} to {most:g}.")
        return value

    def whole(self, name: str, default: int, *, least: int, most: int) -> int:
        """Return a whole number between two others."""
        text = self.text(name, str(default)).strip()
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}.")
        return int(text)

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        """Return one of several words."""
        word = self.text(name, default).strip()
        if word not in {*choices, default}:
            *most, last = choices
            raise ImproperlyConfigured(f"{name} must be {', '.join(most)} or {last}.")
        return word

    def address(self, name: str, default: str = "", *, insecure: bool) -> str:
        """Return an https address without a slash at its end; `insecure`: an http one is taken too. "" when not set."""
        address = self.text(name, default).strip().rstrip("/")
        if not address:
            return ""
        parts = _split(address)
        if parts is None or parts.scheme not in {"http", "https"} or parts.username is not None or "?" in address:
            raise ImproperlyConfigured(f"{name} must be an address such as https://host.example.")
        if parts.scheme == "http" and not insecure:
            raise ImproperlyConfigured(f"{name} must begin with https://; only ALLOW_INSECURE_UPSTREAMS takes http://.")
        return address

    def database(self, name: str, default: Path) -> dict[str, Any]:
        """Return Django's settings of a PostgreSQL database, or of an SQLite file."""
        url = self.text(name, f"sqlite:///{default}").strip()
        parts = _database(url)
        if not parts.get("NAME"):
            raise ImproperlyConfigured(
                f"{name} must be postgres://user:password@host:5432/name or sqlite:////folder/file.sqlite3; "
                "odd signs in the password are written as %40."
            )
        return parts

    def redis(self, name: str) -> str:
        """Return the address of a Redis server; "" when it is not set."""
        url = self.text(name).strip()
        if url and (url.partition("://")[0] not in REDIS or _split(url) is None):
            raise ImproperlyConfigured(f"{name} must be redis://host:6379/0, with the password that the server wants.")
        return url

    def mail(self, name: str, default: str) -> dict[str, Any]:
        """Return Django's settings of the way in which mails leave."""
        url = self.text(name, default).strip()
        if not url:
            raise ImproperlyConfigured(f"{name} is not set: alerts must be able to leave (smtp://… or consolemail://).")
        parts = _split(url)
        scheme = parts.scheme if parts else ""
        if scheme not in environ.Env.EMAIL_SCHEMES or (scheme in SMTP and not (parts and parts.hostname)):
            raise ImproperlyConfigured(
                f"{name} must be smtp+tls://user:password@host:587, smtp://host:25 or consolemail://; "
                "odd signs in the password are written as %40."
            )
        settings: dict[str, Any] = environ.Env.email_url_config(url)
        return settings

    def sender(self, name: str, default: str) -> str:
        """Return an e-mail address, alone or as `Name <address>`."""
        text = self.text(name, default).strip()
        try:
            validate_email(parseaddr(text)[1] if text.isprintable() else "")
        except ValidationError:
            raise ImproperlyConfigured(f"{name} must be an e-mail address.") from None
        return text


def _split(address: str) -> SplitResult | None:
    """Return the parts of an address; None when it has a space, a sign that is none, no host or no such port."""
    try:
        parts = urlsplit(address)
        port_is_read = parts.port is None or parts.port > 0
    except ValueError:
        return None
    plain = address.isprintable() and " " not in address
    local = parts.scheme in {"unix", "consolemail", "filemail", "memorymail", "dummymail"}
    return parts if plain and port_is_read and (local or parts.hostname) else None


def _database(url: str) -> dict[str, Any]:
    """Return the settings of a database; {} when the address is none of a kind that the portal knows."""
    scheme, _slashes, rest = url.partition("://")
    if scheme not in {*POSTGRES, SQLITE} or not url.isprintable():
        return {}
    # The library would leave out a host, with what may be a password, and say so.
    if scheme == SQLITE and not rest.startswith(("/", MEMORY)):
        return {}
    try:
        parts: dict[str, Any] = environ.Env.db_url_config(url)
    except (ValueError, ImproperlyConfigured):
        return {}
    return parts
