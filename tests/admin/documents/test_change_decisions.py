"""A change after posting is shown on the document's page, and people with the right role decide on it."""

from decimal import Decimal as D

import pytest
from django.test import Client

from connector.models import OrderSync, SyncEvent
from tenants.models import Role, Tenant
from tests.acme import STORE, Acme
from tests.admin.documents.test_actions import page
from tests.factories import MembershipFactory
from tests.flow.by_hand import post

DECISIONS = ["credit_now", "credit_and_repost", "leave_it"]


@pytest.fixture
def refunded(acme: Acme) -> OrderSync:
    """Order 1001, of which 5.00 was given back after it was posted."""
    post(acme)
    acme.sandbox.stores.store(STORE).refund(1001, whole=D("5.00"))
    acme.ring(1001, "store/order/updated")
    acme.drain()
    return acme.document(1001)


def browser(role: Role) -> Client:
    user = MembershipFactory.create(tenant=Tenant.objects.get(), role=role, user__email=f"{role}@acme.example").user
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", [Role.OWNER, Role.ACCOUNTANT])
def test_the_page_says_what_changed_and_offers_what_can_be_done(refunded: OrderSync, role: Role) -> None:
    text = browser(role).get(page(refunded)).content.decode()
    assert "of 5.00 EUR was made" in text
    for button in ("Credit now", "Credit and re-post", "Leave it"):
        assert f">{button}</a>" in text


def test_a_document_that_did_not_change_offers_none_of_it(acme: Acme) -> None:
    text = browser(Role.OWNER).get(page(post(acme))).content.decode()
    assert "Credit now" not in text
    assert "Leave it" not in text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VIEWER])
@pytest.mark.parametrize("action", DECISIONS)
def test_others_may_not_decide(refunded: OrderSync, role: Role, action: str) -> None:
    client = browser(role)
    assert "Credit now" not in client.get(page(refunded)).content.decode()
    assert client.post(page(refunded, action), {"reason": "let me"}).status_code == 403
    refunded.refresh_from_db()
    assert (refunded.change_pending, refunded.decision) == (True, "")


@pytest.mark.parametrize("action", DECISIONS)
def test_get_only_asks(refunded: OrderSync, action: str) -> None:
    assert browser(Role.OWNER).get(page(refunded, action)).status_code == 200
    refunded.refresh_from_db()
    assert refunded.change_pending


def test_a_post_with_a_reason_credits_and_the_history_says_who_and_why(acme: Acme, refunded: OrderSync) -> None:
    browser(Role.ACCOUNTANT).post(page(refunded, "credit_now"), {"reason": "Anna was right"})
    refunded.refresh_from_db()
    assert not refunded.change_pending
    acme.drain()
    assert [row.state for row in acme.credits(1001)] == ["posted"]
    event = SyncEvent.objects.get(document=refunded, kind="action")
    assert (str(event.actor), event.data["action"], event.data["reason"]) == (
        "accountant@acme.example",
        "credit_now",
        "Anna was right",
    )


def test_without_a_reason_nothing_happens(refunded: OrderSync) -> None:
    browser(Role.OWNER).post(page(refunded, "leave_it"), {"reason": " "})
    refunded.refresh_from_db()
    assert refunded.change_pending
