"""What the connection's page folds, and what its headings say meanwhile."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Field
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from connector.admin.connections.groups import summary
from connector.flow.setup.setting import Group, Setting, Shown
from connector.flow.setup.settings_table import GROUPS
from connector.models import Connection
from tests.acme import Acme
from tests.admin.pages import shown

TOP, *FOLDED = GROUPS
CUSTOMERS = next(group for group in FOLDED if group.title == "Customers")
ORDERS = next(group for group in FOLDED if "post_statuses" in group.columns)
each_folded = pytest.mark.parametrize(
    ("group", "setting"),
    [(group, setting) for group in FOLDED for setting in group.settings if setting.on_form],
    ids=lambda one: one.name if isinstance(one, Setting) else "",
)


def another_value(setting: Setting) -> tuple[Any, str]:
    """Return a value that is not the default, and how a person reads it."""
    column, default = Connection._meta.get_field(setting.column), setting.default()
    assert isinstance(column, Field)
    if column.flatchoices:
        value, words = next(choice for choice in column.flatchoices if choice[0] != default)
        return value, str(words)
    if isinstance(default, bool):
        return not default, ""
    if setting.shown_as is Shown.ACCOUNT_RULES:
        return [{"when": {"country": ["BE"]}, "then": {"vat_code": "7"}}], "BE: VAT code 7"
    if setting.shown_as is Shown.COUNTRY_ACCOUNTS:
        return {"BE": "12", "NL": "34"}, "BE: 12, NL: 34"
    if isinstance(default, list):
        return ([10], "Completed") if setting.column == "post_statuses" else (["balie@"], "balie@")
    return (Decimal("0.07"), "0.07") if isinstance(default, Decimal) else ("4711", "4711")


@each_folded
def test_a_heading_says_each_value_that_was_changed(group: Group, setting: Setting) -> None:
    value, words = another_value(setting)
    said = summary(group, Connection(**{setting.column: value}))
    assert said != summary(group, Connection())
    assert str(setting.brief or setting.label) in said
    assert words in said


@pytest.mark.parametrize("group", FOLDED, ids=lambda group: group.title)
def test_a_heading_is_never_empty(group: Group) -> None:
    assert summary(group, Connection())


def test_a_heading_is_short() -> None:
    assert summary(CUSTOMERS, Connection(guest_strategy="collective", collective_account="900")) == (
        "With an account: Find the account in Exact, else make one · Guests: Use the collective account · "
        "Collective account: 900"
    )
    many = Connection(placeholder_emails=[f"{number}@" for number in range(9)])
    assert summary(CUSTOMERS, many).endswith("0@, 1@, 2@, 3@, 4@, 5@ and 3 more")
    assert summary(ORDERS, Connection(post_statuses=[], test_orders=True)) == "Statuses: none · Invoice test orders"


def test_an_odd_value_in_the_database_is_said_as_it_is() -> None:
    assert summary(CUSTOMERS, Connection(placeholder_emails={"odd": 1})).endswith(": {'odd': 1}")


def headings(page: str) -> dict[str, tuple[bool, str]]:
    """Return each folded group of a page by its title: whether it is open, and what it says."""
    pattern = r'<details class="settings-group"( open)?>\s*<summary>\s*<h2[^>]*>(.*?)</h2>\s*<span[^>]*>(.*?)</span>'
    return {title: (bool(opened), said) for opened, title, said in re.findall(pattern, page, re.S)}


def test_the_page_has_what_get_started_asks_on_top_and_the_rest_folded(acme: Acme, owner: Client) -> None:
    page = owner.get(reverse("admin:connector_connection_change", args=[acme.connection.pk])).content.decode()
    connection = Connection.objects.get()
    assert headings(page) == {str(group.title): (False, escape(summary(group, connection))) for group in FOLDED}
    top = page[: page.index('<details class="settings-group"')]
    assert [name for name in TOP.columns if f'name="{name}"' not in top] == []
    assert {"mode", "start_date", "schedule", "document", "journal", "item_default"} <= set(TOP.columns)


def test_a_group_with_an_error_is_open(acme: Acme, owner: Client) -> None:
    address = reverse("admin:connector_connection_change", args=[acme.connection.pk])
    typed = shown(owner.get(address).context["adminform"].form)
    typed |= {"guest_strategy": "collective", "collective_account": ""}
    answer = headings(owner.post(address, typed).content.decode())
    assert {title for title, (opened, _) in answer.items() if opened} == {"Customers"}
    assert "Something in it is wrong." in answer["Customers"][1]
