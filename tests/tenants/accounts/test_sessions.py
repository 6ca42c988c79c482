"""Sessions: what the database keeps of one, and when it ends."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from tenants.accounts import sessions
from tenants.models import User
from tenants.sealed import is_bound

PASSWORD = "open-sesame-7"


@pytest.fixture
def browser(alice: User) -> Client:
    """Her browser, where she has logged in."""
    return log_in()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many hours have passed since the test began."""
    began = time.time()
    return lambda hours: monkeypatch.setattr("tenants.accounts.sessions.time.time", lambda: began + hours * 3600)


def log_in() -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "alice@acme.example", "password": PASSWORD})
    return client


def inside(client: Client, address: str = "/admin/") -> bool:
    """Whether the portal lets the browser in."""
    return client.get(address).status_code == 200


def test_a_session_tells_nothing_to_who_reads_the_database(browser: Client, settings: Settings) -> None:
    session = browser.session
    session["typed"] = "a-secret-of-the-shop"
    session.save()
    row = Session.objects.get(session_key=session.session_key)
    assert "a-secret-of-the-shop" not in row.session_data
    assert is_bound(row.session_data)
    assert browser.session["typed"] == "a-secret-of-the-shop"
    settings.SALT_KEY = ["another-salt"]
    assert not inside(browser)


def test_what_the_database_holds_opens_no_session(browser: Client, settings: Settings) -> None:
    secret = browser.cookies[settings.SESSION_COOKIE_NAME].value
    stored = [str(value) for rows in (Session, UserSession) for row in rows.objects.values_list() for value in row]
    assert secret not in " ".join(stored)
    for value in stored:
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = value
        assert not inside(thief), value
    assert inside(browser)


def test_each_log_in_has_a_new_secret_and_a_page_keeps_it(browser: Client, settings: Settings) -> None:
    def secret() -> str:
        return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)

    before = secret()
    inside(browser)
    session = browser.session
    session.pop(sessions.SEEN)
    session.save()
    inside(browser)  # written once more
    assert secret() == before
    browser.post("/accounts/logout/")
    assert secret() == ""
    browser.post("/accounts/login/", {"login": "alice@acme.example", "password": PASSWORD})
    assert secret() not in {"", before}


def test_a_session_that_is_not_used_ends(browser: Client, later: Callable[[float], None], settings: Settings) -> None:
    for hours, expected in ((0, True), (11, True), (22, True), (34.1, False)):
        later(hours)
        assert inside(browser) is expected, hours
    settings.SESSION_IDLE_HOURS = 1.0
    again = log_in()
    later(35.2)
    assert not inside(again)


def test_a_page_that_looks_again_by_itself_keeps_no_session(browser: Client, later: Callable[[float], None]) -> None:
    assert inside(browser)
    for hours, expected in ((6, True), (11.9, True), (12.1, False)):
        later(hours)
        assert inside(browser, f"/admin/?{sessions.BY_ITSELF}=1") is expected, hours


def test_what_a_person_sends_from_such_a_page_is_use(browser: Client, later: Callable[[float], None]) -> None:
    assert inside(browser)
    later(11)
    browser.post(f"/get-started/store/?{sessions.BY_ITSELF}=1", {})
    later(22)
    assert inside(browser)


def test_a_used_session_is_not_written_with_each_request(browser: Client) -> None:
    assert inside(browser)
    with CaptureQueriesContext(database) as statements:
        assert inside(browser)
    assert not [one["sql"] for one in statements if "UPDATE" in one["sql"] or "INSERT" in one["sql"]]


def test_lists_of_sessions_forget_those_that_ended(browser: Client) -> None:
    here = log_in()
    Session.objects.exclude(session_key=here.session.session_key).delete()
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=2))
    sessions.remove_ended()
    assert UserSession.objects.get().session_key == here.session.session_key
