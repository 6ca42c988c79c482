"""Who may walk the steps, and where each request leads."""

import pytest
from django.test import Client
from django.urls import reverse

from tenants.models import Membership, Role
from tests.factories import MembershipFactory, StoreFactory, UserFactory
from tests.onboarding.conftest import Walker

HOME = reverse("admin:index")


def test_a_stranger_logs_in_first(db: None) -> None:
    answer = Client().get("/get-started/store/")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/get-started/store/")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_only_an_owner_walks_the_steps(walker: Walker, role: Role) -> None:
    owner = MembershipFactory.create(tenant=walker.tenant).user
    Membership.objects.exclude(user=owner).update(role=role)
    for answer in (walker.client.get("/get-started/store/"), walker.client.post("/get-started/store/", {"go": "1"})):
        assert answer.status_code == 403
        assert owner.email in answer.content.decode()


def test_a_superuser_chooses_an_organisation_first(walker: Walker) -> None:
    client = Client()
    client.force_login(UserFactory.create(is_superuser=True))
    assert client.get("/get-started/store/")["Location"] == HOME
    client.post(reverse("admin:choose_tenant"), {"tenant": walker.tenant.pk})
    assert client.get("/get-started/store/").status_code == 200


def test_another_owner_carries_on(walker: Walker) -> None:
    StoreFactory.create(tenant=walker.tenant, name="Web shop")
    second = Walker(walker.tenant)
    second.client.force_login(MembershipFactory.create(tenant=walker.tenant).user)
    second.open("store")
    assert 'value="Web shop"' in second.page
    assert second.state == "done"


def test_a_request_without_the_forms_token_is_refused(walker: Walker) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Membership.objects.get().user)
    assert client.post("/get-started/store/", {"go": "1"}).status_code == 403


def test_the_line_says_what_is_done(walker: Walker) -> None:
    walker.open("store")
    assert walker.page.count('<li class="done"') == 0
    StoreFactory.create(tenant=walker.tenant)
    walker.open("store")
    assert walker.page.count('<li class="done" aria-current="step"') == 1
