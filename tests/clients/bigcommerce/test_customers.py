"""The store's customers: pages by the last change, ids, changes, and what cannot be read hides no other."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connector.clients.bigcommerce.customers import (
    AddressUpdate,
    Customer,
    CustomerUpdate,
    Place,
    customers_page,
    customers_with_ids,
    read_customer,
    update_address,
    update_customers,
    update_form_fields,
)
from connector.clients.errors import Forbidden, Rejected, UnexpectedResponse
from connector.clients.rows import OddRow
from connector.clients.strict_json import Unreadable
from connector.clients.wording import BadValue
from tests.clients.bigcommerce.test_client import client_of
from tests.clients.scripted import Script, reply

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOME = {
    **{"id": 18, "customer_id": 7, "first_name": "Jo", "last_name": "Bos", "company": "", "address1": "Kade 1"},
    **{"address2": "II", "city": "Delft", "state_or_province": "ZH", "postal_code": "2611 AA", "country_code": "nl"},
    **{"phone": "1", "form_fields": [{"name": "VAT number", "value": "NL1"}]},
}


def row(number: object = 7, at: datetime = NINE, **fields: object) -> dict[str, Any]:
    return {
        **{"id": number, "email": "jo@shopper.example", "first_name": "Jo", "last_name": "Bos", "company": ""},
        **{"phone": "", "customer_group_id": 2, "date_modified": at.strftime("%Y-%m-%dT%H:%M:%SZ"), **fields},
    }


def listed(rows: list[Any], pages: int = 1) -> Any:
    return reply({"data": rows, "meta": {"pagination": {"total_pages": pages}}})


def no_odd(odd: OddRow) -> None:
    raise AssertionError(str(odd))


def test_a_customer_is_read_with_addresses_and_form_fields() -> None:
    fields = [{"name": "Sizes", "value": ["L", "XL"]}, {"name": "Age", "value": 41}, {"name": "Empty", "value": None}]
    found = read_customer(row(addresses=[HOME, {"city": "without an id"}], form_fields=fields))
    assert (found.id, found.email, found.group_id, found.modified) == (7, "jo@shopper.example", 2, NINE)
    assert found.form_fields == (("Sizes", "L, XL"), ("Age", "41"), ("Empty", ""))
    (address,) = found.addresses
    assert (address.street_1, address.street_2, address.postcode, address.state) == ("Kade 1", "II", "2611 AA", "ZH")
    assert (address.country, address.form_fields) == ("NL", (("VAT number", "NL1"),))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("NUL\0 gone ", "NUL gone"),
        ("\ud800half", "half"),
        ("\u202eשלם", "\u202eשלם"),
        ("😀" * 500, "😀" * 500),
        (None, ""),
        (7, ""),
    ],
)
def test_a_text_is_kept_as_far_as_a_database_takes_it(written: object, kept: str) -> None:
    assert read_customer(row(company=written)).company == kept


@pytest.mark.parametrize("country", ["Nederland", "N", "", None, "12", "ÄÖ"])
def test_a_country_that_is_no_code_is_none(country: object) -> None:
    (address,) = read_customer(row(addresses=[HOME | {"country_code": country}])).addresses
    assert address.country == ""


@pytest.mark.parametrize("at", ["", None, "yesterday", 5, "9999-12-31T23:59:59-12:00"])
def test_a_customer_without_a_time_is_a_customer(at: object) -> None:
    assert read_customer(row() | {"date_modified": at}).modified is None


def test_a_customer_without_an_id_is_none() -> None:
    with pytest.raises(Unreadable):
        read_customer(row(number=True))


def test_the_first_page_is_of_all_and_the_next_begins_at_its_last_change() -> None:
    script = Script(listed([row(1), row(2, NINE + timedelta(hours=1))], 2), listed([row(2, NINE + timedelta(hours=1))]))
    client = client_of(script)
    first = customers_page(client, Place(), no_odd)
    assert first.following == Place(NINE + timedelta(hours=1))
    second = customers_page(client, first.following, no_odd)
    assert (second.following, second.until) == (None, NINE + timedelta(hours=1))
    assert script.sent[0].params == {
        **{"include": "addresses,formfields", "sort": "date_modified:asc", "page": "1", "limit": "250"},
    }
    assert script.sent[1].params["date_modified:min"] == "2026-03-01T09:59:59"


def test_customers_of_one_second_are_turned_over_page_by_page() -> None:
    page = customers_page(client_of(Script(listed([row(1)], 9))), Place(NINE, 3), no_odd)
    assert page.following == Place(NINE, 4)
    with pytest.raises(UnexpectedResponse):
        customers_page(client_of(Script(listed([row(1)], 900))), Place(NINE, 100), no_odd)


@pytest.mark.parametrize("times", [(1, 0), (-5, 0)])
def test_a_store_that_does_not_sort_is_not_believed(times: tuple[int, ...]) -> None:
    rows = [row(number, NINE + timedelta(minutes=minutes)) for number, minutes in enumerate(times, 1)]
    with pytest.raises(UnexpectedResponse):
        customers_page(client_of(Script(listed(rows))), Place(NINE), no_odd)


def test_a_list_without_a_number_of_pages_ends_with_a_short_page() -> None:
    rows = [row(number) for number in range(1, 51)]
    assert customers_page(client_of(Script(reply({"data": rows}))), Place(), no_odd).following == Place(NINE)
    assert customers_page(client_of(Script(reply({"data": rows[:49]}))), Place(), no_odd).following is None


def test_a_customer_that_cannot_be_read_is_named_and_the_others_come() -> None:
    odd: list[OddRow] = []
    page = customers_page(client_of(Script(listed([row(0), "text", row(3)]))), Place(), odd.append)
    assert [each.id for each in page.customers] == [3]
    assert [each.what for each in odd] == ["customer", "customer"]


def test_customers_are_read_by_id_fifty_a_call() -> None:
    script = Script(listed([row(1), row(99)]), listed([row(60)]))
    found = customers_with_ids(client_of(script), range(1, 61), no_odd)
    assert sorted(found) == [1, 60]
    assert [len(sent.params["id:in"].split(",")) for sent in script.sent] == [50, 10]
    with pytest.raises(BadValue):
        customers_with_ids(client_of(script), [0], no_odd)


def test_ten_customers_are_changed_by_one_call() -> None:
    script = Script(listed([row(7), row(8)]))
    updates = [CustomerUpdate(7, {"phone": "2", "company": "Bos BV"}), CustomerUpdate(8, form_fields={"VAT": "NL1"})]
    assert update_customers(client_of(script), updates) == {7, 8}
    (sent,) = script.sent
    assert (sent.method, sent.url.rpartition("/v3/")[2]) == ("PUT", "customers")
    assert sent.json == [
        {"id": 7, "phone": "2", "company": "Bos BV"},
        {"id": 8, "form_fields": [{"name": "VAT", "value": "NL1"}]},
    ]
    assert update_customers(client_of(script), []) == set()
    with pytest.raises(BadValue):
        update_customers(client_of(script), [CustomerUpdate(7)] * 11)
    with pytest.raises(BadValue):
        update_customers(client_of(script), [CustomerUpdate(7, {"date_modified": "now"})])


def test_an_address_gets_the_stores_names() -> None:
    script = Script(listed([HOME]))
    changes = {"street_1": "Kade 2", "postcode": "2611 AB", "state": "ZH", "country": "NL"}
    assert update_address(client_of(script), AddressUpdate(18, changes, {"VAT number": "NL2"}))
    assert script.sent[0].json == [
        {
            **{"id": 18, "address1": "Kade 2", "postal_code": "2611 AB", "state_or_province": "ZH"},
            **{"country_code": "NL", "form_fields": [{"name": "VAT number", "value": "NL2"}]},
        }
    ]


def test_an_address_that_is_there_already_is_left_out_of_the_answer() -> None:
    assert not update_address(client_of(Script(listed([]))), AddressUpdate(18, {"city": "Delft"}))


def test_form_fields_are_answered_with_the_customer() -> None:
    script = Script(listed([row(7)]))
    assert update_form_fields(client_of(script), 7, {"VAT": "NL2"})
    assert script.sent[0].json == [{"id": 7, "form_fields": [{"name": "VAT", "value": "NL2"}]}]


@pytest.mark.parametrize(("status", "error"), [(413, Rejected), (422, Rejected), (403, Forbidden)])
def test_a_refusal_is_one(status: int, error: type[Exception]) -> None:
    answer = reply({"status": status, "title": "Update failed.", "errors": {"0.email": "in use"}}, status)
    with pytest.raises(error) as caught:
        update_customers(client_of(Script(answer)), [CustomerUpdate(7, {"email": "x@shopper.example"})])
    assert error is not Forbidden or "store_v2_customers" in str(caught.value)


def test_a_customer_is_a_value() -> None:
    assert read_customer(row()) == Customer(7, "jo@shopper.example", "Jo", "Bos", "", "", 2, NINE)
