"""Connect to Exact over the sandbox's own pages, and every way in which it must fail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from connector.clients import errors
from connector.flow.clock import database_now
from connector.flow.consent import keep_alive
from connector.flow.outbound import reconnect
from connector.models import Alert, ConsentRequest, ExactGrant, MasterData, SyncEvent
from tenants.models import Tenant
from tests.acme import Acme
from tests.admin.consent_at_exact import after_user, agree, exchanges, go_and_return, page, press_connect, state_in
from tests.consents import grant_of
from tests.factories import TenantFactory

CALLBACK = "/oauth/exact/callback/"
Member = Callable[[str, Tenant], Client]


def pair(grant: ExactGrant) -> tuple[str, str]:
    return grant.access_token, grant.refresh_token


class TestThereAndBack:
    """A consent that works."""

    def test_a_new_grant_is_added_connected_and_its_divisions_picked(self, acme: Acme, owner: Client) -> None:
        given = acme.file["exact"][0]
        form = {"name": "Second", "region": "nl", "client_id": given["client_id"]}
        added = owner.post(
            reverse("admin:connector_exactgrant_add"), form | {"new_client_secret": given["client_secret"]}
        )
        assert added.status_code == 302
        grant = ExactGrant.objects.get(name="Second")
        assert (grant.tenant, grant.state) == (acme.store.tenant, "reconnect")
        assert grant.client_secret == given["client_secret"]
        back = go_and_return(owner, grant)
        assert back.status_code == 302
        assert back["Location"] == page("divisions", grant)
        grant.refresh_from_db()
        assert (grant.state, grant.consented_by) == ("active", "owner@demo.example")
        assert (grant.exact_user_name, len(grant.exact_user_id)) == ("Robin Zandbak", 36)
        shown = owner.get(page("divisions", grant)).content.decode()
        assert all(str(code) in shown for code in (100001, 200002, 300003))
        answer = owner.post(page("divisions", grant), {"use": "1", "division": ["200002", "300003"]})
        assert answer["Location"] == page("change", grant)
        used = {division.code: division for division in grant.divisions.all()}
        assert set(used) == {200002, 300003}
        assert (used[200002].country, used[200002].currency) == ("FR", "EUR")
        assert MasterData.objects.filter(division=used[200002], kind="gl_account").exists()
        assert all(division.master_data_at for division in used.values())

    def test_a_code_in_percents_is_decoded_once_and_exchanged_once(self, acme: Acme, owner: Client) -> None:
        before = exchanges(acme)
        back = agree(press_connect(owner, grant_of(acme)))
        assert "%21" in back
        assert owner.get(back).status_code == 302
        assert exchanges(acme) == before + 1

    def test_the_same_user_connects_again_without_a_question(self, acme: Acme, owner: Client) -> None:
        grant = grant_of(acme)
        reconnect.mark_reconnect(grant, errors.Reconnect("It was withdrawn."))
        assert Alert.objects.filter(closed_at=None).count() == 1
        assert go_and_return(owner, grant)["Location"] == page("change", grant)
        after = grant_of(acme)
        assert after.state == "active"
        assert pair(after) != pair(grant)
        assert not Alert.objects.filter(closed_at=None).exists()
        assert not ConsentRequest.objects.exclude(pair="").exists()
        event = SyncEvent.objects.filter(kind="action").get()
        assert (event.text, event.actor) == ("Connected Exact sandbox to Exact as Robin Zandbak.", after_user(owner))

    def test_what_waited_for_the_consent_is_posted(self, acme: Acme, owner: Client) -> None:
        acme.sandbox.exact.revoke()
        ExactGrant.objects.update(access_expires_at=database_now() - timedelta(seconds=1))
        acme.sandbox.exact.advance(600)
        acme.ring(1001)
        acme.drain()
        assert grant_of(acme).state == "reconnect"
        go_and_return(owner, grant_of(acme))
        acme.drain()
        assert acme.document(1001).state == "posted"

    def test_a_failure_of_the_old_consent_does_not_end_the_new_one(self, acme: Acme, owner: Client) -> None:
        old = grant_of(acme)
        go_and_return(owner, old)
        reconnect.mark_reconnect(old, errors.Reconnect("It came late."))
        assert grant_of(acme).state == "active"
        assert not Alert.objects.exists()

    def test_the_state_and_the_session_are_kept_as_hashes_only(self, acme: Acme, owner: Client) -> None:
        state = state_in(press_connect(owner, grant_of(acme)))
        kept = str(ConsentRequest.objects.values().get())
        assert state not in kept
        assert str(owner.session.session_key) not in kept


@pytest.mark.usefixtures("no_exchange")
class TestRefusals:
    """Nothing is exchanged, and the grant stays as it was."""

    def test_ten_minutes(self, acme: Acme, owner: Client) -> None:
        press_connect(owner, grant_of(acme))
        left = ConsentRequest.objects.get().expires_at - database_now()
        assert timedelta(minutes=9, seconds=50) < left <= timedelta(minutes=10)

    def test_only_a_post_sets_out(self, acme: Acme, owner: Client) -> None:
        assert owner.get(page("connect", grant_of(acme))).status_code == 405
        assert not ConsentRequest.objects.exists()

    def test_a_post_without_the_csrf_token_does_not(self, acme: Acme, owner: Client) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(after_user(owner))
        assert strict.post(page("connect", grant_of(acme))).status_code == 403

    @pytest.mark.parametrize("role", ["accountant", "operator", "viewer"])
    @pytest.mark.parametrize("name", ["connect", "confirm", "divisions"])
    def test_other_roles(self, name: str, role: str, acme: Acme, member: Member) -> None:
        client = member(role, acme.store.tenant)
        assert client.post(page(name, grant_of(acme))).status_code == 403
        assert "Connect to Exact" not in client.get(page("change", grant_of(acme))).content.decode()
        assert client.get(reverse("admin:connector_exactgrant_add")).status_code == 403

    @pytest.mark.parametrize("name", ["connect", "confirm", "divisions"])
    def test_outsiders(self, name: str, acme: Acme, member: Member) -> None:
        outsider = member("owner", TenantFactory.create())
        assert outsider.post(page(name, grant_of(acme))).status_code == 404
        assert Client().post(page(name, grant_of(acme))).status_code == 302

    def test_without_a_public_address(self, acme: Acme, owner: Client, settings: Any) -> None:
        settings.PUBLIC_URL = ""
        answer = owner.post(page("connect", grant_of(acme)), follow=True)
        assert "PUBLIC_URL is not set" in answer.content.decode()


def use_it(client: Client, grant: ExactGrant, decision: str = "use") -> None:
    undecided = ConsentRequest.objects.exclude(pair="").order_by("-pk")[0]
    answer = client.post(page("confirm", grant), {"request": undecided.pk, "decision": decision})
    assert answer.status_code == 302


class TestConfirmation:
    """A consent that differs waits for the owner; the present one stays in use."""

    @pytest.fixture
    def by_another(self, acme: Acme) -> ExactGrant:
        ExactGrant.objects.update(exact_user_id="00000000-0000-0000-0000-000000000001", exact_user_name="Sam Eerder")
        return grant_of(acme)

    def test_another_exact_user(self, acme: Acme, owner: Client, by_another: ExactGrant) -> None:
        assert go_and_return(owner, by_another)["Location"] == page("confirm", by_another)
        assert pair(grant_of(acme)) == pair(by_another)
        shown = owner.get(page("confirm", by_another)).content.decode()
        assert "Robin Zandbak" in shown
        assert "Sam Eerder" in shown
        assert "Use it or refuse it" in owner.get(page("change", by_another)).content.decode()
        acme.ring(1001)
        use_it(owner, by_another)
        after = grant_of(acme)
        assert pair(after) != pair(by_another)
        assert after.exact_user_name == "Robin Zandbak"
        acme.drain()
        assert acme.document(1001).state == "posted"

    def test_a_present_one_that_is_dead_is_called_so(self, acme: Acme, owner: Client, by_another: ExactGrant) -> None:
        go_and_return(owner, by_another)
        assert "goes on with the present consent" in owner.get(page("confirm", by_another)).content.decode()
        ExactGrant.objects.update(state="reconnect")
        assert "no longer works. Orders wait" in owner.get(page("confirm", by_another)).content.decode()

    def test_the_present_one_stays_after_a_refusal(self, acme: Acme, owner: Client, by_another: ExactGrant) -> None:
        go_and_return(owner, by_another)
        use_it(owner, by_another, "drop")
        assert not ConsentRequest.objects.exclude(pair="").exists()
        assert pair(grant_of(acme)) == pair(by_another)
        ExactGrant.objects.update(access_expires_at=database_now() - timedelta(seconds=1))
        acme.sandbox.exact.advance(600)
        acme.ring(1001)
        acme.drain()
        assert acme.document(1001).state == "posted"

    def test_without_the_division_in_use(self, acme: Acme, owner: Client) -> None:
        grant = grant_of(acme)
        assert go_and_return(owner, grant, "200002,300003")["Location"] == page("confirm", grant)
        assert pair(grant_of(acme)) == pair(grant)
        shown = owner.get(page("confirm", grant)).content.decode()
        assert "does not reach division 100001" in shown
        request = ConsentRequest.objects.latest("id")
        assert [each["code"] for each in request.concerns] == ["division_out_of_reach"]
        listed = owner.get(reverse("admin:connector_consentrequest_change", args=[request.pk])).content.decode()
        assert "does not reach division 100001" in listed
        use_it(owner, grant)
        assert [row["code"] for row in grant_of(acme).reachable] == [200002, 300003]

    def test_what_cannot_be_checked_is_asked(self, acme: Acme, owner: Client) -> None:
        back = agree(press_connect(owner, grant_of(acme)))
        acme.sandbox.exact.faults.add("500_before", "GET", "*/system/Divisions*")
        assert owner.get(back)["Location"] == page("confirm", grant_of(acme))
        assert "could not be asked" in owner.get(page("confirm", grant_of(acme))).content.decode()

    def test_it_is_confirmed_once_and_by_who_began_it(
        self, acme: Acme, owner: Client, member: Member, by_another: ExactGrant
    ) -> None:
        go_and_return(owner, by_another)
        number = ConsentRequest.objects.get().pk
        posted = {"request": number, "decision": "use"}
        member("owner", acme.store.tenant).post(page("confirm", by_another), posted)
        assert pair(grant_of(acme)) == pair(by_another)
        owner.post(page("confirm", by_another), posted)
        after = pair(grant_of(acme))
        assert "decided on already" in owner.post(page("confirm", by_another), posted, follow=True).content.decode()
        assert pair(grant_of(acme)) == after

    def test_of_two_that_wait_the_confirmed_one_counts(self, acme: Acme, owner: Client, by_another: ExactGrant) -> None:
        go_and_return(owner, by_another)
        go_and_return(owner, by_another)
        first, second = ConsentRequest.objects.order_by("pk")
        owner.post(page("confirm", by_another), {"request": second.pk, "decision": "use"})
        after = pair(grant_of(acme))
        owner.post(page("confirm", by_another), {"request": first.pk, "decision": "use"})
        assert pair(grant_of(acme)) == after

    def test_one_without_a_decision_is_deleted(self, acme: Acme, owner: Client, by_another: ExactGrant) -> None:
        go_and_return(owner, by_another)
        ConsentRequest.objects.update(expires_at=database_now() - timedelta(hours=25))
        keep_alive.look_after()
        assert not ConsentRequest.objects.exists()

    def test_the_kept_pair_is_encrypted_and_on_no_page(self, acme: Acme, owner: Client, by_another: ExactGrant) -> None:
        go_and_return(owner, by_another)
        kept = ConsentRequest.objects.get()
        assert "refresh_token" in kept.pair
        for address in (
            page("confirm", by_another),
            page("change", by_another),
            reverse("admin:connector_consentrequest_change", args=[kept.pk]),
        ):
            assert "stampNL001" not in owner.get(address).content.decode()
