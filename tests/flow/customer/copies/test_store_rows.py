"""A customer of the store as a row of our copy: nothing is refused, and numbers come from the configured fields."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connector.clients.bigcommerce.customers import Customer, StoreAddress
from connector.flow.customer.copies.store_rows import FormFields, address_with_vat_number, form_fields_of, row_of
from connector.models import Store, StoreCustomer
from tests.factories import ConnectionFactory, StoreFactory

HOME = StoreAddress(18, "Jo", "Bos", "", "Kade 1", "", "2611 AA", "Delft", "ZH", "NL", "1")
JO = Customer(7, "Jo@shopper.example", "Jo", "Bos", "", "", 2, datetime(2026, 3, 1, tzinfo=UTC), (HOME,))
FIELDS = FormFields(("vat number", "btw"), ("kvk",), ("peppol",))


@pytest.fixture
def store(db: None) -> Store:
    made: Store = StoreFactory.create()
    return made


def test_a_customer_is_kept_as_it_is_written(store: Store) -> None:
    row = row_of(store, JO, FIELDS)
    assert (row.customer_key, row.email, row.name, row.group_id, row.modified_at) == (
        *("7", "Jo@shopper.example", "Jo Bos", 2),
        JO.modified,
    )
    (address,) = row.addresses
    assert address == {
        **{"id": 18, "first_name": "Jo", "last_name": "Bos", "company": "", "street_1": "Kade 1", "street_2": ""},
        **{"postcode": "2611 AA", "city": "Delft", "state": "ZH", "country": "NL", "phone": "1"},
    }


@pytest.mark.parametrize("text", ["x" * 500, "😀" * 500, "\u202e" * 500, "", "Ünïcode & <b>"])
def test_any_text_is_cut_or_kept_and_saved(store: Store, text: str) -> None:
    odd = replace(JO, email=text, first_name=text, last_name=text, company=text, phone=text)
    fields = (("VAT number", text), ("KvK", text), ("Peppol", text))
    home = replace(HOME, first_name=text, company=text, street_1=text, city=text, postcode=text, phone=text)
    row = row_of(store, replace(odd, form_fields=fields, addresses=(home,)), FIELDS)
    row.full_clean(exclude=["email"])  # which is no address: it is kept as the customer wrote it
    row.save()
    kept = StoreCustomer.objects.get()
    assert (kept.company, kept.email, kept.addresses[0]["city"]) == (text[:200], text[:254], text[:200])


def test_a_number_comes_from_the_customers_fields_before_those_of_the_addresses(store: Store) -> None:
    at_home = replace(JO, addresses=(HOME, replace(HOME, id=19, form_fields=(("BTW ", "NL2"), ("KvK", "9")))))
    row = row_of(store, at_home, FIELDS)
    assert (row.vat_number, row.vat_number_field, row.chamber_of_commerce, row.peppol_id) == ("NL2", "BTW ", "9", "")
    assert address_with_vat_number(row) == 19
    own = replace(at_home, form_fields=(("Vat Number", "NL1"), ("Peppol", "0106:1")))
    row = row_of(store, own, FIELDS)
    assert (row.vat_number, row.vat_number_field, row.peppol_id) == ("NL1", "Vat Number", "0106:1")
    assert address_with_vat_number(row) is None


def test_an_empty_field_is_where_a_number_would_be_written(store: Store) -> None:
    row = row_of(store, replace(JO, form_fields=(("Size", "L"), ("VAT number", ""))), FIELDS)
    assert (row.vat_number, row.vat_number_field) == ("", "VAT number")
    assert row_of(store, JO, FIELDS).vat_number_field == ""


def test_the_fields_of_all_connections_of_the_store_count(store: Store) -> None:
    assert form_fields_of(store) == FormFields()
    ConnectionFactory.create(store=store, vat_number_fields=["BTW", "VAT"], chamber_fields=["KvK"])
    ConnectionFactory.create(store=store, mode="shadow", vat_number_fields=["vat ", "TVA"], peppol_fields=["Peppol"])
    assert form_fields_of(store) == FormFields(("btw", "vat", "tva"), ("kvk",), ("peppol",))
