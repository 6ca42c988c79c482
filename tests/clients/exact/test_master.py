"""The master data of a division, as it is read."""

from datetime import date

import pytest

from connector.clients.exact import master, wire
from connector.clients.strict_json import Unreadable
from tests.clients.exact.test_client import ID
from tests.clients.exact.test_wire import load


def master_data(kind: str, sample: str) -> list[master.MasterRecord | None]:
    rows, _ = wire.read_list(load(sample))
    return [master.read_record(kind, row, date(2026, 3, 2)) for row in rows]


def test_gl_accounts() -> None:
    (record,) = master_data("gl_account", "gl_accounts_first_page")
    assert record is not None
    assert (record.code, record.name, record.exact_id[:8]) == ("8000", "Sales", "00000010")
    assert record.data == {
        "type": 110,
        "use_cost_center": 1,
        "use_cost_unit": 2,
        "blocked": False,
        "vat_code": "2",
    }


def test_vat_codes_are_trimmed_and_in_percent() -> None:
    domestic, foreign = master_data("vat_code", "vat_codes_as_bare_list")
    assert domestic is not None
    assert foreign is not None
    assert (domestic.code, domestic.data["percentage"], domestic.data["country"]) == ("2", "21", "NL")
    assert (foreign.code, foreign.data["percentage"], foreign.data["oss_country"]) == ("AB", "5.5", "FR")
    assert (domestic.data["type"], foreign.data["blocked"], foreign.data["transaction_type"]) == ("I", True, "S")


def test_items_know_whether_they_ended() -> None:
    mug, old = master_data("item", "items")
    assert mug is not None
    assert old is not None
    assert (mug.data["is_sales"], mug.data["ended"], mug.data["start_date"]) == (True, False, "2020-01-01")
    assert (old.data["is_sales"], old.data["ended"], old.data["end_date"]) == (False, True, "2020-12-31")


@pytest.mark.parametrize("row", [{"Code": "MUG", "ID": ID}, {"Code": "MUG", "ID": ID, "IsSalesItem": None}])
def test_an_item_that_does_not_say_is_not_taken_for_one_that_is_not_for_sale(row: dict[str, object]) -> None:
    record = master.read_record("item", row, date(2026, 3, 2))
    assert record is not None
    assert "is_sales" not in record.data


@pytest.mark.parametrize("kind", [{}, {"Type": None}])
def test_a_layout_that_does_not_say_is_kept(kind: dict[str, object]) -> None:
    assert master.read_record("layout", {"Subject": "Webshop", "ID": ID, **kind}, date(2026, 3, 2)) is not None


def test_of_the_layouts_those_for_mail_do_not_count() -> None:
    document, mail = master_data("layout", "layouts")
    assert document is not None
    assert (document.code, document.name, document.exact_id[:8]) == ("Webshop", "Webshop", "00000030")
    assert mail is None


def test_currencies_have_no_id() -> None:
    (euro,) = master_data("currency", "currencies")
    assert euro is not None
    assert (euro.code, euro.exact_id) == ("EUR", "")
    assert euro.data == {"amount_precision": "0.01", "price_precision": "0.0001"}
    assert master.KINDS["currency"].select == "Code,Description,AmountPrecision,PricePrecision"


def test_a_record_without_a_code_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="a record of hrm/Costcenters without Code"):
        master.read_record("cost_center", {"ID": ID}, date(2026, 3, 2))
