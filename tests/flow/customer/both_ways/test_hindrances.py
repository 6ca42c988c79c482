"""Why a change is not carried over, found without a call."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.domain.choices import FieldGroup
from connector.domain.customer.in_step import Move, Step
from connector.domain.document.codes import Code
from connector.flow.clock import database_now
from connector.flow.customer.both_ways import hindrances
from connector.flow.customer.both_ways.pairs import Pair, pairs_of
from connector.models import CustomerLink, DirectoryAccount, StoreCustomer
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 30)
HOME = {"id": 1, "street_1": "Kade 1", "postcode": "1012AB", "city": "Utrecht", "country": "NL"}


@pytest.fixture
def pair() -> Pair:
    connection = ConnectionFactory.create()
    StoreCustomer.objects.create(
        store=connection.store,
        customer_key="7",
        first_name="Vera",
        last_name="Dijk",
        vat_number_field="VAT number",
        addresses=[HOME],
    )
    DirectoryAccount.objects.create(division=connection.division, account_id="a-7", code="7", name="Vera Dijk")
    link = CustomerLink.objects.create(
        store=connection.store, division=connection.division, customer_key="7", search_code="S-7", account_id="a-7"
    )
    return pairs_of([link])[0]


def code_of(pair: Pair, group: FieldGroup, step: Step, **values: str) -> Code | None:
    found = hindrances.of_move(pair, group, Move(step, values))
    return found.code if found else None


def test_a_pair_of_two_open_sides_has_none(pair: Pair) -> None:
    assert hindrances.of_both_sides(pair, TODAY) is None


@pytest.mark.parametrize(
    ("side", "columns", "code"),
    [
        ("customer", {"deleted_at": database_now}, Code.CUSTOMER_DELETED),
        ("account", {"blocked": lambda: True}, Code.ACCOUNT_BLOCKED),
        ("account", {"ends": lambda: date(2026, 11, 1)}, Code.ACCOUNT_ENDED),
    ],
)
def test_a_side_that_is_closed_stops_everything(pair: Pair, side: str, columns: dict[str, Any], code: Code) -> None:
    for name, value in columns.items():
        setattr(getattr(pair, side), name, value())
    found = hindrances.of_both_sides(pair, TODAY)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("group", "values", "code"),
    [
        (FieldGroup.NAMES, {"name": ""}, Code.ACCOUNT_NEEDS_NAME),
        (FieldGroup.NAMES, {"name": "Vera"}, None),
        (FieldGroup.CONTACT, {"email": "no address"}, Code.EMAIL_UNFIT),
        (FieldGroup.CONTACT, {"email": f"{'v' * 200}@dijk.example"}, Code.EMAIL_UNFIT),
        (FieldGroup.CONTACT, {"email": ""}, None),
        (FieldGroup.VAT_NUMBER, {"vat_number": "NL123456789B01"}, Code.VAT_NUMBER_UNFIT),
        (FieldGroup.VAT_NUMBER, {"vat_number": "NL123456782B90"}, None),
        (FieldGroup.VAT_NUMBER, {"vat_number": ""}, None),
        (FieldGroup.ADDRESSES, {"street_1": ""}, None),
    ],
)
def test_what_exact_would_refuse_is_not_sent(
    pair: Pair, group: FieldGroup, values: dict[str, str], code: Code | None
) -> None:
    assert code_of(pair, group, Step.TO_EXACT, **values) == code


def test_a_number_from_outside_the_eu_has_no_form_that_is_known(pair: Pair) -> None:
    pair.store = pair.store.with_group(FieldGroup.ADDRESSES, {**HOME, "country": "CH"})  # type: ignore[dict-item]
    assert code_of(pair, FieldGroup.VAT_NUMBER, Step.TO_EXACT, vat_number="CHE123") is None


@pytest.mark.parametrize(
    ("group", "values", "columns", "code"),
    [
        (FieldGroup.CONTACT, {"email": ""}, {}, Code.STORE_NEEDS_EMAIL),
        (FieldGroup.CONTACT, {"email": "v@dijk.example"}, {}, None),
        (FieldGroup.ADDRESSES, {"city": "Zeist"}, {"addresses": []}, Code.NO_ADDRESS_IN_STORE),
        (FieldGroup.ADDRESSES, {"city": "Zeist"}, {}, None),
        (FieldGroup.VAT_NUMBER, {"vat_number": "1"}, {"vat_number_field": ""}, Code.NO_FIELD_FOR_NUMBER),
        (FieldGroup.VAT_NUMBER, {"vat_number": "1"}, {}, None),
    ],
)
def test_what_the_store_cannot_hold_is_not_sent(
    pair: Pair, group: FieldGroup, values: dict[str, str], columns: dict[str, Any], code: Code | None
) -> None:
    for name, value in columns.items():
        setattr(pair.customer, name, value)
    assert code_of(pair, group, Step.TO_STORE, **values) == code


@pytest.mark.parametrize("step", [Step.TO_STORE, Step.TO_EXACT, Step.CONFLICT])
def test_a_shared_account_goes_to_no_customer_and_takes_nothing_of_one(pair: Pair, step: Step) -> None:
    pair.is_shared = True
    assert code_of(pair, FieldGroup.NAMES, step, name="X") == Code.ACCOUNT_SHARED
    assert code_of(pair, FieldGroup.NAMES, Step.SAME) is None


def test_a_name_of_one_word_waits_for_a_person(pair: Pair) -> None:
    pair.exact = replace(pair.exact, names={"name": "Madonna"})
    found = hindrances.of_move(pair, FieldGroup.NAMES, Move(Step.LEAVE, unfit=True))
    assert found is not None
    assert (found.code, found.params) == (Code.NAME_NOT_DIVIDED, {"name": "Madonna"})


def test_what_stays_anyway_has_no_hindrance(pair: Pair) -> None:
    assert code_of(pair, FieldGroup.NAMES, Step.LEAVE) is None
