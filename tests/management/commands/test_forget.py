"""`forget`, as a shell sees it: it forgets, or it writes a file, and says what it did."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError

from connector.flow import leases
from connector.models import Division, OrderSync, StoreCustomer
from tests.acme import Acme
from tests.factories import StoreFactory
from tests.flow.by_hand import post
from tests.flow.records import canary
from tests.flow.records.canary import KEY, ORDER
from tests.management.commands.test_ledger import run

CUSTOMER = ("forget", "--tenant", "demo", "--customer", KEY)


@pytest.fixture
def posted(acme: Acme) -> Acme:
    """Acme, which has posted an order of the customer."""
    canary.rewrite(acme, ORDER)
    post(acme)
    return acme


def test_it_forgets_and_says_so_and_the_chain_is_as_it_was_written(posted: Acme) -> None:
    said = run(*CUSTOMER)
    assert "Forgotten: personal data was removed from 1 documents" in said
    assert "BigCommerce and Exact keep what they have" in said
    assert canary.found() == []
    assert "Nothing was changed" in run("evidence", "--tenant", "demo", "--verify")
    assert "forgotten already" in run(*CUSTOMER)


def test_with_a_file_it_only_writes_the_file(posted: Acme, tmp_path: Path) -> None:
    file, before = tmp_path / "customer.json", canary.found()
    assert "Nothing was forgotten" in run(*CUSTOMER, "--export", str(file))
    assert json.loads(file.read_text())["customer"] == KEY
    assert canary.found() == before
    with pytest.raises(CommandError, match="is there already"):
        run(*CUSTOMER, "--export", str(file))


def test_an_order_that_is_not_finished_is_named(posted: Acme) -> None:
    OrderSync.objects.update(change_pending=True)
    with pytest.raises(CommandError, match=r"waits for a person: 1001\. Post, skip or decide them first\. Nothing was"):
        run(*CUSTOMER)


def test_a_document_that_a_worker_has_is_named(posted: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    find = "connector.flow.records.privacy.subject.Subject.documents"
    had = OrderSync.objects.select_related("connection__store").get()
    monkeypatch.setattr(find, property(lambda subject: _Held([had])))
    OrderSync.objects.update(lease_token=7)
    with pytest.raises(CommandError, match="A worker has order 1001 now"):
        run(*CUSTOMER)


class _Held(list[OrderSync]):
    """Documents as they were read before a worker took them."""

    def filter(self, *_args: object) -> "_Held":
        return self

    def values_list(self, *_args: object, **_named: object) -> list[int]:
        return []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--tenant", "nobody", "--customer", "1"], "There is no tenant 'nobody'"),
        (["--tenant", "demo", "--customer", "4711"], "Nothing is kept of a customer '4711'"),
        (["--tenant", "demo", "--customer", KEY, "--store", "nowhere"], "The tenant has no store 'nowhere'"),
        (["--tenant", "demo", "--customer", KEY, "--export", "/nowhere/file"], "No such file"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(posted: Acme, given: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run("forget", *given)


def test_of_several_stores_both_are_named(posted: Acme) -> None:
    other = StoreFactory.create(tenant=posted.store.tenant)
    StoreCustomer.objects.create(store=other, customer_key=KEY, first_name="Somebody")
    with pytest.raises(CommandError, match=f"nlshop1, {other.store_hash}. Name one with --store"):
        run(*CUSTOMER)
    run(*CUSTOMER, "--store", other.store_hash)
    assert StoreCustomer.objects.get(store=other).first_name == ""
    assert canary.found() != []


def test_a_division_that_a_worker_has_is_named(posted: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.flow.records.forget.PATIENCE_SECONDS", 0.0)
    lease = leases.acquire(Division, posted.connection.division_id)
    assert lease is not None
    with pytest.raises(CommandError, match=r"A worker has .*100001.* now"):
        run(*CUSTOMER)
    leases.release(lease)
    assert "Forgotten: " in run(*CUSTOMER)
    assert canary.found() == []
