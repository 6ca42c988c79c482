"""The way back from Exact: only the person who set out is taken in, once, in time and in the same browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from connector.flow.clock import database_now
from connector.models import ConsentRequest
from tenants.models import Tenant
from tests.acme import Acme
from tests.admin.consent_at_exact import after_user, agree, press_connect, state_in
from tests.consents import grant_of
from tests.factories import TenantFactory

CALLBACK = "/oauth/exact/callback/"
Member = Callable[[str, Tenant], Client]


def refused(answer: Any, status: int, text: str) -> None:
    assert answer.status_code == status
    assert text in answer.content.decode()
    assert "Connect to Exact again" in answer.content.decode()


@pytest.mark.usefixtures("no_exchange")
class TestRefusals:
    """Nothing is exchanged, and the grant stays as it was."""

    @pytest.mark.parametrize(
        "query", ["", "?code=x", "?state=&code=x", "?state=nobodys&code=x", "?state=%00%ff&code=x"]
    )
    def test_an_unknown_state(self, query: str, owner: Client) -> None:
        refused(owner.get(CALLBACK + query), 400, "belongs to no consent")

    def test_another_person(self, acme: Acme, owner: Client, member: Member) -> None:
        back = agree(press_connect(owner, grant_of(acme)))
        refused(member("owner", acme.store.tenant).get(back), 403, "another person")

    def test_another_session_of_the_same_person(self, acme: Acme, owner: Client) -> None:
        back = agree(press_connect(owner, grant_of(acme)))
        other = Client()
        other.force_login(after_user(owner))
        refused(other.get(back), 403, "another browser")

    def test_nobody(self, acme: Acme, owner: Client) -> None:
        refused(Client().get(agree(press_connect(owner, grant_of(acme)))), 403, "not logged in")

    def test_another_organisation_chosen_since(self, acme: Acme, owner: Client) -> None:
        back = agree(press_connect(owner, grant_of(acme)))
        other = TenantFactory.create()
        after_user(owner).memberships.create(tenant=other, role="owner")
        owner.post("/admin/tenant/", {"tenant": other.pk})
        refused(owner.get(back), 403, "not the one chosen now")

    def test_no_owner_any_more(self, acme: Acme, owner: Client) -> None:
        back = agree(press_connect(owner, grant_of(acme)))
        after_user(owner).memberships.update(role="viewer")
        refused(owner.get(back), 403, "not the one chosen now")

    def test_too_late(self, acme: Acme, owner: Client) -> None:
        back = agree(press_connect(owner, grant_of(acme)))
        ConsentRequest.objects.update(expires_at=database_now() - timedelta(seconds=1))
        refused(owner.get(back), 400, "More than ten minutes")

    def test_what_exact_says_is_not_shown(self, acme: Acme, owner: Client) -> None:
        state = state_in(press_connect(owner, grant_of(acme)))
        said = f"?state={state}&error=access_denied&error_description=Call+0900-SCAM+now&code=x"
        answer = owner.get(CALLBACK + said)
        refused(answer, 400, "Exact gave no access")
        assert "SCAM" not in answer.content.decode()
        assert "access_denied" not in answer.content.decode()
        refused(owner.get(f"{CALLBACK}?state={state}&code=x"), 400, "used already")
