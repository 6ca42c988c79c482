"""With any fault between us and the vendors, each order becomes one invoice or one visible exception."""

from contextlib import suppress
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from connector.clients import errors
from connector.clients.exact.client import ExactClient
from connector.flow.customer import accounts
from connector.flow.invoice import post
from connector.models import OrderSync
from tests.acme import DIVISION, Acme
from tests.faults.plan import REASONS

CREATE, PRINT = "*salesinvoice/SalesInvoices*", "*salesinvoice/PrintedSalesInvoices*"
BREAKS = ["close_before", "close_after", "500_before", "500_after", "503_html", "200_html", "truncated", "garbage_201"]
REFUSALS = ["429_minute", "429_day"]


@pytest.fixture
def unsettled(settings: Settings) -> None:
    """An unclear write is not looked up before a minute has passed."""
    settings.CONNECTOR_SETTLE_SECONDS = 60


@pytest.mark.parametrize("where", [("POST", CREATE), ("POST", PRINT), ("GET", "*orders/*")])
@pytest.mark.parametrize("kind", [*BREAKS, *REFUSALS])
def test_one_fault_anywhere_still_makes_one_printed_invoice(acme: Acme, where: tuple[str, str], kind: str) -> None:
    method, path = where
    service = acme.sandbox.stores if method == "GET" else acme.sandbox.exact
    service.faults.add(kind, method, path)
    acme.ring(1001)
    acme.settle()
    assert acme.document(1001).state == "posted", acme.document(1001).message
    assert acme.invoice(1001)["Status"] == 50


def test_a_401_renews_the_token_and_repeats_the_same_intent_once(acme: Acme) -> None:
    acme.sandbox.exact.advance(580)  # Exact gives no new token before
    acme.sandbox.exact.faults.add("401", "POST", CREATE)
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).state == "posted"
    assert acme.document(1001).attempts == 1
    assert acme.sandbox.exact.calls.count("POST", "*/oauth2/token") == 2
    assert len(acme.invoices(1001)) == 1


@pytest.mark.parametrize("reason", REASONS)
def test_a_missing_right_is_held_with_the_reason_and_nothing_is_posted(acme: Acme, reason: str) -> None:
    acme.sandbox.exact.faults.add(f"403:{reason}", "POST", CREATE)
    acme.ring(1001)
    acme.settle()
    assert acme.document(1001).state == "blocked"
    assert reason in acme.document(1001).message
    assert acme.invoices() == []


@pytest.mark.usefixtures("unsettled")
def test_an_unclear_answer_is_looked_up_and_the_invoice_adopted(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("close_after", "POST", CREATE)
    acme.ring(1001)
    acme.drain(1)
    assert acme.document(1001).state == "uncertain"
    acme.settle()
    assert acme.sandbox.exact.calls.count("POST", CREATE) == 1
    assert acme.document(1001).exact_id == acme.invoice(1001)["InvoiceID"]


def test_nothing_is_sent_again_before_exact_said_twice_that_it_is_not_there(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("close_before", "POST", CREATE)
    acme.ring(1001)
    acme.settle()
    calls = [(call.method, call.path.rpartition("/")[2]) for call in acme.sandbox.exact.calls]
    posts = [place for place, call in enumerate(calls) if call == ("POST", "SalesInvoices")]
    looks = [place for place, call in enumerate(calls) if call == ("GET", "SalesInvoices")]
    assert len(posts) == 2
    assert len([place for place in looks if posts[0] < place < posts[1]]) >= 2


@pytest.mark.parametrize("where", [CREATE, PRINT])
@pytest.mark.parametrize(
    "kind", ["503_html", "200_html", "truncated", "500_before", "429_minute", "429_day", "403:scope"]
)
def test_a_look_that_fails_or_is_limited_is_no_answer(acme: Acme, where: str, kind: str) -> None:
    acme.sandbox.exact.faults.add("close_after", "POST", where)
    acme.sandbox.exact.faults.add(kind, "GET", CREATE, times=3)
    acme.ring(1001)
    acme.settle()
    assert len(acme.invoices(1001)) == 1
    assert acme.sandbox.exact.calls.count("POST", where) == 1
    assert acme.document(1001).state == "posted"


def test_a_print_that_is_unclear_and_did_not_land_is_sent_again_after_two_looks(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("close_before", "POST", PRINT)
    acme.ring(1001)
    acme.settle()
    calls = [(call.method, call.path.rpartition("/")[2]) for call in acme.sandbox.exact.calls]
    prints = [place for place, call in enumerate(calls) if call == ("POST", "PrintedSalesInvoices")]
    looks = [place for place, call in enumerate(calls) if call == ("GET", "SalesInvoices")]
    assert len(prints) == 2
    assert len([place for place in looks if prints[0] < place < prints[1]]) >= 2
    assert acme.invoice(1001)["Status"] == 50


@pytest.mark.usefixtures("unsettled")
def test_two_invoices_with_our_reference_are_held_with_both_ids(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("close_after", "POST", CREATE)
    acme.ring(1001)
    acme.drain(1)
    twin = copy_by_hand(acme)
    acme.settle()
    document = acme.document(1001)
    assert (document.state, document.reason) == ("blocked", "duplicate")
    assert len(acme.invoices(1001)) == 2
    assert all(str(one["InvoiceID"]) in document.message for one in [*acme.invoices(1001), {"InvoiceID": twin}])


@pytest.mark.usefixtures("unsettled")
def test_an_invoice_of_other_amounts_with_our_reference_is_held(acme: Acme) -> None:
    acme.ring(1017)
    acme.drain()
    acme.sandbox.exact.faults.add("close_before", "POST", CREATE)
    acme.ring(1001)
    acme.drain(1)
    (other,) = acme.invoices(1017)
    acme.sandbox.exact.change(DIVISION, "salesinvoice/SalesInvoices", other["InvoiceID"], YourRef="nls-1001 ")
    acme.settle()
    assert (acme.document(1001).state, acme.document(1001).reason) == ("blocked", "duplicate")
    assert str(other["InvoiceID"]) in acme.document(1001).message


def copy_by_hand(acme: Acme) -> str:
    """A person types the same invoice again."""
    invoice = acme.invoice(1001)
    lines = [
        {"Item": line["Item"], "Quantity": line["Quantity"], "NetPrice": line["NetPrice"], "VATCode": line["VATCode"]}
        for line in invoice["SalesInvoiceLines"]
    ]
    twin = acme.sandbox.exact.create(
        DIVISION,
        "salesinvoice/SalesInvoices",
        OrderedBy=invoice["OrderedBy"],
        Journal="70",
        YourRef="NLS-1001",
        SalesInvoiceLines=lines,
    )
    return str(twin["InvoiceID"])


class Killed(BaseException):
    """Stands for the end of the process. The product does not catch it."""


@pytest.mark.parametrize("moment", ["before customer", "before create", "after create", "before finish", "after print"])
def test_a_worker_killed_at_any_moment_leaves_one_invoice(
    acme: Acme, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_at(moment, monkeypatch)
    acme.ring(1001)
    with pytest.raises(Killed):
        acme.drain()
    monkeypatch.undo()
    acme.settle()
    assert acme.document(1001).state == "posted", acme.document(1001).message
    assert acme.invoice(1001)["Status"] == 50


def die_at(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the next worker die at a point."""
    module, name, after = {
        "before customer": (accounts, "find_or_create_account", False),
        "before create": (post, "create", False),
        "after create": (ExactClient, "create_invoice", True),
        "before finish": (post, "finish", False),
        "after print": (ExactClient, "print_invoice", True),
    }[moment]
    real = getattr(module, name)

    def die(*args: object, **kwargs: object) -> object:
        if after:
            real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(module, name, die)


def test_an_order_whose_worker_always_dies_is_blocked_and_the_others_flow(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = accounts.find_or_create_account

    def die_for_anna(connection: Any, order: Any, client: Any, **how: Any) -> object:
        if order.id == "1001":
            raise Killed
        return real(connection, order, client, **how)

    monkeypatch.setattr(accounts, "find_or_create_account", die_for_anna)
    acme.ring(1001)
    acme.ring(1012)
    for _ in range(12):
        with suppress(Killed):
            acme.drain()
        acme.make_due()
    assert (acme.document(1001).state, acme.document(1001).reason) == ("blocked", "exhausted")
    assert acme.document(1012).state == "posted"


def test_a_fault_of_ours_in_one_order_does_not_stop_the_lane(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(accounts, "find_or_create_account", fail)
    acme.ring(1001)
    acme.ring(1012)
    acme.drain()
    assert {row.state for row in OrderSync.objects.all()} == {"waiting"}
    assert all("ZeroDivisionError" in row.message for row in OrderSync.objects.all())


def test_what_a_vendor_says_of_a_customer_is_in_the_history_and_not_in_the_log(
    acme: Acme, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise errors.Rejected("Exact refused it", messages=("Invalid: Email [anna@shopper.example]",))

    monkeypatch.setattr(accounts, "find_or_create_account", refuse)
    acme.ring(1001)
    acme.drain()
    assert "anna@shopper.example" in acme.document(1001).message
    assert "document_failed" in caplog.text
    assert "anna@shopper.example" not in caplog.text + capsys.readouterr().err


def test_an_unclear_answer_before_anything_of_the_order_was_sent_is_tried_again(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object, **__: object) -> None:
        raise errors.OutcomeUnknown("no clear answer")

    monkeypatch.setattr(accounts, "find_or_create_account", lose)
    acme.ring(1001)
    acme.drain()
    assert acme.document(1001).state == "waiting"
