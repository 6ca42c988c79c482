"""The table of settings has all of a setting, except its column and the code that uses it."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Field
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from connector.flow.setup.provision.schema import Refused
from connector.flow.setup.setting import Setting
from connector.flow.setup.settings_table import SETTINGS
from connector.models import Connection
from tests.acme import Acme

# What a connection is, and what the program notes of it.
NO_SETTINGS = {"id", "store", "division", "paused_mode", "run_requested_at", "closed_months", "created_at"}


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


@each_setting
def test_the_file_takes_every_choice_of_a_column_and_no_other(setting: Setting) -> None:
    for value, _ in column(setting).flatchoices:
        assert setting.check(setting.name, value) == value
    if column(setting).flatchoices:
        with pytest.raises(Refused, match="it is one of"):
            setting.check(setting.name, "neither")


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
