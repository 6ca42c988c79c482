"""Every action on a document in the portal: GET asks, POST acts, and only for people who may do it."""

from decimal import Decimal as D

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connector.domain.document.states import LONGEST_REASON
from connector.flow.actions import bulk_repost
from connector.models import BulkRun, Connection, MasterData, OrderSync, RuleVersion, SyncEvent
from tenants.models import Membership, Role, Tenant, User
from tests.acme import STORE, Acme
from tests.factories import MembershipFactory, OrderSyncFactory
from tests.flow.by_hand import post

DECISIONS = ["credit_now", "credit_and_repost", "leave_it"]


@pytest.fixture
def owner(acme: Acme) -> User:
    user = User.objects.get()
    acme.client.force_login(user)
    return user


def page(document: OrderSync, action: str = "") -> str:
    if action:
        return reverse("admin:connector_ordersync_do", args=[document.pk, action])
    return reverse("admin:connector_ordersync_change", args=[document.pk])


def do(acme: Acme, order_id: int, action: str, **fields: str) -> None:
    """Press the button, give the reason, and let the lane work."""
    document = acme.document(order_id)
    acme.client.post(page(document, action), {"reason": "because I looked into it", **fields})
    acme.drain()


def held(acme: Acme, order_id: int = 1001) -> OrderSync:
    """An order whose VAT code is missing."""
    MasterData.objects.filter(kind="vat_code", code="2").delete()
    acme.ring(order_id)
    acme.drain()
    document = acme.document(order_id)
    assert document.state == "blocked"
    return document


def fix(acme: Acme) -> None:
    row = MasterData.objects.filter(kind="vat_code").first()
    assert row is not None
    MasterData.objects.create(
        division=row.division, kind="vat_code", code="2", name="21 %", data={"percentage": "21", "type": "I"}
    )


@pytest.mark.usefixtures("owner")
def test_a_held_document_says_what_happened_and_who_fixes_it_and_links_the_page(acme: Acme) -> None:
    text = acme.client.get(page(held(acme))).content.decode()
    assert "No rule says how to book a line" in text or "VAT" in text
    assert "Go to" in text
    for button in ("Re-post", "Refetch", "Skip", "Link"):
        assert f">{button}</a>" in text
    assert ">Approve</a>" not in text


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("action", ["re_post", "skip", "refetch", "link"])
def test_get_only_asks(acme: Acme, action: str) -> None:
    document = held(acme)
    events = SyncEvent.objects.count()
    response = acme.client.get(page(document, action))
    assert response.status_code == 200
    assert b"Reason" in response.content
    document.refresh_from_db()
    assert document.state == "blocked"
    assert SyncEvent.objects.count() == events


def test_a_re_post_after_the_fix_posts_the_order_and_keeps_the_reason(acme: Acme, owner: User) -> None:
    held(acme)
    fix(acme)
    do(acme, 1001, "re_post")
    assert acme.document(1001).state == "posted"
    event = SyncEvent.objects.get(actor=owner)
    assert "because I looked into it" in event.text


@pytest.mark.usefixtures("owner")
def test_without_a_reason_nothing_happens(acme: Acme) -> None:
    document = held(acme)
    response = acme.client.post(page(document, "skip"), {"reason": "  "})
    assert response.status_code == 200
    assert acme.document(1001).state == "blocked"


@pytest.mark.usefixtures("owner")
def test_a_reason_has_one_length_in_every_form_and_in_what_is_kept(acme: Acme) -> None:
    document, longest = held(acme), "x" * LONGEST_REASON
    connection = reverse("admin:connector_connection_change", args=[acme.connection.pk])
    for form in (page(document, "skip"), connection):
        assert f'name="reason" required maxlength="{LONGEST_REASON}"' in acme.client.get(form).content.decode()
    refused = acme.client.post(page(document, "skip"), {"reason": longest + "x"})
    assert f"at most {LONGEST_REASON} characters" in refused.content.decode()
    ticked = {"action": "re_post", "_selected_action": [str(document.pk)] * 2, "reason": longest}
    acme.client.post(reverse("admin:connector_ordersync_changelist"), ticked)
    acme.client.post(page(document, "skip"), {"reason": longest})
    assert SyncEvent.objects.filter(data__reason=longest).exists()
    for kept in (BulkRun._meta.get_field("reason"), RuleVersion._meta.get_field("note")):
        assert kept.max_length == LONGEST_REASON


@pytest.mark.usefixtures("owner")
def test_a_skipped_document_stays_skipped_until_a_person_re_posts_it(acme: Acme) -> None:
    held(acme)
    do(acme, 1001, "skip")
    assert (acme.document(1001).state, acme.document(1001).reason) == ("skipped", "person")
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert acme.document(1001).state == "skipped"
    fix(acme)
    do(acme, 1001, "re_post")
    assert acme.document(1001).state == "posted"


@pytest.mark.usefixtures("owner")
def test_an_approved_draft_is_posted(acme: Acme) -> None:
    Connection.objects.update(mode="approval")
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).state == "awaiting_approval"
    do(acme, 1001, "approve")
    assert acme.document(1001).state == "posted"


@pytest.mark.usefixtures("owner")
def test_an_invoice_typed_by_hand_is_linked_when_its_amounts_are_the_orders(acme: Acme) -> None:
    acme.ring(1012)
    acme.drain()
    by_hand = acme.invoice(1012)
    held(acme)
    do(acme, 1001, "link", number=str(by_hand["InvoiceNumber"]))
    assert acme.document(1001).state == "blocked"  # another order's invoice, of other amounts
    assert len(acme.invoices()) == 1


@pytest.mark.usefixtures("owner")
def test_several_are_re_posted_at_once_with_one_reason(acme: Acme) -> None:
    for order_id in (1001, 1017):
        held(acme, order_id)
    fix(acme)
    ticked = {
        "action": "re_post",
        "_selected_action": [str(pk) for pk in OrderSync.objects.values_list("pk", flat=True)],
    }
    ledger = reverse("admin:connector_ordersync_changelist")
    asked = acme.client.post(ledger, ticked)
    assert b"Reason" in asked.content
    assert acme.document(1001).state == "blocked"
    acme.client.post(ledger, {**ticked, "reason": "the code is back"})
    run = BulkRun.objects.get()
    assert b"Stop" in acme.client.get(reverse("admin:connector_bulkrun_change", args=[run.pk])).content
    for _ in range(4):
        acme.drain()
        bulk_repost.advance()
    run.refresh_from_db()
    assert (run.state, run.settled, run.total) == ("done", 2, 2)
    assert {document.state for document in OrderSync.objects.all()} == {"posted"}


@pytest.mark.usefixtures("owner")
def test_a_bulk_re_post_counts_what_it_leaves_out_before_it_sends_any(acme: Acme) -> None:
    """The list may show the held ones only, and the first that is sent is held no more."""
    documents = OrderSyncFactory.create_batch(3, connection=acme.connection, held=True)
    ledger = reverse("admin:connector_ordersync_changelist") + "?state__exact=blocked"
    ticked = {"action": "re_post", "_selected_action": [document.pk for document in documents]}
    page = acme.client.post(ledger, {**ticked, "reason": "the code is back"}, follow=True).content.decode()
    assert "left as" not in page
    OrderSync.objects.filter(pk=documents[2].pk).update(state="pending", reason="", next_attempt_at=timezone.now())
    ledger = reverse("admin:connector_ordersync_changelist")
    page = acme.client.post(ledger, {**ticked, "reason": "the code is back"}, follow=True).content.decode()
    assert "2 selected documents are neither blocked nor skipped" in page


@pytest.mark.usefixtures("owner")
def test_an_action_on_many_has_the_words_of_its_button(acme: Acme) -> None:
    OrderSyncFactory.create(connection=acme.connection, held=True)
    page = acme.client.get(reverse("admin:connector_ordersync_changelist")).content.decode()
    assert '<option value="credit_now">Credit now</option>' in page
    assert "selected documents" not in page


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("owner", {"re_post", "skip", "refetch", "link"}),
        ("accountant", {"re_post", "skip", "refetch", "link"}),
        ("operator", {"re_post", "skip", "refetch"}),
        ("viewer", set()),
    ],
)
def test_the_role_decides_what_may_be_done(acme: Acme, owner: User, role: str, allowed: set[str]) -> None:
    document = held(acme)
    Membership.objects.update(role=role)
    for action in ("re_post", "skip", "refetch", "link", "approve"):
        status = acme.client.get(page(document, action)).status_code
        if action in allowed:
            assert status == 200
        elif action != "approve":
            assert status == 403
    assert acme.client.get(page(document)).status_code == 200


def test_an_outsider_finds_no_document(acme: Acme, owner: User) -> None:
    document = held(acme)
    stranger = User.objects.create_user("charlie@elsewhere.example", "charlie-has-a-password")
    acme.client.force_login(stranger)
    assert acme.client.post(page(document, "re_post"), {"reason": "x"}).status_code in {302, 403, 404}
    assert acme.document(1001).state == "blocked"


@pytest.mark.usefixtures("owner")
def test_re_posting_what_is_posted_already_says_so(acme: Acme) -> None:
    for order_id in (1001, 1017):
        acme.ring(order_id)
    acme.drain()
    ticked = {"action": "re_post", "_selected_action": [str(row.pk) for row in OrderSync.objects.all()]}
    response = acme.client.post(
        reverse("admin:connector_ordersync_changelist"), {**ticked, "reason": "just because"}, follow=True
    )
    assert response.status_code == 200
    assert not BulkRun.objects.exists()


@pytest.mark.usefixtures("owner")
def test_an_action_that_does_not_fit_is_refused_before_a_reason_is_asked(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    response = acme.client.get(page(acme.document(1001), "re_post"), follow=True)
    assert b"does not fit a document that is posted" in response.content


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("ticked", ["abc", "9" * 23, "-1", "٣"])
def test_ids_that_no_row_can_have_are_refused(acme: Acme, ticked: str) -> None:
    response = acme.client.post(
        reverse("admin:connector_ordersync_changelist"), {"action": "skip", "_selected_action": ticked, "reason": "x"}
    )
    assert response.status_code == 302


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
def test_get_only_asks_about_a_change(refunded: OrderSync, action: str) -> None:
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


def test_without_a_reason_nothing_happens_to_a_change(refunded: OrderSync) -> None:
    browser(Role.OWNER).post(page(refunded, "leave_it"), {"reason": " "})
    refunded.refresh_from_db()
    assert refunded.change_pending
