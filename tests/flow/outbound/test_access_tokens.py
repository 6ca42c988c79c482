"""Tokens: refreshed in time, once, and stored before use. A consent that ended stops the lane and makes an alert."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from connector.clients import errors
from connector.clients.transport import Transport
from connector.flow.clock import database_now
from connector.flow.outbound import access_tokens
from connector.models import ExactGrant
from tests.acme import Acme

TOKEN = "*/oauth2/token"


def source(acme: Acme) -> access_tokens.GrantTokens:
    return access_tokens.GrantTokens(
        acme.connection.division.grant_id, Transport(allow_insecure=True), lambda call: None
    )


def let_it_end(acme: Acme, *, exact_too: bool = True) -> None:
    """Let the access token expire on our side and, by default, on Exact's."""
    ExactGrant.objects.update(access_expires_at=database_now() - timedelta(seconds=1))
    if exact_too:
        acme.sandbox.exact.advance(600)


def test_a_token_with_life_left_costs_no_call(acme: Acme) -> None:
    before = acme.sandbox.exact.calls.count("POST", TOKEN)
    assert source(acme).token() == source(acme).token()
    assert acme.sandbox.exact.calls.count("POST", TOKEN) == before


class TestATokenThatIsKept:
    """A client asks for the token before each call. For ten seconds it looks at nothing."""

    @pytest.fixture
    def later(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
        now = database_now()

        def pass_seconds(seconds: float) -> None:
            monkeypatch.setattr(access_tokens, "database_now", lambda: now + timedelta(seconds=seconds))

        pass_seconds(0)
        return pass_seconds

    def test_a_consent_that_a_person_ends_is_used_ten_seconds_more_at_most(
        self, acme: Acme, later: Callable[[float], None]
    ) -> None:
        tokens = source(acme)
        kept = tokens.token()
        ExactGrant.objects.update(state="reconnect")
        later(9.9)
        assert tokens.token() == kept
        later(10)
        with pytest.raises(errors.Reconnect):
            tokens.token()

    def test_it_is_not_given_after_its_own_end(self, acme: Acme, later: Callable[[float], None]) -> None:
        ExactGrant.objects.update(access_expires_at=database_now() + timedelta(seconds=5))
        tokens = source(acme)
        kept = tokens.token()
        acme.sandbox.exact.advance(600)
        later(6)
        assert tokens.token() != kept

    def test_one_that_exact_refused_is_not_given_again(self, acme: Acme) -> None:
        tokens = source(acme)
        rejected = tokens.token()
        grant = ExactGrant.objects.get()
        grant.access_token = "of-another-process"
        grant.save()
        assert tokens.renew(rejected) == tokens.token() == "of-another-process"


def test_the_token_is_refreshed_15_seconds_before_its_ten_minutes_end(acme: Acme) -> None:
    grant = ExactGrant.objects.get()
    assert grant.access_expires_at is not None
    assert grant.refreshed_at is not None
    assert grant.access_expires_at - grant.refreshed_at == timedelta(seconds=585)


def test_the_new_pair_replaces_the_old_one_before_it_is_used(acme: Acme) -> None:
    old = ExactGrant.objects.get().refresh_token
    let_it_end(acme)
    token = source(acme).token()
    grant = ExactGrant.objects.get()
    assert grant.access_token == token
    assert grant.refresh_token != old


def test_too_early_keeps_the_present_token(acme: Acme) -> None:
    present = ExactGrant.objects.get().access_token
    let_it_end(acme, exact_too=False)
    assert source(acme).token() == present
    assert ExactGrant.objects.get().state == "active"


def test_a_401_in_the_middle_of_a_tokens_life_asks_once_and_leaves_its_end_where_it_was(acme: Acme) -> None:
    before = ExactGrant.objects.get()
    assert source(acme).renew(before.access_token) == before.access_token
    assert ExactGrant.objects.get().access_expires_at == before.access_expires_at
    assert acme.sandbox.exact.calls.count("POST", TOKEN) == 2  # the first was at provisioning


def test_a_process_that_waits_for_a_refresh_gets_the_new_pair_without_a_second_one(acme: Acme) -> None:
    rejected = ExactGrant.objects.get().access_token
    let_it_end(acme)
    first = source(acme).renew(rejected)
    calls = acme.sandbox.exact.calls.count("POST", TOKEN)
    assert source(acme).renew(rejected) == first
    assert acme.sandbox.exact.calls.count("POST", TOKEN) == calls


@pytest.mark.parametrize("kind", ["close_before", "500_before", "503_html", "apigee_500"])
def test_a_lost_answer_is_tried_once_more_with_the_stored_token(acme: Acme, kind: str) -> None:
    let_it_end(acme)
    acme.sandbox.exact.faults.add(kind, "POST", TOKEN)
    with pytest.raises(errors.ClientError):
        source(acme).token()
    assert ExactGrant.objects.get().state == "active"
    acme.make_due()
    assert source(acme).token()


@pytest.mark.parametrize("kind", ["429_minute", "500_before", "truncated"])
def test_exact_is_not_asked_for_a_token_again_at_once_when_it_gave_none(acme: Acme, kind: str) -> None:
    let_it_end(acme)
    acme.sandbox.exact.faults.add(kind, "POST", TOKEN, times=-1)
    calls = acme.sandbox.exact.calls.count("POST", TOKEN)
    for order in (1001, 1002, 1003):
        acme.ring(order)
    acme.drain()
    assert acme.sandbox.exact.calls.count("POST", TOKEN) == calls + 1
    assert {acme.document(order).state for order in (1001, 1002, 1003)} <= {"waiting", "pending"}
