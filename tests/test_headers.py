"""What each page lets a browser do, and what Django's error page of DEBUG does not show."""

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as now
from django.test import Client, RequestFactory
from django.views.debug import technical_500_response
from pytest_django.fixtures import Settings

from config import headers
from tests.factories import MembershipFactory

PASSWORD = "p@ss/wörd-of-all"


@pytest.mark.parametrize(
    ("address", "status"), [("/", 200), ("/accounts/login/", 200), ("/get-started/", 200), ("/no/such/page", 404)]
)
def test_a_page_runs_and_loads_our_own_files_alone(address: str, status: int, db: None) -> None:
    MembershipFactory.create()
    answer = Client().get(address)
    rules = answer.headers["Content-Security-Policy"]
    assert answer.status_code == status
    assert "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-" in rules
    assert "unsafe" not in rules
    assert "frame-ancestors 'none'" in rules
    assert "camera=()" in answer.headers["Permissions-Policy"]
    page = answer.content.decode()
    assert " style=" not in page
    assert not re.findall(r"<script(?![^>]* src=)(?![^>]*application/json)", page)


def test_the_portal_may_do_what_unfold_needs(db: None) -> None:
    member = MembershipFactory.create()
    client = Client()
    client.force_login(member.user)
    rules = client.get("/admin/").headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'" in rules
    assert "form-action 'self' https://start.exactonline.nl" in rules


def test_the_style_of_the_plain_pages_is_the_one_that_is_allowed() -> None:
    page = (Path(now.BASE_DIR) / "templates" / "plain.html").read_text()
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == headers.PLAIN_STYLE


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
