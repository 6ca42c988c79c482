"""The table SKU → item code: pasted or from a file, each mistake at its row, in force with the rules."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from connector.admin.rules.sku_table import FIELD, SkuForm, with_file
from connector.flow.setup import rule_versions
from connector.flow.setup.fit import run as fit_run
from connector.models import FitRun
from tests.acme import STORE, Acme
from tests.admin.pages import RulesPage
from tests.admin.rules.test_editor import in_force
from tests.flow.setup.fit import YEAR


def read(text: str) -> Any:
    form = SkuForm({FIELD: text})
    return form.cleaned_data[FIELD] if form.is_valid() else list(form.errors[FIELD])


@pytest.mark.parametrize(
    "text",
    ["A-1\tX\nB 2\tY", "sku;item\r\nA-1;X\r\n\r\n B 2 ; Y \r\n", 'A-1,X\n"B 2",Y', "A-1;X\nB 2;Y"],
)
def test_a_table_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert read(text) == [{"sku": "A-1", "item": "X"}, {"sku": "B 2", "item": "Y"}]


def test_each_mistake_is_named_by_its_row() -> None:
    assert read("sku;item\nA-1;X\nB;\n\na-1;Y\nC\nD;X;Y\n" + "E" * 201 + ";X") == [
        "Row 3: it needs a SKU and an item code.",
        "Row 5: SKU a-1 stands in row 2 too.",
        "Row 6: it needs a SKU and an item code.",
        "Row 7: it needs a SKU and an item code.",
        "Row 8: the SKU or the item code is too long.",
    ]
    assert "more than 5000 rows" in read("\n".join(f"S{n};X" for n in range(5001)))[0]


@pytest.mark.parametrize("code_page", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_is_read_in_the_code_pages_of_spreadsheets(code_page: str) -> None:
    file = SimpleUploadedFile("skus.csv", "Crème;X\n".encode(code_page))
    assert SkuForm(with_file({FIELD: "old;Y"}, file)).data[FIELD].startswith("Crème;X")


def test_the_table_is_in_force_with_the_rules_and_a_product_has_its_item(acme: Acme, accountant: Client) -> None:
    page = RulesPage(accountant, acme.connection)
    page.fields[FIELD] = "sku;item\nmug-a;NOPE\nMUG-B;SHIP"
    answer = page.save()
    assert list(answer.context["form"].skus.errors[FIELD]) == ["Row 2: division 100001 has no item 'NOPE'."]
    assert in_force(acme).number == 1
    page.fields["sku_file"] = SimpleUploadedFile("skus.csv", b"mug-a;SHIP\n")
    assert page.save().status_code == 302
    assert in_force(acme).sku_items == [{"sku": "mug-a", "item": "SHIP"}]
    assert RulesPage(accountant, acme.connection).fields[FIELD] == "mug-a\tSHIP"
    shown = accountant.get(reverse("admin:connector_ruleversion_change", args=[in_force(acme).pk]))
    assert "1: mug-a → SHIP" in shown.content.decode()


def test_what_if_and_the_page_of_an_order_name_the_table(
    acme: Acme, accountant: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit_run.start, "__kwdefaults__", {**(fit_run.start.__kwdefaults__ or {}), "days": YEAR})
    sku = next(row["sku"] for row in acme.sandbox.stores.store(STORE).orders[1012].products if row["sku"])
    page = RulesPage(accountant, acme.connection)
    page.fields[FIELD] = f"{sku};SHIP"
    accountant.post(page.address, {**page.fields, "try": "1"})
    fit_run.go_on(FitRun.objects.get().pk)
    moved = FitRun.objects.get().moves["by_item"]
    assert "SHIP" in moved
    what_if = accountant.get(reverse("admin:connector_connection_what-if", args=[acme.connection.pk]))
    assert "SHIP" in what_if.content.decode()
    assert page.save().status_code == 302
    acme.ring(1012)
    acme.drain()
    document = acme.document(1012)
    shown = accountant.get(reverse("admin:connector_ordersync_change", args=[document.pk])).content.decode()
    assert "item SHIP (the table of SKUs)" in " ".join(shown.split())


def test_a_version_without_a_table_keeps_the_content_that_its_hash_is_of(acme: Acme) -> None:
    version = in_force(acme)
    assert set(version.content) == {"version", "mapping", "vat", "payment"}
    version.sku_items = [{"sku": "A", "item": "B"}]
    del version.content
    assert version.content["sku_items"] == version.sku_items
    assert rule_versions.as_filed(version)["sku_items"] == version.sku_items
