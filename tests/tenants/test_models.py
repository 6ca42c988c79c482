"""Organisations and people: what is set of them, and which sessions are still theirs."""

from django.test import Client

from tenants.models import TENANT_SETTINGS, Tenant, User
from tests.tenants.test_last_owner import Browser, edit
from tests.tenants.world import World

PASSWORD = "open-sesame-7"


def test_what_is_set_of_an_organisation_is_a_setting_its_short_name_or_its_suspension() -> None:
    editable = {field.name for field in Tenant._meta.concrete_fields if field.editable and not field.primary_key}
    assert editable == {*TENANT_SETTINGS, "slug", "suspended"}


def test_switching_a_person_on_again_revives_no_session(browser: Browser, people: dict[str, User], acme: World) -> None:
    vera = Client()
    vera.post("/accounts/login/", {"login": "vera@acme.example", "password": PASSWORD})
    assert vera.get("/admin/").status_code == 200
    assert edit(browser("sue"), people["vera"]).status_code == 302
    for _ in range(2):  # saved once more while switched off
        assert edit(browser("sue"), people["vera"], is_active=True).status_code == 302
        assert vera.get("/admin/").status_code == 302
    vera.post("/accounts/login/", {"login": "vera@acme.example", "password": PASSWORD})
    assert vera.get("/admin/").status_code == 200
