"""Accounts that were deleted in Exact leave the directory, and their customers are matched again."""

import pytest

from connector.clients.exact import accounts
from connector.clients.exact.client import ExactClient
from connector.flow.customer.copies import deleted, directory, missing
from connector.flow.outbound.clients import LaneClients
from connector.models import CustomerLink, DirectoryAccount, Division
from tests.acme import DIVISION, Acme


@pytest.fixture
def division(acme: Acme) -> Division:
    return acme.connection.division


def take_out(division: Division) -> int:
    return deleted.take_out(division, LaneClients(division).exact)


def test_a_deleted_account_is_forgotten_with_one_call_and_once(acme: Acme, division: Division) -> None:
    account = acme.sandbox.exact.add_account(DIVISION, Name="Klant", City="Houtmeer")
    directory.pull(division, LaneClients(division).exact)
    link = CustomerLink.objects.create(store=acme.store, division=division, customer_key="7", account_id=account)
    acme.sandbox.exact.delete_account(DIVISION, account)
    before = acme.exact_calls()
    assert take_out(division) == 1
    assert acme.exact_calls() == before + 1
    assert not DirectoryAccount.objects.filter(account_id=account).exists()
    link.refresh_from_db()
    assert link.account_id == ""
    assert take_out(Division.objects.get(pk=division.pk)) == 0


def test_an_account_in_upper_case_is_the_same_one(acme: Acme, division: Division) -> None:
    account = acme.sandbox.exact.add_account(DIVISION, Name="Klant")
    CustomerLink.objects.create(store=acme.store, division=division, customer_key="7", account_id=account)
    acme.sandbox.exact.delete_account(DIVISION, account)
    for row in acme.sandbox.exact.divisions[DIVISION].table("sync/Deleted").values():
        row["EntityKey"] = row["EntityKey"].upper()
    assert take_out(division) == 1


def test_what_else_was_deleted_and_strangers_are_left_alone(acme: Acme, division: Division) -> None:
    directory.pull(division, LaneClients(division).exact)
    known = DirectoryAccount.objects.count()
    stranger = acme.sandbox.exact.add_account(DIVISION, Name="Klant", City="Houtmeer")
    acme.sandbox.exact.delete_account(DIVISION, stranger)
    assert take_out(division) == 0
    assert DirectoryAccount.objects.count() == known
    assert Division.objects.get(pk=division.pk).deleted_timestamp > 0


def test_what_was_interrupted_goes_on_where_it_was(
    acme: Acme, division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleted, "BATCH", 1)
    gone = [acme.sandbox.exact.add_account(DIVISION, Name=f"Klant {number}") for number in range(3)]
    directory.pull(division, LaneClients(division).exact)
    for account in gone:
        acme.sandbox.exact.delete_account(DIVISION, account)
    forget, done = missing.forget, list[str]()

    def break_off(division: Division, account_id: str, client: ExactClient) -> None:
        if done:
            raise ConnectionError
        done.append(account_id)
        forget(division, account_id, client)

    with monkeypatch.context() as broken:
        broken.setattr(missing, "forget", break_off)
        with pytest.raises(ConnectionError):
            take_out(division)
    assert take_out(Division.objects.get(pk=division.pk)) == 2
    assert not DirectoryAccount.objects.filter(account_id__in=gone).exists()


def test_the_client_says_which_of_the_deleted_are_accounts(acme: Acme, division: Division) -> None:
    account = acme.sandbox.exact.add_account(DIVISION, Name="Klant", City="Houtmeer")
    acme.sandbox.exact.delete_account(DIVISION, account)
    found = list(accounts.deleted_since(LaneClients(division).exact, 0))
    assert [record.account_id for record in found] == ["", account]
