"""Signing up: company, address and password; a code by mail; then the organisation, and not before."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from connector.flow.worker.sweep import sweep
from tenants.accounts.models import SignUp
from tenants.models import Membership, Role, Tenant, User
from tests.factories import MembershipFactory, TenantFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE, VERIFY, STORE = "/get-started/", "/get-started/verify/", "/get-started/store/"
HIDDEN = re.compile(r'value="[\w-]{43,}"')  # the key of a page, and its token against forgery
TYPED = {"company": "Kade & Zn BV", "email": "Robin@kade.example", "password": "teapots-in-the-rain", "go": "1"}


@pytest.fixture(autouse=True)
def _open(settings: Settings) -> None:
    settings.SIGNUPS = "open"


def ask(client: Client, **typed: str) -> Any:
    """Fill in the page as a browser shows it, its hidden key included."""
    key = client.get(PAGE).context["form"]["key"].value()
    return client.post(PAGE, {**TYPED, "key": key, **typed})


def code_of(message: Any) -> str:
    """The code stands alone on a line."""
    (code,) = [line for line in message.body.splitlines() if line.isdecimal()]
    return str(code)


def nothing_made() -> bool:
    return not (User.objects.exists() or Tenant.objects.exists() or Membership.objects.exists())


def test_from_the_first_page_to_the_first_step() -> None:
    client = Client()
    assert ask(client).headers["Location"] == VERIFY
    page = client.get(VERIFY).content.decode()
    assert 'data-step="verify" data-state="todo"' in page
    assert "robin@kade.example" in page
    assert nothing_made()
    answer = client.post(VERIFY, {"code": code_of(mail.outbox[0]), "go": "1"})
    assert answer.headers["Location"] == STORE
    member = Membership.objects.get()
    assert (member.user.email, member.role) == ("robin@kade.example", Role.OWNER)
    assert (member.tenant.slug, member.tenant.name) == ("kade-zn-bv", "Kade & Zn BV")
    assert member.tenant.timezone == "Europe/Amsterdam"
    assert member.user.check_password(TYPED["password"])
    assert client.get("/admin/").status_code == 200
    assert client.get(PAGE).headers["Location"] == STORE


def test_a_slug_is_the_companys_own() -> None:
    TenantFactory.create(slug="kade-zn-bv")
    for email, company, slug in (
        ("a@kade.example", "Kade & Zn BV", "kade-zn-bv-2"),
        ("b@x.example", "株", "organisation"),
    ):
        client = Client()
        ask(client, email=email, company=company)
        client.post(VERIFY, {"code": code_of(mail.outbox[-1])})
        assert Tenant.objects.filter(slug=slug, name=company).exists()


def test_what_is_kept_before_the_code_holds_no_secret() -> None:
    ask(Client())
    row = SignUp.objects.get()
    kept = f"{row.password} {row.code}"
    assert TYPED["password"] not in kept
    assert code_of(mail.outbox[0]) not in kept


@pytest.mark.parametrize(
    ("typed", "field", "example"),
    [
        ({"company": " "}, "company", "Acme BV"),
        ({"email": "robin"}, "email", "robin@acme.example"),
        ({"email": ""}, "email", "robin@acme.example"),
        ({"password": ""}, "password", "eight characters"),
        ({"password": "short-1"}, "password", "8 characters"),
        ({"password": "password1"}, "password", "common"),
        ({"password": "robin@kade.example"}, "password", "similar"),
    ],
)
def test_an_error_stands_at_its_field_with_what_is_right(typed: dict[str, str], field: str, example: str) -> None:
    client = Client()
    assert ask(client, **typed).headers["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert 'data-step="sign-up" data-state="trouble"' in page
    error = page[page.index(f'data-error-for="{field}"') :]
    assert example in error[: error.index("</div>")]
    assert not SignUp.objects.exists()
    assert TYPED["password"] not in page


def test_a_refused_try_may_be_read_again_and_spends_nothing() -> None:
    client = Client()
    ask(client, email="robin", company="Kade BV")
    for _reload in range(2):
        form = client.get(PAGE).context["form"]
        assert (form["company"].value(), form["email"].value(), bool(form.errors)) == ("Kade BV", "robin", True)
    ask(client)
    client.post(VERIFY, {"code": "000000"})
    for _reload in range(2):
        assert "4 tries are left" in client.get(VERIFY).content.decode()
    assert SignUp.objects.get().tries == 1
    assert not client.get(PAGE).context["form"].errors


def test_a_known_address_gets_the_same_pages_and_a_mail_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory.create(email="known@kade.example", password="another-password-3")
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(*given: Any) -> Any:
        hashed.append("once")
        return encode(*given)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    seen: list[list[Any]] = []
    for email in ("known@kade.example", "new@kade.example"):
        hashed.clear()
        client = Client()
        answers = [ask(client, email=email), client.get(VERIFY), client.post(VERIFY, {"code": "000000"}, follow=True)]
        pages = [HIDDEN.sub("", one.content.decode().replace(email, "")) for one in answers]
        seen.append([[one.status_code for one in answers], pages, len(hashed)])
    assert seen[0] == seen[1]
    known, new = mail.outbox
    assert "has one already" in known.body
    assert not [line for line in known.body.splitlines() if line.isdecimal()]
    assert code_of(new)


def test_after_five_wrong_codes_a_new_one_is_asked_for() -> None:
    client = Client()
    ask(client)
    right = code_of(mail.outbox[0])
    wrong = "000000" if right != "000000" else "111111"
    for left in ("4 tries are", "3 tries are", "2 tries are", "1 try is"):
        page = client.post(VERIFY, {"code": wrong}, follow=True).content.decode()
        assert f"{left} left" in page
        assert 'data-error-for="code"' in page
    for code in (wrong, right):
        assert "No try is left" in client.post(VERIFY, {"code": code}, follow=True).content.decode()
    SignUp.objects.update(mailed_at=timezone.now() - timedelta(minutes=1))
    assert "new code is on its way" in client.post(VERIFY, {"again": "1", "code": ""}, follow=True).content.decode()
    assert "tries are left" in client.post(VERIFY, {"code": wrong}, follow=True).content.decode()
    spaced = " ".join(code_of(mail.outbox[1]))
    assert client.post(VERIFY, {"code": spaced}).headers["Location"] == STORE


def test_a_code_is_good_for_fifteen_minutes() -> None:
    client = Client()
    ask(client)
    SignUp.objects.update(mailed_at=timezone.now() - timedelta(minutes=16))
    page = client.post(VERIFY, {"code": code_of(mail.outbox[0])}, follow=True).content.decode()
    assert "too old" in page
    assert nothing_made()


def test_a_double_click_asks_once_and_lets_in_once() -> None:
    first, second = Client(), Client()
    key = first.get(PAGE).context["form"]["key"].value()
    for client in (first, second):  # the first answer, with its session, has not arrived when the second is sent
        client.post(PAGE, {**TYPED, "key": key})
    assert (SignUp.objects.count(), len(mail.outbox)) == (1, 1)
    press = {"code": code_of(mail.outbox[0]), "key": key}
    for client in (first, second):
        assert client.post(VERIFY, press).headers["Location"] == STORE
        assert client.get("/admin/").status_code == 200
    assert (User.objects.count(), Tenant.objects.count()) == (1, 1)
    User.objects.update(date_joined=timezone.now() - timedelta(minutes=2))
    assert Client().post(VERIFY, press).headers["Location"] == PAGE


def test_a_code_proves_no_other_address_than_the_one_it_was_mailed_to() -> None:
    client = Client()
    key = client.get(PAGE).context["form"]["key"].value()
    for email in ("robin@kade.example", "other@kade.example"):
        client.post(PAGE, {**TYPED, "key": key, "email": email})
    assert [message.to for message in mail.outbox] == [["robin@kade.example"], ["other@kade.example"]]
    client.post(VERIFY, {"code": code_of(mail.outbox[0]), "key": key})
    assert nothing_made()
    assert client.post(VERIFY, {"code": code_of(mail.outbox[1]), "key": key}).headers["Location"] == STORE


def test_a_reload_and_a_second_tab_mail_once() -> None:
    client = Client()
    for _ in range(2):
        ask(client)
    assert (SignUp.objects.count(), len(mail.outbox)) == (1, 1)


def test_coming_back_finds_what_was_typed_but_the_password() -> None:
    client = Client()
    ask(client)
    form = client.get(PAGE).context["form"]
    assert (form["company"].value(), form["email"].value()) == ("Kade & Zn BV", "robin@kade.example")
    assert not form["password"].value()
    ask(client, email="other@kade.example")
    assert mail.outbox[1].to == ["other@kade.example"]


def test_without_a_sign_up_there_is_no_code_to_enter() -> None:
    assert Client().get(VERIFY).headers["Location"] == PAGE


def test_a_mail_that_cannot_leave_is_said_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise ConnectionRefusedError

    client = Client()
    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", refuse)
        ask(client)
    page = client.get(VERIFY).content.decode()
    assert 'data-state="trouble"' in page
    assert "could not be sent" in page
    client.post(VERIFY, {"again": "1"})
    assert client.post(VERIFY, {"code": code_of(mail.outbox[0])}).headers["Location"] == STORE


def test_mails_to_one_address_are_limited() -> None:
    answers = [ask(Client()).headers["Location"] for _ in range(7)]
    assert answers == [VERIFY] * 6 + [PAGE]


class TestByInvitation:
    """SIGNUPS=invite."""

    @pytest.fixture(autouse=True)
    def _closed(self, settings: Settings) -> None:
        settings.SIGNUPS = "invite"

    def test_the_very_first_account_is_made_and_no_other(self) -> None:
        first, late = Client(), Client()
        ask(first)
        ask(late, email="late@kade.example")
        codes = [code_of(message) for message in mail.outbox]
        assert first.post(VERIFY, {"code": codes[0]}).headers["Location"] == STORE
        assert "by invitation" in late.post(VERIFY, {"code": codes[1]}, follow=True).content.decode()
        assert User.objects.count() == 1

    def test_a_stranger_reads_who_to_ask_and_cannot_post(self) -> None:
        MembershipFactory.create()
        client = Client()
        answer = client.get(PAGE)
        assert (answer.status_code, "Ask one of its owners" in answer.content.decode()) == (200, True)
        assert client.post(PAGE, TYPED).status_code == 403
        assert not SignUp.objects.exists()


def test_the_sweep_removes_an_abandoned_sign_up_after_seven_days_and_sessions_that_ended() -> None:
    ask(Client())
    for days, kept in ((6, 1), (8, 0)):
        SignUp.objects.update(created_at=timezone.now() - timedelta(days=days))
        sweep()
        assert SignUp.objects.count() == kept
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    sweep()
    assert not Session.objects.exists()


def test_a_person_with_a_second_factor_shows_it_also_after_a_second_press(settings: Settings) -> None:
    """The page of the code lets nobody past the log-in's own steps."""
    client = Client()
    ask(client)
    press = {"code": code_of(mail.outbox[0]), "key": SignUp.objects.get().key}
    client.post(VERIFY, press)
    TOTP.activate(User.objects.get(), "JBSWY3DPEHPK3PXP")
    again = Client()
    assert again.post(VERIFY, press).headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert again.get("/admin/").status_code == 302
