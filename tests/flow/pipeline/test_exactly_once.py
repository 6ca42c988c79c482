"""With any fault between us and the vendors, each order becomes one invoice or one visible exception."""

from contextlib import suppress
from typing import Any

import pytest

from connector.clients import errors
from connector.clients.exact.client import ExactClient
from connector.flow.customer.account import accounts
from connector.flow.invoice import post
from connector.models import OrderSync
from tests.acme import Acme

CREATE, PRINT = "*salesinvoice/SalesInvoices*", "*salesinvoice/PrintedSalesInvoices*"
BREAKS = ["close_before", "close_after", "500_before", "500_after", "503_html", "200_html", "truncated", "garbage_201"]
REFUSALS = ["429_minute", "429_day"]


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
