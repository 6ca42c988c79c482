"""An account that cannot be read has an alert until it is right again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import cast

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connector.clients.exact.client import ExactClient
from connector.clients.exact.records import Account, read_account
from connector.clients.rows import Odd, OddRow
from connector.domain.customer.customer import buyer
from connector.domain.customer.names import fitting
from connector.domain.customer.postcodes import Place
from connector.domain.order.model import Address
from connector.flow.clock import database_now
from connector.flow.customer.copies import directory
from connector.flow.inbox import exact_webhook
from connector.flow.outbound.clients import LaneClients
from connector.models import Alert, DirectoryAccount, Division
from tests.acme import Acme


class Changed:
    """An Exact in which these accounts changed since the last pull: readable ones by their codes, and odd ones."""

    def __init__(self, *codes: str, odd: tuple[str, ...] = ()) -> None:
        self.codes, self.odd = codes, odd

    def accounts_since(self, timestamp: int, odd: Odd) -> Iterator[Account]:
        for name in self.odd:
            odd(OddRow(name, "ID is missing"))
        for place, code in enumerate(self.codes, 1):
            yield read_account({"ID": f"id-{code}", "Code": code, "Name": code, "Timestamp": timestamp + place})


def pull(division: Division, exact: Changed) -> str:
    """Pull what changed. Return the text of the open alert; "" for none."""
    directory.pull(division, cast(ExactClient, exact))
    division.refresh_from_db()
    return "".join(Alert.objects.filter(closed_at=None).values_list("text", flat=True))


@pytest.fixture
def division(acme: Acme) -> Division:
    found = acme.connection.division
    found.accounts_timestamp = 1
    return found


def test_the_alert_stays_until_each_account_was_read(division: Division) -> None:
    assert "2 rows of the list of accounts" in pull(division, Changed("100", odd=("201", "202")))
    assert "201: ID is missing" in pull(division, Changed("101"))
    left = pull(division, Changed("201"))
    assert ("202: ID is missing" in left, "201:" in left) == (True, False)
    assert "203: ID is missing" in pull(division, Changed(odd=("203",)))
    assert pull(division, Changed("202", "203")) == ""
    assert Alert.objects.count() == 1


def test_an_account_without_a_name_cannot_be_known_again(division: Division) -> None:
    assert "a record without an id: ID is missing" in pull(division, Changed(odd=("",)))
    assert pull(division, Changed("100")) == ""


def test_what_an_earlier_release_kept_reads_as_before(division: Division) -> None:
    division.odd_accounts = {"201": "201: ID is missing"}
    assert ": 201: ID is missing." in pull(division, Changed("100"))


def test_a_look_at_all_accounts_forgets_the_earlier_ones(division: Division) -> None:
    pull(division, Changed("100", odd=("201",)))
    division.accounts_timestamp = 0
    assert pull(division, Changed("100")) == ""


def test_what_is_longer_than_its_column_is_cut(division: Division) -> None:
    pull(division, Changed("7" * 30))
    kept = DirectoryAccount.objects.get(account_id=f"id-{'7' * 30}")
    assert (kept.code, kept.name) == ("7" * 20, "7" * 30)


def kept(division: Division, **row: object) -> DirectoryAccount:
    """Read one account as Exact has it, and return how the directory keeps it."""
    return directory.row_of(division, read_account({"ID": "id-1", "Code": "1", **row}))


def test_an_account_is_kept_as_it_is_compared(division: Division) -> None:
    row = kept(
        division,
        Name="Wit, Anna de",
        Phone="06 12345678",
        Postcode="nl-1234 ab",
        Country="NL ",
        AddressLine2="III hoog",
        PaymentConditionSales="30",
        ChamberOfCommerce="12345678",
    )
    assert (row.name_key, row.phone_key, row.postcode_key) == ("anna de wit", "+31612345678", "1234AB")
    assert (row.phone, row.postcode, row.country) == ("06 12345678", "nl-1234 ab", "NL")
    assert (row.address_line2, row.payment_condition, row.chamber_of_commerce) == ("III hoog", "30", "12345678")


def test_odd_values_are_kept_and_compare_with_nothing(division: Division) -> None:
    row = kept(division, Name="🎉" * 300, Phone="📞" * 90, Postcode="9" * 90, Country="Narnia")
    assert (row.name_key, row.phone_key, row.postcode_key, row.country) == ("", "", "", "")
    assert (len(row.name), len(row.phone), len(row.postcode)) == (200, 60, 40)
    row.save()


@pytest.mark.parametrize("name", ["Anna de Wit", "A" * 500])
def test_an_account_is_a_candidate_by_its_name_and_postcode(division: Division, name: str) -> None:
    home = Address(first_name=name, postcode="1234 AB", country="NL", email="anna@shopper.example")
    kept(division, Name=fitting(name), Postcode="1234AB", Country="NL").save()
    found = directory.candidates(division, buyer("5", home, "NLS", "", ()), [])
    assert [(account.id, account.place) for account in found] == [("id-1", Place("NL", "1234AB"))]
    elsewhere = buyer("5", replace(home, postcode="1234 AC"), "NLS", "", ())
    assert directory.candidates(division, elsewhere, []) == []


def read(name: str, modified: datetime | None) -> Account:
    found = read_account({"ID": "an-id", "Code": "100", "Name": name})
    return replace(found, modified=modified)


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [(9, 8, "first"), (9, 9, "second"), (9, 10, "second"), (None, 8, "second"), (9, None, "second")],
)
def test_an_older_read_overwrites_no_newer_copy(
    division: Division, before: int | None, after: int | None, name: str
) -> None:
    for hour, text in ((before, "first"), (after, "second")):
        at = None if hour is None else datetime.fromisoformat(f"2026-03-02T{hour:02}:00")
        directory.keep(division, [read(text, at)], database_now())
    assert DirectoryAccount.objects.get(account_id="an-id").name == name


def test_accounts_are_written_by_one_statement_in_the_order_of_their_ids(division: Division) -> None:
    accounts = [replace(read("Klant", None), id=each) for each in ("b", "a", "c")]
    with CaptureQueriesContext(database) as captured:
        directory.keep(division, accounts, database_now())
    (insert,) = [each for each in captured.captured_queries if each["sql"].startswith("INSERT")]
    places = [insert["sql"].index(f"'{each}'") for each in ("a", "b", "c")]
    assert places == sorted(places)
    assert DirectoryAccount.objects.filter(account_id__in=["a", "b", "c"]).count() == len(accounts)


def test_no_account_is_no_statement(division: Division) -> None:
    with CaptureQueriesContext(database) as captured:
        directory.keep(division, [], database_now())
    assert not captured.captured_queries


class Reporting(Changed):
    """An Exact whose webhook reports an account that is new to us while the accounts are read."""

    def accounts_since(self, timestamp: int, odd: Odd) -> Iterator[Account]:
        yield from super().accounts_since(timestamp, odd)
        exact_webhook._make_due(Division.objects.get(accounts_timestamp=timestamp).pk, ["unknown"])


@pytest.mark.parametrize("exact", [Changed, Reporting])
def test_a_list_that_became_stale_while_it_was_read_stays_so(division: Division, exact: type[Changed]) -> None:
    Division.objects.filter(pk=division.pk).update(accounts_read_at=database_now(), accounts_timestamp=1)
    division.refresh_from_db()
    pull(division, exact("100"))
    assert directory.is_fresh(division) is (exact is Changed)


def test_two_numbers_of_an_address_are_not_one() -> None:
    streets = ("Kade 12", "Kade 1 2", "Kade 12 3", "Kade 123")
    assert len({directory.address_fingerprint(each, "1012 AB", "Utrecht", "NL") for each in streets}) == len(streets)
    alike = {directory.address_fingerprint("Kade 1 2", code, "Utrecht", "NL") for code in ("111 22", "11122")}
    assert len(alike) == 1


def test_what_was_found_before_a_pull_ended_is_kept_and_the_next_one_goes_on(
    division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "BATCH", 50)
    Division.objects.update(accounts_timestamp=0)
    division.refresh_from_db()
    client, pages = LaneClients(division).exact, list[int]()

    def end(count: int) -> None:
        pages.append(count)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        directory.pull(division, client, end)
    assert pages == [50]
    first = Division.objects.get(pk=division.pk).accounts_timestamp
    assert first > 0
    rest = directory.pull(Division.objects.select_related("grant__tenant").get(pk=division.pk), client)
    assert rest == DirectoryAccount.objects.count() - 50
