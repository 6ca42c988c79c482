"""Ended credentials: everything that needs them waits, and one alert says so."""

from django.core import mail

from connector.models import Alert, ExactGrant
from tests.acme import Acme
from tests.flow.outbound.test_access_tokens import TOKEN, let_it_end


def test_a_pair_that_is_lost_for_good_ends_in_reconnect_with_one_alert_and_one_mail(acme: Acme) -> None:
    let_it_end(acme)
    acme.sandbox.exact.faults.add("close_after", "POST", TOKEN)
    acme.ring(1001)
    acme.drain()
    acme.make_due()
    acme.drain()
    acme.ring(1017)
    acme.drain()
    assert ExactGrant.objects.get().state == "reconnect"
    assert Alert.objects.count() == 1
    assert len(mail.outbox) == 1
    assert {acme.document(1001).state, acme.document(1017).state} <= {"waiting", "pending"}
    assert acme.invoices() == []


def test_nothing_is_attempted_while_a_consent_is_dead_and_all_flows_when_it_is_renewed(acme: Acme) -> None:
    acme.sandbox.exact.revoke()
    let_it_end(acme)
    acme.ring(1001)
    acme.drain()
    calls = acme.exact_calls("*"), acme.store_calls()
    acme.ring(1017)
    acme.make_due()
    acme.drain()
    assert (acme.exact_calls("*"), acme.store_calls()) == calls
    renewed = {**acme.file, "exact": [{**acme.file["exact"][0]}]}
    renewed["exact"][0]["refresh_token"] = acme.sandbox.exact.issue_refresh_token()
    acme.provision(renewed)
    acme.drain()
    assert acme.document(1001).state == acme.document(1017).state == "posted"
    assert not Alert.objects.filter(closed_at=None).exists()


def test_a_store_that_refuses_our_token_stops_with_one_alert(acme: Acme) -> None:
    acme.sandbox.stores.faults.add("401", "GET", "*orders*", times=-1)
    acme.ring(1001)
    acme.ring(1017)
    acme.drain()
    acme.store.refresh_from_db()
    assert acme.store.state == "reconnect"
    assert Alert.objects.count() == 1
    assert acme.store_calls("*orders/1*") == 1


def test_no_token_stands_in_an_alert(acme: Acme) -> None:
    test_a_pair_that_is_lost_for_good_ends_in_reconnect_with_one_alert_and_one_mail(acme)
    grant = ExactGrant.objects.get()
    text = Alert.objects.get().text + mail.outbox[0].body
    assert grant.refresh_token not in text
    assert grant.client_secret not in text
