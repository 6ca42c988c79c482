"""Superusers change people and organisations."""

from django.urls import reverse

from tenants.models import Tenant, User
from tests.tenants.test_roles import Browser, change
from tests.tenants.world import logged_in


class TestPeople:
    """Superusers change people and organisations."""

    def test_a_person_is_made_with_a_password_that_is_kept_hashed(self, browser: Browser) -> None:
        posted = {"email": "New@Acme.example", "new_password": "a-password-of-mine", "is_active": "on"}
        assert browser("sue").post(reverse("admin:tenants_user_add"), posted).status_code == 302
        made = User.objects.get(email="new@acme.example")
        assert made.check_password("a-password-of-mine")
        page = browser("sue").get(reverse("admin:tenants_user_change", args=[made.pk])).content.decode()
        assert made.password not in page

    def test_without_a_new_one_the_password_stays(self, browser: Browser, people: dict[str, User]) -> None:
        assert change(browser("sue"), people["vera"], {"email": "vera@acme.example", "name": "Vera"}) == 302
        changed = User.objects.get(pk=people["vera"].pk)
        assert (changed.name, changed.is_active) == ("Vera", False)
        assert changed.check_password("open-sesame-7")

    def test_a_poor_password_is_refused(self, browser: Browser, people: dict[str, User]) -> None:
        posted = {"email": "vera@acme.example", "new_password": "password", "is_active": "on"}
        assert change(browser("sue"), people["vera"], posted) == 200

    def test_an_address_in_other_letters_is_the_same_person(self, browser: Browser, people: dict[str, User]) -> None:
        answer = browser("sue").post(reverse("admin:tenants_user_add"), {"email": "VERA@acme.example"})
        assert answer.status_code == 200

    def test_a_superuser_adds_an_organisation(self, people: dict[str, User]) -> None:
        client = logged_in(people["sue"])
        posted = {"slug": "new", "name": "New", "timezone": "Europe/Amsterdam", "alert_emails": "[]"}
        posted |= {
            "digest_hour": "8",
            "keep_deliveries_days": "90",
            "keep_copies_days": "400",
            "keep_calls_days": "730",
        }
        address = reverse("admin:tenants_tenant_add")
        for wrong in (
            {"timezone": "Mars/Base"},
            {"alert_emails": '["no address"]'},
            {"alert_emails": '{"a": 1}'},
            {"keep_calls_days": "59"},
        ):
            assert client.post(address, posted | wrong).status_code == 200
        assert client.post(address, posted).status_code == 302
        assert Tenant.objects.get().slug == "new"
