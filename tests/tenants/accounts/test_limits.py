"""How often somebody may try, and how many mails leave: by account, by address of the network, and by the day.

The days of these tests pass in the clock of django-allauth's limits alone.
"""

from collections.abc import Callable

import pytest
from allauth.core.internal import ratelimit
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from tenants.models import User

PASSWORD, EMAIL = "open-sesame-7", "alice@acme.example"
MINUTE, DAY = 60, 86_400
Wait = Callable[[float], None]


def tries(email: str, password: str, **headers: str) -> Client:
    client = Client(headers=headers)
    client.post("/accounts/login/", {"login": email, "password": password})
    return client


def inside(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


class TestLogIn:
    """Wrong passwords."""

    def test_an_account_waits_wherever_they_are_tried(self, alice: User, wait: Wait, settings: Settings) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for number in range(5):
            tries(EMAIL, "wrong", x_forwarded_for=f"192.0.2.{number}")
        assert not inside(tries(EMAIL.upper(), PASSWORD, x_forwarded_for="192.0.2.99"))
        wait(5 * MINUTE)
        assert inside(tries(EMAIL, PASSWORD))

    def test_an_account_waits_until_the_next_day_after_fifty(self, alice: User, wait: Wait) -> None:
        for _ in range(10):
            for _ in range(5):
                tries(EMAIL, "wrong")
            wait(5 * MINUTE)
        assert not inside(tries(EMAIL, PASSWORD))
        wait(DAY)
        assert inside(tries(EMAIL, PASSWORD))

    def test_an_address_waits_whichever_accounts_are_tried(self, alice: User, settings: Settings, wait: Wait) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for number in range(10):
            tries(f"{number}@acme.example", "wrong", x_forwarded_for="198.51.100.7, 192.0.2.1")
        assert not inside(tries(EMAIL, PASSWORD, x_forwarded_for="203.0.113.5, 192.0.2.1"))
        assert inside(tries(EMAIL, PASSWORD, x_forwarded_for="192.0.2.1, 192.0.2.2"))

    @pytest.mark.parametrize(
        ("proxies", "sent", "counted"),
        [
            (0, "192.0.2.1", "127.0.0.1"),  # nobody is believed
            (1, "203.0.113.5, 192.0.2.1", "192.0.2.1"),
            (2, "203.0.113.5, 192.0.2.1, 10.0.0.1", "192.0.2.1"),
            (2, "192.0.2.1", "127.0.0.1"),  # it came past a proxy
            (1, "", "127.0.0.1"),
            (1, "rubbish", "127.0.0.1"),
            (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ],
    )
    def test_which_address_counts(self, proxies: int, sent: str, counted: str, settings: Settings, db: None) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        headers = {"x-forwarded-for": sent} if sent else {}
        request = Client().get("/accounts/login/", headers=headers).wsgi_request
        assert ratelimit.get_ip(request) == counted


class TestMails:
    """What can be made to leave for an address, by all who ask."""

    def test_codes_of_a_sign_up(self, db: None, wait: Wait) -> None:
        typed = {"company": "Kade BV", "email": "robin@kade.example", "password": PASSWORD}
        for _ in range(8):
            for _ in range(3):
                Client().post("/get-started/", typed)
            wait(10 * MINUTE)
        assert len(mail.outbox) == 20  # two limits of one kind count apart: 18 would have passed six in ten minutes

    def test_links_to_a_new_password(self, alice: User, wait: Wait) -> None:
        for _ in range(5):
            for _ in range(4):
                Client().post("/accounts/password/reset/", {"email": EMAIL})
            wait(10 * MINUTE)
        assert len(mail.outbox) == 10
