"""Idle consents are refreshed in time, and people are warned when that fails."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from connector.flow import alerts, leases
from connector.flow.clock import database_now
from connector.flow.consent import keep_alive
from connector.flow.worker import sweep
from connector.models import Alert, ExactGrant
from tenants.fields import secret_fields
from tests.acme import Acme
from tests.consents import TOKEN, days_left, exact_is_down, grant_of, page


class TestWarnings:
    """At ten days and at three, once each, when the consent cannot prolong itself."""

    def test_each_threshold_warns_once(self, acme: Acme) -> None:
        exact_is_down(acme)
        days_left(11)
        sweep.sweep()
        assert not Alert.objects.exists()
        days_left(9.5)
        for _ in range(3):
            sweep.sweep()
        assert Alert.objects.get().cause.endswith(":10-days")
        days_left(2.5)
        for _ in range(3):
            sweep.sweep()
        (warning,) = Alert.objects.filter(closed_at=None)
        assert warning.cause.endswith(":3-days")
        assert warning.page == page(grant_of(acme))
        assert len(mail.outbox) == 2

    def test_a_refresh_closes_them(self, acme: Acme) -> None:
        exact_is_down(acme)
        days_left(2)
        sweep.sweep()
        assert Alert.objects.filter(closed_at=None).count() == 1
        acme.sandbox.exact.faults.clear()
        acme.sandbox.exact.advance(600)
        ExactGrant.objects.update(kept_alive_at=None, refresh_after=None)
        sweep.sweep()
        assert not Alert.objects.filter(closed_at=None).exists()

    def test_one_that_has_ended_is_only_reported_as_ended(self, acme: Acme) -> None:
        acme.sandbox.exact.expire_refresh_token()
        acme.sandbox.exact.advance(600)
        days_left(-1)
        sweep.sweep()
        assert grant_of(acme).state == "reconnect"
        assert Alert.objects.get().cause == alerts.about(grant_of(acme))

    @pytest.mark.usefixtures("one_reading")
    def test_when_all_is_well_a_sweep_looks_twice(self, acme: Acme, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(2):  # the old requests, the idle consents
            keep_alive.look_after()


class TestIdle:
    """A consent that nobody uses is refreshed before it ends."""

    def test_with_fewer_than_twenty_days_it_is_refreshed(self, acme: Acme) -> None:
        days_left(19.9)
        acme.sandbox.exact.advance(600)
        before = grant_of(acme).refresh_token
        sweep.sweep()
        after = grant_of(acme)
        assert after.refresh_token != before
        assert after.refresh_expires_at
        assert after.refresh_expires_at > database_now() + timedelta(days=29)

    def test_with_more_it_is_not(self, acme: Acme) -> None:
        days_left(20.1)
        calls = acme.sandbox.exact.calls.count("POST", TOKEN)
        sweep.sweep()
        assert acme.sandbox.exact.calls.count("POST", TOKEN) == calls

    def test_a_sweep_refreshes_one(self, acme: Acme) -> None:
        days_left(15)
        acme.sandbox.exact.advance(600)
        grant = grant_of(acme)
        for name in (field.name for field in secret_fields(ExactGrant)):
            setattr(grant, name, getattr(grant, name))  # each is bound to its row, until it is used
        grant.pk, grant.name = None, "Second"
        grant.refresh_token = acme.sandbox.exact.issue_refresh_token(grant.client_id)
        grant.save()
        calls = acme.sandbox.exact.calls.count("POST", TOKEN)
        for number in (1, 2, 2):
            sweep.sweep()
            assert acme.sandbox.exact.calls.count("POST", TOKEN) <= calls + number
        soon = database_now() + timedelta(days=20)
        assert not ExactGrant.objects.filter(refresh_expires_at__lt=soon).exists()

    def test_one_that_fails_is_tried_again_after_an_hour(self, acme: Acme) -> None:
        exact_is_down(acme)
        days_left(15)
        calls = acme.sandbox.exact.calls.count("POST", TOKEN)
        for _ in range(3):
            sweep.sweep()
        assert acme.sandbox.exact.calls.count("POST", TOKEN) == calls + 1
        ExactGrant.objects.update(kept_alive_at=database_now() - timedelta(minutes=61), refresh_after=None)
        sweep.sweep()
        assert acme.sandbox.exact.calls.count("POST", TOKEN) == calls + 2

    def test_nothing_waits_for_the_holder_of_the_lease(self, acme: Acme) -> None:
        days_left(15)
        assert leases.acquire(ExactGrant, grant_of(acme).pk)
        sweep.sweep()
        assert grant_of(acme).state == "active"
