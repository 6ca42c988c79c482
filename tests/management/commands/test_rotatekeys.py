"""`rotatekeys` beside people and orders: sessions live on, and what is in flight is posted."""

from io import StringIO

from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from connector.flow.worker import sweep
from connector.models import Division, Store
from tenants.models import User
from tests.acme import Acme


def rotate() -> str:
    out = StringIO()
    call_command("rotatekeys", stdout=out)
    return out.getvalue().strip()


def test_sessions_outlive_the_secret_key(client: Client, db: None, settings: Settings) -> None:
    user = User.objects.create_superuser("root@acme.example", "a-long-password")
    client.force_login(user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-another-secret-key-another-secret-key-0123456789"
    assert client.get(reverse("admin:index")).status_code == 200


def test_orders_in_flight_are_posted_across_a_rotation(acme: Acme, settings: Settings) -> None:
    acme.ring(1001)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-another-secret-key-another-secret-key-0123456789"
    settings.SALT_KEY = ["new-salt", *settings.SALT_KEY]
    rotate()
    acme.store = Store.objects.get()
    acme.ring(1002)
    Division.objects.update(woken_at=None)
    assert sweep.sweep() == 1  # a wake-up that the old key signed is replaced
    acme.drain()
    assert {acme.document(n).state for n in (1001, 1002)} == {"posted"}
