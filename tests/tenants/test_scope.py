"""Logging in, and the one tenant that is open in a session."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from connector.models import Store
from tenants.models import Membership, Role, User
from tests.tenants.world import World, logged_in

Browser = Callable[[str], Client]
STORES = "/admin/connector/store/"


def log_in(email: str, password: str = "open-sesame-7") -> tuple[Client, str]:
    """Log in by the form; returns the browser and what the page then says, "" when let in."""
    client = Client()
    typed = {"login": email, "password": password, "next": "/admin/"}
    answer = client.post(reverse("account_login"), typed, follow=True)
    return client, "" if answer.request["PATH_INFO"] == "/admin/" else answer.content.decode()


def listed(client: Client) -> list[Store]:
    """The stores that the list shows."""
    return list(client.get(STORES).context["cl"].result_list)


class TestLogIn:
    """The log-in page."""

    @pytest.mark.parametrize("email", ["vera@acme.example", "VERA@acme.example", "sue@platform.example"])
    def test_members_and_superusers_come_in(self, email: str, acme: World) -> None:
        client, complaint = log_in(email)
        assert complaint == ""
        assert client.get("/admin/").status_code == 200

    def test_a_person_without_an_organisation_sees_a_message(self, people: dict[str, User]) -> None:
        assert "do not belong to an organisation" in log_in("nobody@nowhere.example")[1]
        assert logged_in(people["nobody"]).get("/admin/").status_code == 302

    def test_who_is_switched_off_stays_out(self, people: dict[str, User], acme: World) -> None:
        client = logged_in(people["vera"])
        assert client.get("/admin/").status_code == 200
        User.objects.filter(email="vera@acme.example").update(is_active=False)
        assert client.get("/admin/").status_code == 302
        assert log_in("vera@acme.example")[1]

    def test_a_wrong_password_says_nothing_about_membership(self, people: dict[str, User]) -> None:
        assert "belong" not in log_in("nobody@nowhere.example", "wrong")[1]

    def test_the_form_asks_for_an_e_mail_address(self, db: None) -> None:
        answer = Client().get("/admin/connector/store/", follow=True)
        assert answer.request["PATH_INFO"] == "/accounts/login/"
        assert answer.context["redirect_field_value"] == "/admin/connector/store/"
        assert "E-mail" in answer.content.decode()

    def test_the_front_page_leads_there(self, db: None) -> None:
        page = Client().get("/").content.decode()
        assert 'href="/accounts/login/"' in page
        assert "http://" not in page
        assert "https://" not in page


class TestChoice:
    """The tenant switch."""

    @pytest.fixture
    def both(self, people: dict[str, User], acme: World, rival: World) -> Client:
        """Alice, who is also a viewer of Charlie's organisation."""
        Membership.objects.create(user=people["alice"], tenant=rival.tenant, role=Role.VIEWER)
        return logged_in(people["alice"])

    def test_of_several_none_is_open_until_one_is_chosen(self, both: Client, acme: World, rival: World) -> None:
        assert both.get(STORES).status_code == 403
        assert "Choose one above" in both.get("/admin/").content.decode()
        assert both.post("/admin/tenant/", {"tenant": rival.tenant.pk}).headers["Location"] == "/admin/"
        assert listed(both) == [rival.of(Store)]

    def test_the_role_is_the_one_in_the_open_tenant(self, both: Client, acme: World, rival: World) -> None:
        posted = {"name": "Renamed", "webhook_auth": "either", "client_id": "api-account"}
        for world, status in ((rival, 403), (acme, 302)):
            both.post("/admin/tenant/", {"tenant": world.tenant.pk})
            address = reverse("admin:connector_store_change", args=[world.of(Store).pk])
            assert both.post(address, posted).status_code == status

    def test_every_page_has_the_switch(self, both: Client, acme: World, rival: World) -> None:
        both.post("/admin/tenant/", {"tenant": rival.tenant.pk})
        change = reverse("admin:connector_store_change", args=[rival.of(Store).pk])
        for address in ("/admin/", STORES, change):
            page = both.get(address).content.decode()
            assert f'<option value="{rival.tenant.pk}" selected>{rival.tenant.name}</option>' in page, address
            assert f'<option value="{acme.tenant.pk}">{acme.tenant.name}</option>' in page, address

    def test_a_membership_that_ends_ends_at_once(self, both: Client, acme: World, rival: World) -> None:
        both.post("/admin/tenant/", {"tenant": rival.tenant.pk})
        rival.tenant.memberships.filter(role=Role.VIEWER).delete()
        assert listed(both) == [acme.of(Store)]

    @pytest.mark.parametrize("tenant", ["", "0", "x", "-1", "²", "99999999999999999999"])
    def test_what_is_no_tenant_is_not_found(self, tenant: str, browser: Browser) -> None:
        assert browser("alice").post("/admin/tenant/", {"tenant": tenant}).status_code == 404

    def test_anothers_tenant_is_not_found(self, browser: Browser, rival: World) -> None:
        for name in ("alice", "vera"):
            client = browser(name)
            assert client.post("/admin/tenant/", {"tenant": rival.tenant.pk}).status_code == 404
            assert client.session["tenant_id"] != rival.tenant.pk

    def test_it_is_changed_by_posting_only(self, browser: Browser, acme: World) -> None:
        assert browser("sue").get("/admin/tenant/", {"tenant": acme.tenant.pk}).status_code == 405
        checked = Client(enforce_csrf_checks=True)
        checked.force_login(User.objects.get(email="sue@platform.example"))
        assert checked.post("/admin/tenant/", {"tenant": acme.tenant.pk}).status_code == 403

    def test_a_superuser_chooses_any_and_lets_go(self, browser: Browser, acme: World, rival: World) -> None:
        client = browser("sue")
        client.post("/admin/tenant/", {"tenant": rival.tenant.pk})
        assert listed(client) == [rival.of(Store)]
        client.post("/admin/tenant/", {"tenant": ""})
        assert listed(client) == [acme.of(Store), rival.of(Store)]
        assert client.post("/admin/tenant/", {"tenant": "99999999999999999999"}).status_code == 404

    def test_one_open_tenant_costs_no_more_on_a_page_than_two_questions(
        self, browser: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = browser("vera")
        client.get(STORES)
        with django_assert_max_num_queries(6):
            assert client.get(STORES).status_code == 200
