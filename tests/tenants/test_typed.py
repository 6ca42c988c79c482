"""Names stand on one line and addresses fit their columns, wherever they are typed, and in the database."""

from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from connector.flow import alerts
from connector.flow.setup.provision.read_file import read_file
from connector.flow.setup.provision.schema import Refused
from connector.models import ExactGrant, Store
from connector.problems.alerts import AlertCode, alert_text
from tenants.accounts.models import SignUp
from tenants.models import Membership, Tenant, User
from tenants.typed import on_one_line, validate_address, validate_name
from tests.factories import ExactGrantFactory, StoreFactory, TenantFactory, UserFactory
from tests.tenants.test_roles import change
from tests.tenants.world import World, logged_in

Browser = Callable[[str], Client]
ODD = [
    "Acme\nBV",
    "Acme\rBcc: x@y.example",
    "Acme\tBV",
    "Acme\x00",
    "Acme\x7f",
    "Acme\u2028BV",
    "Acme\u202eVB",
    "A\ud800",
]
LONG = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 53}.example"
TENANT = {"name": "Acme", "timezone": "Europe/Paris", "alert_emails": "[]"}


@pytest.mark.parametrize("name", ODD)
def test_a_name_has_no_control_character(name: str) -> None:
    with pytest.raises(ValidationError, match="on one line"):
        validate_name(name)
    validate_name(on_one_line(name))


@pytest.mark.parametrize("name", ["Acmé & Zn. “B.V.”", "株式会社 アクメ", "شركة", "O'Neill \u200d👩\u200d🔧"])
def test_every_other_name_is_one(name: str) -> None:
    validate_name(name)
    assert on_one_line(name) == name


def test_an_address_fits_its_column() -> None:
    assert len(LONG) > 300
    with pytest.raises(ValidationError, match="at most 254"):
        validate_address(LONG)
    validate_address("robin@kade.example")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Acme\nBV", "Acme\x1f", "Acme\x85BV", "Acme\u2029BV"])
def test_the_database_refuses_such_a_name(name: str) -> None:
    rows = [TenantFactory.create(), UserFactory.create(), StoreFactory.create(), ExactGrantFactory.create()]
    rows += [SignUp.objects.create(key="k", email="a@b.example", company="A", password="", code="")]
    for row in rows:
        column = "company" if isinstance(row, SignUp) else "name"
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{column: name})


@pytest.mark.django_db
def test_a_vendors_text_breaks_no_mail_of_an_alert() -> None:
    tenant = TenantFactory.create(alert_emails=["ops@acme.example"])
    said = alert_text(AlertCode.CONSENT_ENDS, consent="Exact\r\nBcc: all@acme.example", day=date(2026, 1, 31))
    alerts.raise_alert(tenant, "consent:1", said)
    assert "Exact Bcc: all@acme.example" in mail.outbox[0].subject


class TestEveryDoor:
    """Where a name or an address is typed, the field says what is wrong."""

    @pytest.mark.parametrize("model", [Tenant, Store, ExactGrant, User])
    def test_the_portals_forms(
        self, model: type[Model], browser: Browser, acme: World, people: dict[str, User]
    ) -> None:
        typed = {
            **TENANT,
            "webhook_auth": "secret",
            "client_id": "a",
            "email": "vera@acme.example",
            "name": "Two\tnames",
        }
        row = people["vera"] if model is User else acme.of(model)
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
        answer = browser("sue").post(address, typed)
        assert answer.status_code == 200
        assert "on one line" in str(answer.context["adminform"].form.errors["name"])

    def test_the_provision_file(self) -> None:
        tenant: dict[str, Any] = {"slug": "acme", "name": "Acme\nBV"}
        odd = {"email": "a\x01@b.example", "role": "owner"}
        with pytest.raises(Refused, match=r"tenant\.name: A name stands on one line"):
            read_file({"tenant": tenant})
        with pytest.raises(Refused, match=r"alert_emails\[0\] must be an e-mail address"):
            read_file({"tenant": {**tenant, "name": "Acme", "alert_emails": [LONG]}})
        with pytest.raises(Refused, match=r"users\[0\]\.email must be an e-mail address"):
            read_file({"tenant": tenant | {"name": "A"}, "users": [odd]})

    @pytest.mark.parametrize("address", ["login", "password/reset"])
    def test_the_log_in(self, address: str, db: None) -> None:
        typed = {"login": LONG, "email": LONG, "password": "x"}
        errors = Client().post(f"/accounts/{address}/", typed).context["form"].errors
        assert "at most 254" in str(errors.get("login") or errors["email"])
        assert not mail.outbox

    def test_ones_own_new_address(self, browser: Browser) -> None:
        client = browser("vera")
        client.post("/accounts/reauthenticate/", {"password": "open-sesame-7"})
        errors = client.post("/accounts/email/", {"email": LONG, "action_add": ""}).context["form"].errors
        assert "at most 254" in str(errors["email"])

    def test_sign_up(self, db: None) -> None:
        client = Client()
        client.post("/get-started/", {"company": "Kade\x07 BV", "email": LONG, "password": "a-password-of-mine"})
        assert "at most 254" in str(client.get("/get-started/").context["form"].errors["email"])
        client.post(
            "/get-started/", {"company": "Kade\x07 BV", "email": "a@b.example", "password": "a-password-of-mine"}
        )
        assert SignUp.objects.get().company == "Kade BV"

    def test_a_new_member_and_who_gets_alerts(self, browser: Browser, acme: World) -> None:
        before = User.objects.count()
        added = browser("alice").post(reverse("admin:tenants_membership_add"), {"email": LONG, "role": "viewer"})
        assert "at most 254" in str(added.context["adminform"].form.errors["email"])
        assert change(browser("alice"), acme.tenant, {**TENANT, "alert_emails": f'["{LONG}"]'}) == 200
        made = logged_in(User.objects.get(email="sue@platform.example"))
        assert made.post(reverse("admin:tenants_user_add"), {"email": LONG}).status_code == 200
        assert User.objects.count() == before
        assert Membership.objects.filter(tenant=acme.tenant).count() == 4


class TestOlderRows:
    """The migration puts names on one line. The database takes the odd ones of this test as it did before."""

    migration = import_module("tenants.migrations._names")

    @pytest.fixture(autouse=True)
    def _as_before(self, db: None) -> Any:
        tables = {"tenants_tenant": "tenant", "connector_exactgrant": "grant"}
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = ON")
            else:  # the test's transaction is rolled back
                for table, name in tables.items():
                    cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}_name_on_one_line")
        yield
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")

    def test_they_are_put_on_one_line(self) -> None:
        named = {"Acme\nBV": "Acme BV", "\r\n": "acme-2", "Kade & Zn": "Kade & Zn"}
        for number, name in enumerate(named, 1):
            TenantFactory.create(name=name, slug=f"acme-{number}")
        for _ in range(2):  # what was interrupted is run again
            self.migration.put_on_one_line(apps.get_model("tenants", "Tenant"), "name", "slug")
        assert list(Tenant.objects.order_by("slug").values_list("name", flat=True)) == list(named.values())

    def test_two_consents_of_an_organisation_keep_two_names(self) -> None:
        one = ExactGrantFactory.create(name="Exact NL")
        two = ExactGrantFactory.create(name="Exact\tNL", tenant=one.tenant)
        model = apps.get_model("connector", "ExactGrant")
        self.migration.put_on_one_line(model, "name", "region", once_in="tenant_id")
        assert set(model.objects.values_list("name", flat=True)) == {"Exact NL", f"Exact NL {two.pk}"}
