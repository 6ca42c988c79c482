"""The second factor: how it is set up and asked for, who must have one, and how its secrets are kept."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from pytest_django.fixtures import Settings

from tenants.models import Role, User
from tests.factories import MembershipFactory, UserFactory

PASSWORD = "open-sesame-7"
HOME, SET_UP = "/admin/", "/accounts/2fa/"


def person(role: Role = Role.OWNER, **extra: bool) -> User:
    user = UserFactory.create(email=f"{role}@acme.example", password=PASSWORD, **extra)
    MembershipFactory.create(user=user, role=role)
    return user


def log_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def code_of(secret: str, later: int = 0) -> str:
    """What the app shows now, or so many half minutes later: a code counts once."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def set_up(client: Client) -> str:
    """Set up an app, after showing once more that it is the person; returns the app's secret."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    form = client.get("/accounts/2fa/totp/activate/").context["form"]
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(form.secret)})
    return str(form.secret)


@pytest.fixture
def owner(db: None) -> User:
    return person()


def test_with_an_app_the_password_alone_lets_nobody_in(owner: User) -> None:
    secret = set_up(log_in(owner))
    client = log_in(owner)
    assert client.get(HOME).status_code == 302
    page = client.get("/accounts/2fa/authenticate/").content.decode()
    assert "authenticator app" in page
    assert "wrong" in client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret, later=1)})
    assert client.get(HOME).status_code == 200


def test_a_recovery_code_lets_in_once(owner: User) -> None:
    first = log_in(owner)
    set_up(first)
    codes = first.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    for expected in (200, 302):
        client = log_in(owner)
        client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert client.get(HOME).status_code == expected


@pytest.mark.parametrize(
    ("setting", "who", "must"),
    [
        ("", {"is_superuser": True}, False),
        ("owners", {}, True),
        ("owners", {"role": Role.VIEWER}, False),
        ("owners", {"role": Role.VIEWER, "is_superuser": True}, True),
        ("all", {"role": Role.VIEWER}, True),
    ],
)
def test_who_must_have_one_sets_it_up_first(
    setting: str, who: dict[str, Any], must: bool, db: None, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = setting
    client = log_in(person(**who))
    for address in (HOME, "/admin/connector/ordersync/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers.get("Location")) == ((302, SET_UP) if must else (200, None))
    assert "is required here" in client.get(SET_UP).content.decode() or not must
    set_up(client)
    assert client.get(HOME).status_code == 200


def test_who_must_have_one_cannot_remove_the_last(owner: User, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = "owners"
    client = log_in(owner)
    set_up(client)
    assert "required here" in client.post("/accounts/2fa/totp/deactivate/").content.decode()
    settings.REQUIRE_SECOND_FACTOR = ""
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()


def test_a_passkey_is_bound_to_the_public_address(owner: User, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://connector.example"
    client = log_in(owner)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    options = client.get("/accounts/2fa/webauthn/add/", headers={"host": "localhost"}).context["js_data"]
    assert options["creation_options"]["publicKey"]["rp"] == {"id": "connector.example", "name": "ml-connector"}


def test_no_page_runs_a_script_that_stands_in_it(owner: User) -> None:
    client = log_in(owner)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    pages = ["password/change/", "email/", "sessions/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/add/"]
    for address in pages:
        page = client.get(f"/accounts/{address}").content.decode()
        assert page.count("<script") == page.count("<script src=") + page.count('type="application/json"'), address
        assert "style=" not in page
