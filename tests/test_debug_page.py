"""Django's error page of DEBUG shows no password and no key, wherever it stands."""

from urllib.parse import quote

import pytest
from django.conf import settings as now
from django.test import RequestFactory
from django.views.debug import technical_500_response
from pytest_django.fixtures import Settings

PASSWORD = "p@ss/wörd-of-all"


def find_database(dsn: str, keys: tuple[str, ...]) -> None:
    """Fail with secrets in the variables and in the message."""
    raise LookupError(f"{len(keys)} keys, and no database at {dsn}")


# A frame on the page shows seven lines on each side of where it failed: no secret stands there.
#
#
#
#
#
SECRETS = {
    "DATABASE_URL": f"postgres://connector:{quote(PASSWORD, safe='')}@db.example/name",
    "EMAIL_URL": "smtp://u:mail-hunter2@h",
    "OTHER": "amqp://u:mq-hunter2@h",
}


def test_the_error_page_of_debug_shows_no_password(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = True
    settings.DATABASE = {"PASSWORD": PASSWORD}
    settings.REDIS_URL = "redis://:redis-hunter2@cache.example/0"
    settings.EXACT_APPS = {"nl": ("client", "app-hunter2")}
    settings.EMAIL_HOST_PASSWORD = "mail-hunter2"
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    pages = [error_page(accept) for accept in ("text/html", "text/plain")]
    for page in pages:
        assert "LookupError" in page
        for secret in (PASSWORD, quote(PASSWORD, safe=""), "hunter2", settings.SALT_KEY[0], settings.SECRET_KEY):
            assert secret not in page, secret


def error_page(accept: str) -> str:
    """What Django's own error page says, with the process's variables, as its development server does it."""
    request = RequestFactory().get("/", headers={"accept": accept})
    request.META.update(SECRETS)
    try:
        find_database(SECRETS["DATABASE_URL"], (now.SECRET_KEY, *now.SALT_KEY))
    except LookupError as error:
        return technical_500_response(request, type(error), error, error.__traceback__).content.decode()
    return ""
