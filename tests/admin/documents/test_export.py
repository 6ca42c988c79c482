"""The files of the ledger: what is filtered and nothing else, for all who may read it, and nothing in them runs."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connector.admin.documents import export
from connector.models import OrderSync
from tenants.models import Tenant, User
from tests.acme import Acme
from tests.factories import OrderSyncFactory

LIST = "/admin/connector/ordersync/"
CSV, XLSX = f"{LIST}export.csv", f"{LIST}export.xlsx"
FORMULAS = ['=HYPERLINK("https://thief.example")', "+31 20 123", "-cmd|'/C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"]
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def file_of(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def text_of(answer: Any) -> str:
    return file_of(answer).decode()


def rows_of(client: Client, delimiter: str = ",", **query: Any) -> list[dict[str, str]]:
    """The rows of the CSV file by its headings."""
    text = text_of(client.get(CSV, query))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def sheet_of(client: Client, **query: Any) -> list[dict[str, tuple[str, str, str]]]:
    """The cells of the Excel file by their column: its kind, text and style."""
    with zipfile.ZipFile(io.BytesIO(file_of(client.get(XLSX, query)))) as file:
        sheet = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
    return [
        {
            cell.attrib["r"].rstrip("0123456789"): (
                cell.attrib.get("t", ""),
                "".join(cell.itertext()),
                cell.attrib.get("s", ""),
            )
            for cell in row
        }
        for row in sheet.iter(f"{NAMESPACE}row")
    ]


@pytest.fixture
def document(acme: Acme) -> OrderSync:
    return OrderSyncFactory.create(
        connection=acme.connection,
        posted=True,
        order_id=1001,
        ordered_on=date(2025, 9, 1),
        exact_number="26700042",
        reference="NL1-1001",
        customer="Zoë de Wit",
        email="zoe@people.example",
        total=Decimal("-25080.2400"),
        currency="EUR",
        payment_status="captured",
        posted_at=datetime(2025, 9, 1, 22, 30, tzinfo=UTC),
    )


def test_a_row_has_what_the_list_has(acme: Acme, owner: Client, document: OrderSync) -> None:
    assert rows_of(owner) == [
        {
            "State": "posted",
            "Cause": "",
            "Order": "1001",
            "Document": "invoice",
            "Order date": "2025-09-01",
            "Invoice": "26700042",
            "Your ref.": "NL1-1001",
            "Customer": "Zoë de Wit",
            "Total": "-25080.24",
            "Currency": "EUR",
            "Payment": "captured",
            "To settle by hand": "",
            "Posted on": "2025-09-02",  # in the organisation's time zone
            "Store": acme.store.name,
            "Connection": str(acme.connection),
        }
    ]


def test_headings_words_and_decimals_are_in_the_readers_language(owner: Client, document: OrderSync) -> None:
    User.objects.update(language="nl")
    (row,) = rows_of(owner, ";")
    assert (row["Besteldatum"], row["Totaal"], row["Uw ref."]) == ("2025-09-01", "-25080,24", "NL1-1001")
    assert "geboekt" in row.values()


@pytest.mark.usefixtures("document")
def test_it_has_what_is_filtered_and_nothing_else(acme: Acme, owner: Client) -> None:
    OrderSyncFactory.create(connection=acme.connection, held=True, order_id=1002, ordered_on=date(2025, 10, 1))
    for query, orders in [
        ({}, ["1002", "1001"]),
        ({"state__exact": "blocked"}, ["1002"]),
        ({"ordered_on_to": "2025-09-30"}, ["1001"]),
        ({"q": "wit"}, ["1001"]),
        ({"ordered_on_from": "never"}, []),
        ({"q": "nobody at all"}, []),
    ]:
        assert [row["Order"] for row in rows_of(owner, **query)] == orders, query
        assert len(sheet_of(owner, **query)) == 1 + len(orders), query


@pytest.mark.usefixtures("document")
def test_a_page_does_not_cut_it_and_a_part_does_not_either(
    acme: Acme, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "A_TIME", 7)
    OrderSyncFactory.create_batch(60, connection=acme.connection)
    with CaptureQueriesContext(connection) as asked:
        assert len(rows_of(owner, p="2")) == 61
    assert len([each for each in asked if "connector_ordersync" in each["sql"]]) <= 5
    assert len(sheet_of(owner)) == 62


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(acme: Acme, owner: Client, text: str) -> None:
    OrderSyncFactory.create(connection=acme.connection, customer=text, total=Decimal(-1))
    (row,) = rows_of(owner)
    assert (row["Customer"], row["Total"]) == (f"'{text}", "-1.00")
    _headings, cells = sheet_of(owner)
    assert cells["H"][0] == "inlineStr"
    assert cells["H"][2] != ""  # the format that keeps it a text
    assert cells["I"][:2] == ("", "-1")


def test_days_and_amounts_are_such_in_excel(owner: Client, document: OrderSync) -> None:
    headings, cells = sheet_of(owner)
    assert headings["E"][1] == "Order date"
    assert cells["E"][:2] == ("", "45901")
    assert cells["I"][:2] == ("", "-25080.24")
    assert cells["F"][:2] == ("inlineStr", "26700042")
    assert "B" not in cells


@pytest.mark.usefixtures("document")
def test_a_file_that_is_too_long_for_excel_is_refused(
    owner: Client, acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_IN_EXCEL", 1)
    assert len(sheet_of(owner)) == 2
    OrderSyncFactory.create(connection=acme.connection)
    answer = owner.get(XLSX, {"q": "", "kind__exact": "invoice"}, follow=True)
    assert answer.redirect_chain == [(f"{LIST}?q=&kind__exact=invoice", 302)]
    assert "Narrow the filter, or take CSV." in answer.content.decode()


@pytest.mark.parametrize("address", [CSV, XLSX])
def test_every_role_of_the_organisation_may_have_it_and_nobody_else(
    acme: Acme, owner: Client, member: Callable[[str, Tenant], Client], document: OrderSync, address: str
) -> None:
    for role in ("viewer", "operator", "accountant", "owner"):
        assert member(role, acme.store.tenant).get(address).status_code == 200
    assert owner.post(address).status_code == 405
    stranger = Client()
    stranger.force_login(User.objects.create(email="nobody@people.example"))
    assert stranger.get(address).headers["Location"].startswith("/admin/login/")
    all_of_them = Client()
    all_of_them.force_login(User.objects.create(email="super@people.example", is_superuser=True, is_staff=True))
    assert all_of_them.get(address).status_code == 403  # of no organisation in particular


@pytest.mark.usefixtures("document")
def test_another_organisations_documents_never_leave(owner: Client) -> None:
    others = OrderSyncFactory.create(order_id=7_654_321, customer="Somebody Else")
    for query in ({}, {"q": "7654321"}, {"store": others.connection.store_id}):
        assert "7654321" not in text_of(owner.get(CSV, query))
        assert all("7654321" not in str(row) for row in sheet_of(owner, **query))
    by_connection = {"connection__id__exact": others.connection_id}
    answer = owner.get(CSV, by_connection)
    assert answer.status_code == 302 or "7654321" not in text_of(answer)


def test_an_odd_filter_leads_back_to_the_list(acme: Acme, owner: Client) -> None:
    assert owner.get(CSV, {"no_such": "1"}).headers["Location"] == f"{LIST}?e=1"


def test_the_list_counts_what_is_found_and_leads_to_its_files(owner: Client, document: OrderSync) -> None:
    page = owner.get(LIST, {"q": "wit", "p": "1"}).content.decode()
    assert "1 document ·" in page
    assert f'href="{CSV}?q=wit"' in page
    assert f'href="{XLSX}?q=wit"' in page
    page = owner.get(LIST, {"q": "nobody at all"}).content.decode()
    assert "0 documents" in page
    assert "export.csv" not in page
