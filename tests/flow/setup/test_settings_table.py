"""The table of settings has all of a setting, except its column and the code that uses it."""

from datetime import date
from typing import Any, get_type_hints

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Field
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from connector.domain.choices import ItemSettings, ItemStrategy, PostingSettings, VatRounding
from connector.flow.order.terms import settings_of
from connector.flow.setup.provision.export import export
from connector.flow.setup.provision.read_file import read_file
from connector.flow.setup.provision.schema import Refused
from connector.flow.setup.setting import Setting
from connector.flow.setup.settings_table import SETTINGS, values_in, values_of
from connector.models import Connection
from tests.acme import Acme

# What a connection is, and what the program notes of it.
NO_SETTINGS = {"id", "store", "division", "paused_mode", "run_requested_at", "created_at"}
SPARE = {
    "tenant": {"slug": "acme", "name": "Acme"},
    "connections": [{"store": "nlshop1", "division": 100001, "journal": "70"}],
}
CODES_OF_RECEIPTS = ("receipt_journal", "receivable_account", "gift_certificate_account", "store_credit_account")


def setting_named(name: str) -> Setting:
    return next(setting for setting in SETTINGS if setting.name == name)


each_setting = pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)


def column(setting: Setting) -> "Field[Any, Any]":
    found = Connection._meta.get_field(setting.column)
    assert isinstance(found, Field)
    return found


def test_each_column_that_is_a_setting_has_one_row() -> None:
    assert sorted(setting.column for setting in SETTINGS) == sorted(
        field.name for field in Connection._meta.fields if field.name not in NO_SETTINGS
    )
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


def test_what_the_file_leaves_out_has_its_columns_default() -> None:
    values = values_in(read_file(SPARE)["connections"][0])
    assert values == {setting.column: setting.default() for setting in SETTINGS} | {"journal": "70"}


@each_setting
def test_the_file_takes_every_choice_of_a_column_and_no_other(setting: Setting) -> None:
    for value, _ in column(setting).flatchoices:
        assert setting.check(setting.name, value) == value
    if column(setting).flatchoices:
        with pytest.raises(Refused, match="it is one of"):
            setting.check(setting.name, "neither")


def test_the_export_writes_each_where_the_file_has_it_and_is_read_as_the_same(acme: Acme) -> None:
    Connection.objects.update(
        customer_direction="none",
        rounding_limit="0.07",
        collective_account="900",
        **{name: "20" for name in CODES_OF_RECEIPTS},
    )
    exported = export(acme.store.tenant)["connections"][0]
    for setting in SETTINGS:
        group, name = setting.place
        assert name in (exported[group] if group else exported)
    read = read_file(SPARE | {"connections": [exported]})["connections"][0]
    assert values_in(read) == values_of(Connection.objects.get())


def test_the_form_shows_every_setting_that_a_person_can_change() -> None:
    shown = flatten_fieldsets(admin.site._registry[Connection].fieldsets or ())
    assert [name for name in shown if name not in {"store", "division", "next_run"}] == [
        setting.column for setting in SETTINGS if setting.on_form
    ]


def test_the_page_calls_each_what_the_table_calls_it(acme: Acme, client: Client) -> None:
    client.force_login(acme.store.tenant.memberships.get().user)
    page = client.get(reverse("admin:connector_connection_change", args=[acme.connection.pk]))
    fields = page.context["adminform"].form.fields
    called = {name: (field.label, field.help_text) for name, field in fields.items()}
    assert called == {setting.column: (setting.label, setting.help) for setting in SETTINGS if setting.on_form}


def test_who_may_only_look_reads_the_same_words(acme: Acme, client: Client) -> None:
    acme.store.tenant.memberships.update(role="viewer")
    client.force_login(acme.store.tenant.memberships.get().user)
    page = client.get(reverse("admin:connector_connection_change", args=[acme.connection.pk])).content.decode()
    for setting in SETTINGS:
        assert (escape(str(setting.label)) in page) is setting.on_form, setting.name
    assert "By SKU, else the item for other products" in page


def test_each_choice_has_words() -> None:
    for setting in SETTINGS:
        assert all(words for _, words in column(setting).flatchoices)
    assert dict(column(setting_named("edits")).flatchoices) == {
        "review": "Mark it for a person",
        "credit_and_repost": "Credit it and make a new invoice",
        "ignore": "Do nothing",
    }


def test_the_domain_has_each_setting_under_its_columns_name_and_as_its_own_type(acme: Acme) -> None:
    Connection.objects.update(vat_rounding="code", item_strategy="sku", post_statuses=[11, 2], start_date="2026-02-01")
    settings = settings_of(Connection.objects.get())
    assert settings.vat_rounding is VatRounding.CODE
    assert settings.items.strategy is ItemStrategy.SKU
    assert settings.post_statuses == frozenset({2, 11})
    assert settings.start_date == date(2026, 2, 1)
    assert isinstance(settings.vat_number_fields, tuple)


def test_what_the_domain_reads_is_a_column_of_the_connection_of_its_store_or_of_its_division() -> None:
    columns = {field.name for field in Connection._meta.fields}
    assert set(get_type_hints(PostingSettings)) - columns == {"prefix", "time_zone", "home_currency", "items"}
    assert {f"item_{name}" for name in get_type_hints(ItemSettings)} <= columns
