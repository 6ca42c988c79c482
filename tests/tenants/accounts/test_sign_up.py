"""A sign-up: one code for one address, five tries and fifteen minutes; the right one makes person and organisation."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from pytest_django.fixtures import Settings

from tenants.accounts import sign_up
from tenants.accounts.models import SignUp
from tenants.accounts.sign_up import Outcome
from tenants.models import Membership, Tenant, User
from tests.factories import TenantFactory, UserFactory

pytestmark = pytest.mark.django_db
KEY, EMAIL = "key-of-a-browser", "robin@kade.example"


@pytest.fixture(autouse=True)
def _open(settings: Settings) -> None:
    settings.SIGNUPS = "open"


def ask(email: str = EMAIL) -> str:
    """Ask for an account; return the code of the last mail, "" when it has none."""
    sign_up.ask(KEY, company="Kade & Zn", email=email, password="teapots-in-the-rain")
    return next((line for line in mail.outbox[-1].body.splitlines() if line.isdecimal()), "")


def test_the_right_code_makes_person_and_organisation_once() -> None:
    TenantFactory.create(slug="kade-zn")
    code = ask(" Robin@Kade.example ")
    assert not User.objects.exists()
    first, second = (sign_up.check(KEY, f"{code[:3]} {code[3:]}") for _press in range(2))
    assert (first.outcome, second.outcome) == (Outcome.RIGHT, Outcome.RIGHT)
    assert first.person == second.person == User.objects.get(email=EMAIL)
    membership = Membership.objects.get()
    assert (membership.role, membership.tenant.slug, Tenant.objects.count()) == ("owner", "kade-zn-2", 2)
    assert SignUp.objects.get().password == ""
    User.objects.update(date_joined=timezone.now() - timedelta(hours=1))
    assert sign_up.check(KEY, code).outcome == Outcome.EXPIRED


def test_five_wrong_codes_spend_it_and_a_new_one_begins_again() -> None:
    code = ask()
    wrong = "0" if code[0] != "0" else "1"
    tried = [sign_up.check(KEY, wrong * 6) for _try in range(5)]
    assert [(verdict.outcome, verdict.left) for verdict in tried] == [
        *((Outcome.WRONG, left) for left in (4, 3, 2, 1)),
        (Outcome.SPENT, 0),
    ]
    assert sign_up.check(KEY, code).outcome == Outcome.SPENT
    SignUp.objects.update(mailed_at=timezone.now() - timedelta(minutes=1))
    assert sign_up.check(KEY, ask()).outcome == Outcome.RIGHT


def test_it_is_good_for_fifteen_minutes_and_only_in_the_browser_that_asked() -> None:
    code = ask()
    assert sign_up.check("another-key", code).outcome == Outcome.EXPIRED
    SignUp.objects.update(mailed_at=timezone.now() - sign_up.GOOD_FOR)
    assert sign_up.check(KEY, code).outcome == Outcome.EXPIRED


def test_asked_twice_it_is_mailed_once_but_for_another_address() -> None:
    first = ask()
    ask()
    assert len(mail.outbox) == 1
    second = ask("robin@other.example")
    assert [message.to for message in mail.outbox] == [[EMAIL], ["robin@other.example"]]
    assert sign_up.check(KEY, first).outcome == Outcome.WRONG
    assert sign_up.check(KEY, second).outcome == Outcome.RIGHT


def test_an_address_that_has_an_account_gets_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.accounts.sign_up.secrets.randbelow", lambda most: 0)
    UserFactory.create(email=EMAIL)
    assert ask() == ""
    assert "has one already" in mail.outbox[0].body
    assert sign_up.check(KEY, "000000").outcome == Outcome.WRONG


def test_a_mail_that_does_not_leave_may_be_asked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object, messages: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", refuse)
        made = sign_up.ask(KEY, company="Kade", email=EMAIL, password="teapots-in-the-rain")
    assert SignUp.objects.get().mailed_at is None
    assert sign_up.mail_code(made.pk)
    assert len(mail.outbox) == 1


def test_where_it_is_closed_the_first_account_is_made_and_no_other(settings: Settings) -> None:
    settings.SIGNUPS = "invited"
    assert sign_up.is_open()
    code = ask()
    UserFactory.create()
    assert not sign_up.is_open()
    assert sign_up.check(KEY, code).outcome == Outcome.CLOSED


def test_one_that_nobody_went_on_with_is_removed_after_seven_days() -> None:
    ask()
    assert sign_up.pending(KEY) is not None
    assert sign_up.remove_abandoned() == 0
    SignUp.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert sign_up.remove_abandoned() == 1
    assert sign_up.pending(KEY) is None
