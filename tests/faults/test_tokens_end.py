"""Faults of tokens: the grant works in the end or is in `reconnect` with one alert, and every order posts once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.core import mail
from django.db import connection
from pytest_django.fixtures import Settings

from connector.clients import errors
from connector.clients.transport import Transport
from connector.flow.clock import database_now
from connector.flow.outbound import access_tokens
from connector.models import Alert, ExactGrant, OrderSync
from tenants.fields import sealed_for
from tests.acme import Acme
from tests.faults.setup.simulation import Simulation

TOKEN = "*/oauth2/token"
WORKERS = 20


def the_answer_is_lost_before(simulation: Simulation) -> None:
    simulation.sandbox.exact.faults.add("close_before", "POST", TOKEN)


def the_answer_is_lost_after(simulation: Simulation) -> None:
    simulation.sandbox.exact.faults.add("close_after", "POST", TOKEN)


def a_worker_dies_between_answer_and_store(simulation: Simulation) -> None:
    simulation.work("refresh_before_store:kill")


def a_worker_dies_after_the_store(simulation: Simulation) -> None:
    simulation.work("refresh_stored:kill")


def an_old_token_comes_back(simulation: Simulation) -> None:
    old = ExactGrant.objects.values_list("refresh_token", flat=True).get()
    simulation.work()
    simulation.clock.advance(600)
    ExactGrant.objects.update(refresh_token=old, access_token="", access_expires_at=None)
    OrderSync.objects.all().delete()
    simulation.sandbox.exact.divisions[100001].table("salesinvoice/SalesInvoices").clear()
    simulation.deliver(1001)


def thirty_days_pass(simulation: Simulation) -> None:
    simulation.clock.advance(31 * 24 * 3600)


def the_app_is_withdrawn(simulation: Simulation) -> None:
    simulation.sandbox.exact.revoke()


def the_token_is_of_another_region(simulation: Simulation) -> None:
    elsewhere = sealed_for(ExactGrant.objects.get(), "refresh_token", "stampBE001.issued-elsewhere")
    ExactGrant.objects.update(refresh_token=elsewhere)


USABLE = [the_answer_is_lost_before, a_worker_dies_after_the_store]
ENDED = [
    the_answer_is_lost_after,
    a_worker_dies_between_answer_and_store,
    an_old_token_comes_back,
    thirty_days_pass,
    the_app_is_withdrawn,
    the_token_is_of_another_region,
]
Trouble = Callable[[Simulation], None]


@pytest.mark.parametrize("trouble", USABLE)
def test_it_ends_in_a_usable_token(trouble: Trouble, simulation: Simulation) -> None:
    simulation.deliver(1001)
    simulation.clock.advance(600)
    trouble(simulation)
    simulation.until_quiet()
    assert ExactGrant.objects.get().state == "active"
    assert not Alert.objects.exists()
    assert simulation.acme.document(1001).state == "posted"
    assert simulation.breaches(struck=1) == []


@pytest.mark.parametrize("trouble", ENDED)
def test_it_ends_in_reconnect_with_one_alert_and_all_posts_once_when_it_is_renewed(
    trouble: Trouble, simulation: Simulation
) -> None:
    simulation.deliver(1001)
    simulation.clock.advance(600)
    trouble(simulation)
    simulation.until_quiet()
    simulation.deliver(1017)
    simulation.until_quiet()
    assert ExactGrant.objects.get().state == "reconnect"
    assert Alert.objects.count() == len(mail.outbox) == 1
    assert set(OrderSync.objects.values_list("state", flat=True)) <= {"pending", "waiting"}
    assert simulation.acme.invoices() == []
    simulation.consent_again()
    simulation.until_quiet()
    assert set(OrderSync.objects.values_list("state", flat=True)) == {"posted"}
    assert simulation.breaches(struck=1) == []


def test_a_refresh_that_takes_half_a_minute_does_not_count_as_settled_time(simulation: Simulation) -> None:
    simulation.deliver(1001)
    simulation.until_quiet()
    simulation.clock.advance(600)
    simulation.deliver(1002)  # the same customer, so the first call creates the invoice and needs a new token
    simulation.while_asleep = lambda: simulation.clock.advance(30)
    simulation.work("refresh_before_store:hang")
    document = simulation.acme.document(1002)
    (intent,) = document.events.filter(text__startswith="About to create")
    assert document.sent_at
    assert document.events.filter(text__startswith="Sent only now", pk__gt=intent.pk).count() == 1
    assert document.state == "posted"


@pytest.mark.parametrize(("region", "host"), [("nl", "start.exactonline.nl"), ("uk", "start.exactonline.co.uk")])
def test_a_token_is_asked_of_its_own_region_only(region: str, host: str, settings: Settings) -> None:
    settings.EXACT_ONLINE_URL = ""
    assert access_tokens.exact_base_url(region) == f"https://{host}"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory admits no workers at once")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["", "delay"])
def test_twenty_workers_at_once_make_one_refresh(kind: str, acme: Acme) -> None:
    acme.sandbox.exact.advance(600)
    ExactGrant.objects.update(access_expires_at=database_now())
    before = ExactGrant.objects.get()
    acme.sandbox.exact.calls.clear()
    if kind:
        acme.sandbox.exact.faults.add(kind, "POST", TOKEN, seconds=1.5)
    with ThreadPoolExecutor(WORKERS) as pool:
        had = set(pool.map(ask, [before.pk] * WORKERS))
    after = ExactGrant.objects.get()
    assert had == {after.access_token}
    assert after.access_token != before.access_token
    assert acme.sandbox.exact.calls.count("POST", TOKEN) == 1


def ask(grant: int) -> str:
    """The first call of a worker: it needs a token, and asks again when the holder of the lease got none."""
    try:
        source = access_tokens.GrantTokens(grant, Transport(allow_insecure=True), lambda call: None)
        with suppress(errors.Unavailable):
            return source.token()
        return source.token()
    finally:
        connection.close()
