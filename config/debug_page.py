"""Django's error page of DEBUG, without a password: addresses in settings and variables of the process hold some."""

import os
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

SECRET_NAMES = re.compile(
    "API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|COOKIE|_URL|DSN|DATABASE|CACHES|Q_CLUSTER|EXACT_APPS", re.IGNORECASE
)
SHORTEST = 3  # a shorter one would take letters out of every word


class HidingFilter(SafeExceptionReporterFilter):
    """Hides settings and variables by more names than Django's own."""

    hidden_settings = SECRET_NAMES


class HidingReporter(ExceptionReporter):
    """Takes every password of the settings out of the finished page, wherever it stands: in a frame's variables too."""

    def get_traceback_html(self) -> SafeString:
        """Return the page without them."""
        return SafeString(_without_secrets(super().get_traceback_html()))

    def get_traceback_text(self) -> SafeString:
        """Return the text without them."""
        return SafeString(_without_secrets(super().get_traceback_text()))


def _without_secrets(page: str) -> str:
    written = {form for secret in _secrets() for form in (secret, unquote(secret), quote(secret, safe=""))}
    for secret in sorted({*written, *map(escape, written)}, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            page = page.replace(secret, "***")
    return page


def _secrets() -> Iterator[str]:
    """Yield the passwords and keys that this process was given."""
    yield from (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS, *settings.SALT_KEY, settings.METRICS_TOKEN)
    yield from (secret for _client_id, secret in settings.EXACT_APPS.values())
    yield from (str(settings.DATABASE.get("PASSWORD") or ""), str(settings.EMAIL_HOST_PASSWORD or ""))
    for value in [settings.REDIS_URL, *os.environ.values()]:
        if "://" in value and "@" in value:
            yield _password(value)


def _password(address: str) -> str:
    try:
        return urlsplit(address).password or ""
    except ValueError:  # no address after all
        return ""
