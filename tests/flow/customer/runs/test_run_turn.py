"""A turn writes under the lane's lease, and only where the connection lets it."""

from datetime import datetime
from typing import Any

import pytest

from connector.flow import leases
from connector.flow.clock import database_now
from connector.flow.customer.copies import directory, missing, store_copy
from connector.flow.customer.copies.store_copy import Read
from connector.flow.customer.runs import make_missing, run_turn
from connector.flow.customer.runs import run as customer_run
from connector.flow.lane import wakeup
from connector.flow.outbound.clients import LaneClients
from connector.models import (
    Connection,
    CustomerLink,
    CustomerMatch,
    CustomerRun,
    DirectoryAccount,
    Division,
    OrderSync,
    StoreCustomer,
)
from tests.acme import DIVISION, Acme
from tests.bench.customers.placed import writes
from tests.flow.customer.pulling import begin, furnish, one_step, turns
from tests.flow.reconcile.conftest import shop_of

pytestmark = pytest.mark.django_db


def test_a_second_run_writes_nothing_and_reads_little(acme: Acme) -> None:
    furnish(acme)
    turns(begin(acme))
    written, in_exact, in_store = writes(acme), acme.exact_calls(), acme.store_calls()
    again = turns(begin(acme))
    assert (again.linked, again.created, again.updated) == (0, 0, 0)
    assert writes(acme) == written
    assert acme.exact_calls() - in_exact <= 2  # accounts, and what was deleted
    assert acme.store_calls() - in_store <= 2


def test_a_persons_run_finds_an_address_whose_change_did_not_count_as_the_customers(acme: Acme) -> None:
    furnish(acme)
    turns(begin(acme))
    shop = shop_of(acme)
    address = next(iter(shop.addresses.values()))
    shop.change_address(address["id"], city="Waterbroek")
    run = turns(begin(acme))
    copy = StoreCustomer.objects.get(customer_key=str(address["customer_id"]))
    assert copy.addresses[0]["city"] == "Waterbroek"
    assert run.updated == 1


@pytest.mark.parametrize(
    "changes",
    [{"customer_strategy": "match"}, {"customer_direction": "to_store"}, {"mode": "shadow"}],
)
def test_accounts_are_made_only_where_orders_make_them(acme: Acme, changes: dict[str, str]) -> None:
    furnish(acme)
    Connection.objects.update(**changes)
    acme.connection.refresh_from_db()
    before = acme.exact_calls("*/crm/Accounts*")
    run = turns(begin(acme))
    assert (run.state, run.created, acme.exact_calls("*/crm/Accounts*")) == ("finished", 0, before)
    assert run.linked > 0
    assert CustomerMatch.objects.filter(outcome="new").exists()


def test_while_a_worker_has_the_lane_nothing_is_written(acme: Acme) -> None:
    furnish(acme)
    run = begin(acme)
    while run.step != "write":
        one_step(run)
    lease = leases.acquire(Division, acme.connection.division_id)
    assert lease is not None
    assert (turns(run, 1).step, run.created) == ("write", 0)
    assert run.due_at is not None
    assert run.due_at > database_now()
    leases.release(lease)
    run.due_at = database_now()
    run.save()
    assert turns(run).state == "finished"


def test_an_order_that_came_meanwhile_is_worked_on_next(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(acme)
    run, woken, make_some = begin(acme), list[int](), make_missing.make_some
    while run.step != "write":
        one_step(run)

    def comes_meanwhile(*given: object) -> bool:
        row = OrderSync.invoice_row(acme.connection, 1030, due_at=database_now(), request="")
        if not OrderSync.objects.exists():
            row.save()
        return make_some(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(make_missing, "make_some", comes_meanwhile)
    monkeypatch.setattr(wakeup, "hand_back", woken.append)
    customer_run.go_on(run.pk)
    run.refresh_from_db()
    assert woken == [acme.connection.division_id]
    assert (run.state, run.step) == ("running", "write")


def test_what_was_made_before_a_call_failed_counts(acme: Acme) -> None:
    furnish(acme)
    run = begin(acme)
    acme.sandbox.exact.faults.add("503_html", "POST", "*/crm/Accounts", skip=2)
    while run.step != "write":
        one_step(run)
    customer_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.created, run.failures) == ("running", 2, 1)
    acme.make_due()
    run.due_at = database_now()
    run.save()
    assert turns(run).state == "finished"
    made = [row for row in acme.sandbox.exact.accounts(100001) if str(row.get("SearchCode")).startswith("NLS-")]
    assert len(made) - run.linked <= run.created


def test_a_pull_compares_what_may_have_changed_and_a_push_all(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(acme)
    turns(begin(acme))
    turns(begin(acme))  # reads the accounts that the first one has made
    seen: list[tuple[list[int], bool]] = []

    def noted(links: list[CustomerLink], clients: object, *, make_equal: bool, **more: object) -> dict[int, object]:
        seen.append(([link.pk for link in links], make_equal))
        return {}

    monkeypatch.setattr(run_turn, "bring_all_in_step", noted)
    long_ago = database_now().replace(year=2020)
    DirectoryAccount.objects.update(modified_at=long_ago)
    CustomerLink.objects.update(in_step_at=database_now(), due_at=None)
    turns(begin(acme))
    assert seen == []
    first, second, *_rest = CustomerLink.objects.order_by("pk")
    CustomerLink.objects.filter(pk=first.pk).update(due_at=database_now())
    DirectoryAccount.objects.filter(account_id=second.account_id).update(modified_at=database_now())
    turns(begin(acme))
    assert seen == [([first.pk, second.pk], False)]
    CustomerLink.objects.filter(pk=first.pk).update(due_at=database_now())
    monkeypatch.setattr(store_copy, "read_page", lambda *given, **more: Read(0, frozenset()))
    StoreCustomer.objects.filter(customer_key=first.customer_key).update(due_at=database_now())
    DirectoryAccount.objects.filter(account_id=second.account_id).update(due_at=database_now())
    turns(begin(acme))
    assert seen[1:] == []  # each has a side that is to be read first
    StoreCustomer.objects.update(due_at=None)
    DirectoryAccount.objects.update(due_at=None)
    turns(begin(acme, "push"))
    links = CustomerLink.objects.exclude(account_id="").order_by("pk").values_list("pk", flat=True)
    assert seen[1:] == [(list(links), True)]


def test_accounts_are_read_a_page_at_a_time_and_a_pause_is_seen_after_each(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "BATCH", 50)
    Division.objects.update(accounts_timestamp=0)
    run, keep = begin(acme), directory.keep

    def keep_and_pause(*given: Any) -> None:
        keep(*given)
        customer_run.pause(run)

    with monkeypatch.context() as patch:
        patch.setattr(directory, "keep", keep_and_pause)
        customer_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.step, run.accounts) == ("paused", "accounts", 50)
    customer_run.resume(run)
    turns(run)
    assert (run.state, run.accounts) == ("finished", DirectoryAccount.objects.count() - run.created)


def test_a_pause_is_seen_after_each_account_that_is_forgotten_and_the_next_turn_goes_on(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = [acme.sandbox.exact.add_account(DIVISION, Name=f"Klant {number}") for number in range(3)]
    directory.pull(acme.connection.division, LaneClients(acme.connection.division).exact)
    for account in gone:
        acme.sandbox.exact.delete_account(DIVISION, account)
    run, forget, ends = begin(acme), missing.forget, list[datetime]()

    def forget_and_pause(*given: Any) -> None:
        CustomerRun.objects.update(lease_until=database_now())
        forget(*given)
        customer_run.pause(run)

    renew = leases.renew

    def noted(lease: leases.Lease) -> None:
        renew(lease)
        ends.append(CustomerRun.objects.get(pk=run.pk).lease_until or database_now())

    with monkeypatch.context() as patch:
        patch.setattr(missing, "forget", forget_and_pause)
        patch.setattr(leases, "renew", noted)
        customer_run.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.step, run.handled) == ("paused", "accounts", 1)
    assert ends[-1] > database_now()  # renewed after the account
    assert DirectoryAccount.objects.filter(account_id__in=gone).count() == 2
    customer_run.resume(run)
    assert turns(run).state == "finished"
    assert not DirectoryAccount.objects.filter(account_id__in=gone).exists()
