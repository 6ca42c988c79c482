"""What a person does with a document: allowed or refused by its state, with who and why in the history."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from connector.domain.document.states import State
from connector.flow.actions.connections import pull_master_data
from connector.flow.actions.documents import approve, re_post, refetch, retry, skip
from connector.flow.actions.transaction import NotPossible
from connector.models import Connection, DirectoryAccount, MasterData, OrderSync, SyncEvent
from tenants.models import User
from tests.acme import DIVISION, Acme
from tests.flow.by_hand import CREATE, INVOICES, WHY, again, post, pull, put

Action = Callable[[OrderSync, User | None, str], None]
ACTIONS: list[Action] = [retry, refetch, re_post, skip, approve]

# What each action makes of a document in each state; "-" is refused.
TABLE = {
    "pending": {"skip": "skipped"},
    "waiting": {"retry": "waiting", "refetch": "waiting"},
    "uncertain": {"retry": "uncertain"},
    "awaiting_approval": {"refetch": "pending", "skip": "skipped", "approve": "pending"},
    "blocked": {"refetch": "blocked", "re_post": "pending", "skip": "skipped"},
    "skipped": {"refetch": "skipped", "re_post": "pending"},
    "posted": {"refetch": "posted"},
    "preparing": {},
    "posting": {},
}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_each_action_from_each_state(acme: Acme, ann: User, action: Action) -> None:
    document = post(acme)
    assert set(TABLE) == set(State)
    for state, allowed in TABLE.items():
        put(document, state)
        before = OrderSync.objects.values().get(pk=document.pk)
        events = SyncEvent.objects.count()
        if action.__name__ in allowed:
            action(document, ann, WHY)
            assert acme.document(1001).state == allowed[action.__name__]
            event = SyncEvent.objects.latest("id")
            assert (event.kind, event.actor, event.data["reason"]) == ("action", ann, WHY)
            assert event.data["action"] == action.__name__
            assert acme.connection.division.pk == document.division_id
        else:
            with pytest.raises(NotPossible, match=r"^\w.*\.$"):
                action(document, ann, WHY)
            assert OrderSync.objects.values().get(pk=document.pk) == before
            assert SyncEvent.objects.count() == events


def test_an_action_without_a_reason_is_refused(acme: Acme) -> None:
    document = post(acme)
    put(document, "blocked")
    for action in (re_post, skip, refetch):
        with pytest.raises(NotPossible, match="Say why"):
            action(document, None, "  ")
    assert acme.document(1001).state == "blocked"


def test_what_the_lane_took_meanwhile_is_refused(acme: Acme) -> None:
    document = post(acme)
    put(document, "pending")
    OrderSync.objects.filter(pk=document.pk).update(lease_token=document.lease_token + 1)
    with pytest.raises(NotPossible, match="began to work on it"):
        skip(document, None, WHY)


def test_an_action_wakes_the_lane(acme: Acme) -> None:
    document = post(acme)
    put(document, "blocked")
    acme.connection.division.__class__.objects.update(woken_at=None)
    re_post(document, None, WHY)
    acme.connection.division.refresh_from_db()
    assert acme.connection.division.woken_at is not None


def test_retry_does_not_wait_for_the_backoff(acme: Acme) -> None:
    acme.sandbox.stores.faults.add("503_html", "GET", "*orders/1001*")
    document = post(acme)
    assert document.state == "waiting"
    acme.drain()
    assert acme.document(1001).state == "waiting"
    retry(document, None, WHY)
    acme.drain()
    assert acme.document(1001).state == "posted"


def test_retry_looks_for_an_unclear_write_no_sooner_than_it_must_have_landed(acme: Acme, settings: Settings) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    acme.sandbox.exact.faults.add("close_after", "POST", CREATE)
    document = post(acme)
    retry(document, None, WHY)
    assert document.sent_at
    assert acme.document(1001).next_attempt_at == document.sent_at + timedelta(seconds=60)


def test_refetch_of_a_posted_order_compares_and_alters_nothing(acme: Acme) -> None:
    document = post(acme)
    acme.sandbox.stores.store("nlshop1").change(1001, total_inc_tax="99.0000")
    refetch(document, None, WHY)
    acme.drain()
    assert (acme.document(1001).state, acme.document(1001).change_pending) == ("posted", True)


def test_a_skipped_order_stays_skipped_until_it_is_re_posted(acme: Acme) -> None:
    MasterData.objects.filter(kind="vat_code", code="2").delete()
    document = post(acme)
    skip(document, None, WHY)
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert (acme.document(1001).state, acme.document(1001).reason) == ("skipped", "person")
    pull_master_data(acme.connection.division, None, WHY)
    assert again(acme, acme.document(1001)).state == "posted"


@pytest.fixture
def waiting(acme: Acme) -> OrderSync:
    """Order 1001, waiting for approval."""
    Connection.objects.update(mode="approval")
    return post(acme)


def test_what_was_approved_is_what_is_posted_without_reading_the_order_again(acme: Acme, waiting: OrderSync) -> None:
    calls = acme.store_calls()
    acme.connection.rule_versions.all()[0].mapping_rules.update(gl_account="8200")  # of no matter any more
    approve(waiting, None, WHY)
    acme.drain()
    document = acme.document(1001)
    assert document.state == "posted"
    assert acme.store_calls() == calls
    assert document.draft == waiting.draft
    accounts = {line["gl_account_id"] for line in (waiting.draft or {})["lines"]}
    assert {line["GLAccount"] for line in acme.invoice(1001)["SalesInvoiceLines"]} == accounts


def test_an_order_that_changes_after_its_approval_waits_for_another(acme: Acme, waiting: OrderSync) -> None:
    approve(waiting, None, WHY)
    acme.sandbox.stores.store("nlshop1").change(1001, billing_address=other_country(acme))
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert acme.document(1001).state == "awaiting_approval"
    assert acme.invoices() == []
    approve(acme.document(1001), None, WHY)
    acme.drain()
    assert acme.document(1001).state == "posted"


def other_country(acme: Acme) -> dict[str, Any]:
    return {**acme.order(1001)["billing_address"], "country": "Belgium", "country_iso2": "BE"}


def test_a_delivery_that_changes_nothing_leaves_the_approval(acme: Acme, waiting: OrderSync) -> None:
    approve(waiting, None, WHY)
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert acme.document(1001).state == "posted"


def test_an_order_cancelled_after_its_approval_is_not_posted(acme: Acme, waiting: OrderSync) -> None:
    approve(waiting, None, WHY)
    acme.sandbox.stores.store("nlshop1").change(1001, status_id=5)
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert (acme.document(1001).state, acme.document(1001).reason) == ("skipped", "status")
    assert acme.invoices() == []


def test_an_approved_draft_survives_an_outage(acme: Acme, waiting: OrderSync) -> None:
    acme.sandbox.exact.faults.add("503_html", "POST", CREATE)
    approve(waiting, None, WHY)
    acme.settle()
    assert acme.document(1001).state == "posted"
    assert len(acme.invoices(1001)) == 1


def test_nothing_is_approved_in_shadow_mode(acme: Acme, waiting: OrderSync) -> None:
    Connection.objects.update(mode="shadow")
    with pytest.raises(NotPossible, match="shadow"):
        approve(acme.document(1001), None, WHY)


def missing_code(acme: Acme) -> Callable[[], None]:
    MasterData.objects.filter(kind="vat_code", code="2").delete()
    return lambda: pull(acme)


def missing_item(acme: Acme) -> Callable[[], None]:
    MasterData.objects.filter(kind="item", code="WEBSHOP").delete()
    Connection.objects.update(item_strategy="default")
    return lambda: pull(acme)


def blocked_customer(acme: Acme) -> Callable[[], None]:
    email = acme.order(1001)["billing_address"]["email"]
    account = acme.sandbox.exact.add_account(DIVISION, Name="Anna de Wit", Email=email, Blocked=True)

    def unblock() -> None:
        acme.sandbox.exact.change(DIVISION, "crm/Accounts", account, Blocked=False)
        DirectoryAccount.objects.update(blocked=False)

    return unblock


def other_currency(acme: Acme) -> Callable[[], None]:
    journal = MasterData.objects.get(kind="journal", code="70")
    journal.data["currency"] = "USD"
    journal.save()
    return lambda: pull(acme)


def other_totals(acme: Acme) -> Callable[[], None]:
    """Exact has another percentage than we know of: its invoice differs, and is deleted again."""
    code = acme.sandbox.exact.divisions[DIVISION].by_code("vat/VATCodes", "2")
    assert code is not None
    right, code["Percentage"] = code["Percentage"], code["Percentage"] * 2

    def fix() -> None:
        code["Percentage"] = right

    return fix


def closed_period(acme: Acme) -> Callable[[], None]:
    office = acme.sandbox.exact.divisions[DIVISION]
    office.fiscal_years = {1999}

    def reopen() -> None:
        office.fiscal_years = None
        pull(acme)

    return reopen


def refused(acme: Acme) -> Callable[[], None]:
    item = acme.sandbox.exact.id_of(DIVISION, "hrm/Costcenters", "EU-WEST")
    acme.sandbox.exact.change(DIVISION, "hrm/Costcenters", item, Active=False)
    return lambda: acme.sandbox.exact.change(DIVISION, "hrm/Costcenters", item, Active=True)


def missing_right(acme: Acme) -> Callable[[], None]:
    acme.sandbox.exact.faults.add("403:NoDivisionAccess", "POST", CREATE)
    return lambda: None


@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        ("mapping", missing_code),
        ("item", missing_item),
        ("customer", blocked_customer),
        ("currency", other_currency),
        ("totals", other_totals),
        ("rejected", refused),
        ("period", closed_period),
        ("internal", missing_right),
    ],
)
def test_what_is_fixed_is_posted_once(acme: Acme, reason: str, spoil: Callable[[Acme], Callable[[], None]]) -> None:
    fix = spoil(acme)
    document = post(acme)
    assert (document.state, document.reason) == ("blocked", reason), document.message
    fix()
    if acme.document(1001).state == "blocked":
        re_post(acme.document(1001), None, WHY)
    acme.drain()
    assert acme.document(1001).state == "posted", acme.document(1001).message
    assert acme.invoice(1001)["Status"] == 50
    assert acme.invoice(1001)["AmountFC"] == acme.total(1001)


def test_an_exhausted_order_is_re_posted(acme: Acme) -> None:
    document = post(acme)
    acme.sandbox.exact.divisions[DIVISION].table(INVOICES).clear()
    OrderSync.objects.update(state="blocked", reason="exhausted", exact_id="", worker_deaths=5)
    document.refresh_from_db()
    assert again(acme, document).state == "posted"
    assert acme.document(1001).worker_deaths == 0


def test_a_duplicate_goes_on_with_the_one_that_is_left(acme: Acme, settings: Settings) -> None:
    settings.CONNECTOR_SETTLE_SECONDS = 60
    acme.sandbox.exact.faults.add("close_after", "POST", CREATE)
    post(acme)
    first = acme.invoice(1001)
    table = acme.sandbox.exact.divisions[DIVISION].table(INVOICES)
    twin = {**table[first["InvoiceID"]], "InvoiceID": "00000000-0000-4000-8000-00000000abcd"}
    table[twin["InvoiceID"]] = twin
    acme.make_due()
    acme.drain()
    document = acme.document(1001)
    assert (document.state, document.reason) == ("blocked", "duplicate")
    assert again(acme, document).reason == "duplicate"  # both are there still: nothing is made
    del table[twin["InvoiceID"]]
    document = again(acme, acme.document(1001))
    assert (document.state, document.exact_id) == ("posted", first["InvoiceID"])
    assert acme.sandbox.exact.calls.count("POST", CREATE) == 1
