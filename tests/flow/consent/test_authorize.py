"""The code of a consent is exchanged for its tokens once, whatever fails on the way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from connector.flow import leases
from connector.flow.consent import authorize
from connector.models import ConsentRequest, ExactGrant
from tenants.models import Tenant
from tests.acme import Acme
from tests.admin.consent_at_exact import agree, go_and_return, page, press_connect, state_in
from tests.consents import TOKEN, grant_of

CALLBACK = "/oauth/exact/callback/"
Member = Callable[[str, Tenant], Client]


def exchanges(acme: Acme) -> int:
    return acme.sandbox.exact.calls.count("POST", TOKEN)


def pair(grant: ExactGrant) -> tuple[str, str]:
    return grant.access_token, grant.refresh_token


def refused(answer: Any, status: int, text: str) -> None:
    assert answer.status_code == status
    assert text in answer.content.decode()
    assert "Connect to Exact again" in answer.content.decode()


def use_it(client: Client, grant: ExactGrant, decision: str = "use") -> None:
    undecided = ConsentRequest.objects.exclude(pair="").order_by("-pk")[0]
    answer = client.post(page("confirm", grant), {"request": undecided.pk, "decision": decision})
    assert answer.status_code == 302


class TestExchange:
    """The errors between the code and the tokens."""

    def test_a_code_counts_once(self, acme: Acme, owner: Client) -> None:
        back = agree(press_connect(owner, grant_of(acme)))
        owner.get(back)
        before, calls = pair(grant_of(acme)), exchanges(acme)
        refused(owner.get(back), 400, "used already")
        assert pair(grant_of(acme)) == before
        assert exchanges(acme) == calls

    @pytest.mark.parametrize("kind", ["close_before", "close_after", "500_before", "503_html", "apigee_500"])
    def test_a_lost_answer_is_not_asked_for_again(self, kind: str, acme: Acme, owner: Client) -> None:
        before, calls = pair(grant_of(acme)), exchanges(acme)
        back = agree(press_connect(owner, grant_of(acme)))
        acme.sandbox.exact.faults.add(kind, "POST", TOKEN)
        refused(owner.get(back), 400, "did not arrive")
        assert exchanges(acme) == calls + 1
        assert pair(grant_of(acme)) == before

    def test_a_made_up_code(self, acme: Acme, owner: Client) -> None:
        state = state_in(press_connect(owner, grant_of(acme)))
        answer = owner.get(f"{CALLBACK}?state={state}&code=made-up")
        refused(answer, 400, "did not take its own code back")
        assert "invalid_grant" not in answer.content.decode()

    def test_when_the_grant_is_busy_the_pair_is_kept_until_it_is_not(
        self, acme: Acme, owner: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(authorize, "PATIENCE_SECONDS", 0.0)
        grant = grant_of(acme)
        lease = leases.acquire(ExactGrant, grant.pk)
        assert lease
        assert go_and_return(owner, grant)["Location"] == page("confirm", grant)
        assert pair(grant_of(acme)) == pair(grant)
        assert "Press Use it to go on" in owner.get(page("confirm", grant)).content.decode()
        leases.release(lease)
        use_it(owner, grant)
        assert pair(grant_of(acme)) != pair(grant)
