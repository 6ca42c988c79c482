"""An order becomes an invoice: on the right account, with the right codes, printed, once, in few calls."""

from decimal import Decimal

from connector.models import Delivery, OrderSync, SyncEvent
from tests.acme import DIVISION, Acme


def test_an_order_becomes_a_printed_invoice_of_the_same_total(acme: Acme) -> None:
    order_id = acme.order_of_kind("two VAT rates")
    assert acme.ring(order_id) == 200
    acme.drain()

    invoice = acme.invoice(order_id)
    assert invoice["AmountFC"] == acme.total(order_id)
    assert invoice["VATAmountFC"] == Decimal(acme.order(order_id)["total_tax"])
    assert invoice["Status"] == 50
    assert invoice["Type"] == 8020
    assert invoice["YourRef"] == f"NLS-{order_id}"
    assert invoice["Journal"] == "70"

    document = acme.document(order_id)
    assert (document.state, document.reason) == ("posted", "")
    assert document.exact_id == invoice["InvoiceID"]
    assert document.exact_number == str(invoice["InvoiceNumber"])
    assert document.total == acme.total(order_id)


def test_each_line_has_its_account_cost_centre_and_vat_code(acme: Acme) -> None:
    order_id = acme.order_of_kind("two VAT rates")
    acme.ring(order_id)
    acme.drain()
    lines = {line["ItemCode"]: line for line in acme.invoice(order_id)["SalesInvoiceLines"]}
    exact = acme.sandbox.exact
    accounts = {code: exact.id_of(DIVISION, "financial/GLAccounts", code) for code in ("8000", "8010", "8100")}
    book = next(line for code, line in lines.items() if code.startswith("BOOK"))
    assert book["GLAccount"] == accounts["8010"]
    mug = next(line for code, line in lines.items() if code not in {book["ItemCode"], "SHIP"})
    assert mug["GLAccount"] == accounts["8000"]
    assert {line["CostCenter"] for line in lines.values()} <= {"EU-WEST", "ONLINE"}
    assert len({line["VATCode"].strip() for line in lines.values()}) == 2
    assert all(line["VATCode"] for line in lines.values())


def test_each_line_of_the_draft_names_the_rule_and_version_that_chose_its_codes(acme: Acme) -> None:
    order_id = acme.order_of_kind("export California")
    acme.ring(order_id)
    acme.drain()
    draft = acme.document(order_id).draft
    assert draft is not None
    goods = next(line for line in draft["lines"] if line["kind"] == "product")
    assert (goods["gl_account"], goods["cost_center"], goods["vat_code"]) == ("8020", "US-WEST", "6")
    assert "version 1" in goods["rule"]
    assert "version 1" in goods["vat_rule"]
    assert acme.document(order_id).rules == acme.connection.rule_versions.get()


def test_a_known_customer_costs_one_call_to_the_store_and_two_to_exact(acme: Acme) -> None:
    first, second = 1001, 1017  # Anna's, to one address
    acme.ring(first)
    acme.drain()
    to_store, to_exact = acme.store_calls(), acme.exact_calls()
    acme.ring(second)
    acme.drain()
    assert acme.document(second).state == "posted"
    assert acme.store_calls() - to_store == 1
    assert acme.exact_calls() - to_exact == 2  # create, print


def test_a_duplicate_delivery_costs_exact_nothing(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    before = acme.exact_calls()
    acme.ring(1001, "store/order/updated")
    acme.ring(1001)
    acme.drain()
    assert acme.exact_calls() == before
    assert len(acme.invoices(1001)) == 1
    assert not acme.document(1001).change_pending


def test_fifty_deliveries_of_one_order_are_one_row_and_one_invoice(acme: Acme) -> None:
    for _ in range(50):
        acme.ring(1001)
    acme.drain()
    assert Delivery.objects.filter(processed_at=None).count() == 0
    assert OrderSync.objects.count() == 1
    assert len(acme.invoices()) == 1


def test_updates_before_creations_change_nothing(acme: Acme) -> None:
    acme.ring(1002, "store/order/updated")
    acme.ring(1001, "store/order/updated")
    acme.ring(1002)
    acme.drain()
    acme.ring(1001)
    acme.drain()
    assert len(acme.invoices()) == 2


def test_an_unpaid_order_is_skipped_and_comes_back_when_it_is_paid(acme: Acme) -> None:
    acme.sandbox.stores.store("nlshop1").change(1001, status_id=7)
    acme.ring(1001)
    acme.drain()
    document = acme.document(1001)
    assert (document.state, document.reason) == ("skipped", "status")
    assert acme.invoices() == []

    acme.sandbox.stores.store("nlshop1").change(1001, status_id=11)
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert acme.document(1001).state == "posted"
    assert len(acme.invoices(1001)) == 1


def test_the_current_state_of_the_order_decides_whatever_was_announced(acme: Acme) -> None:
    acme.ring(1001)
    acme.sandbox.stores.store("nlshop1").change(1001, status_id=5)
    acme.drain()
    assert acme.document(1001).state == "skipped"
    assert acme.invoices() == []


def test_every_step_is_in_the_history_with_no_secret(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    history = list(SyncEvent.objects.filter(document=acme.document(1001)).order_by("id"))
    states = [event.data["to"] for event in history if "to" in event.data]
    assert states == ["preparing", "posting", "posted"]
    calls = [event.data["endpoint"] for event in history if event.kind == "call"]
    assert calls[0] == "v2/orders/{id}"
    assert [call.removeprefix("salesinvoice/") for call in calls[-3:]] == [
        "SalesInvoices",
        "SalesInvoiceLines",  # read back, the first time today that these codes are used
        "PrintedSalesInvoices",
    ]
    text = " ".join(f"{event.text} {event.data}" for event in SyncEvent.objects.all())
    grant = acme.connection.division.grant
    for secret in (acme.store.access_token, acme.store.hook_secret, grant.client_secret, grant.refresh_token):
        assert secret not in text


def test_an_order_edited_after_posting_raises_a_flag_and_is_left_alone(acme: Acme) -> None:
    acme.ring(1001)
    acme.drain()
    acme.sandbox.stores.store("nlshop1").change(1001, total_inc_tax="99.0000")
    acme.ring(1001, "store/order/updated")
    acme.drain()
    document = acme.document(1001)
    assert document.change_pending
    assert document.state == "posted"
    assert acme.invoice(1001)["AmountFC"] == Decimal("17.90")


def test_without_finalize_the_invoice_stays_open(acme: Acme) -> None:
    acme.connection.finalize = False
    acme.connection.save()
    acme.ring(1001)
    acme.drain()
    assert acme.invoice(1001)["Status"] == 20
    assert acme.document(1001).state == "posted"


def test_shadow_mode_shows_and_posts_nothing(acme: Acme) -> None:
    acme.connection.mode = "shadow"
    acme.connection.save()
    acme.ring(1001)
    acme.drain()
    document = acme.document(1001)
    assert (document.state, document.reason) == ("skipped", "shadow")
    assert document.draft is not None
    assert document.draft["gross"] == "17.90"
    assert acme.invoices() == []


def test_going_live_leaves_the_shadowed_ones_skipped(acme: Acme) -> None:
    test_shadow_mode_shows_and_posts_nothing(acme)
    acme.connection.mode = "live"
    acme.connection.save()
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert acme.document(1001).state == "skipped"


def test_switched_off_orders_wait_and_flow_when_it_is_switched_on(acme: Acme) -> None:
    acme.connection.mode = "off"
    acme.connection.save()
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).state == "pending"
    assert acme.store_calls("*/orders/*") == 0
    acme.connection.mode = "live"
    acme.connection.save()
    acme.drain()
    assert acme.document(1001).state == "posted"


def test_in_approval_mode_a_draft_waits_and_a_changed_order_is_translated_again(acme: Acme) -> None:
    acme.connection.mode = "approval"
    acme.connection.save()
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).state == "awaiting_approval"
    assert acme.invoices() == []
    acme.ring(1001, "store/order/updated")
    acme.drain()
    assert acme.document(1001).state == "awaiting_approval"


def test_a_manual_connection_posts_nothing_by_itself(acme: Acme) -> None:
    acme.connection.schedule = "manual"
    acme.connection.save()
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).state == "pending"
    assert acme.invoices() == []


def test_every_order_of_the_store_is_posted_to_the_cent(acme: Acme) -> None:
    orders = acme.sandbox.stores.store("nlshop1").orders
    for order_id in orders:
        acme.ring(order_id)
    acme.drain(20)
    assert {d.state for d in OrderSync.objects.all()} == {"posted"}
    for order_id in orders:
        assert acme.invoice(order_id)["AmountFC"] == acme.total(order_id)
