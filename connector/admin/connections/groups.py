"""The settings of a connection by subject. All but the first group are folded; a heading says the present values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Field
from django.utils.translation import gettext as _

from connector.admin.connections.account_rows import accounts_in_words, rules_in_words
from connector.admin.connections.form import status_name
from connector.flow.setup.setting import Group, Setting, Shown
from connector.models import Connection

MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page. One that is folded has a summary; it is open when a field in it has an error."""

    fieldset: Any
    folded: bool = False
    summary: str = ""
    wrong: bool = False


def parts(page: Any, groups: Iterable[Group]) -> list[Part]:
    """Return the parts of a page (an AdminForm) in order. Those of the groups are folded."""
    titled = {group.title: group for group in groups}
    return [
        Part(fieldset, True, summary(group, page.form.instance), bool(set(group.columns) & set(page.form.errors)))
        if (group := titled.get(fieldset.name))
        else Part(fieldset)
        for fieldset in page
    ]


def summary(group: Group, connection: Connection) -> str:
    """Say the values of a group: those that have a name for it, and any other that is not the default."""
    said = [_said(setting, connection) for setting in group.settings if setting.on_form]
    return " · ".join(each for each in said if each)


def _said(setting: Setting, connection: Connection) -> str:
    """Return one value with its name; "" when there is nothing to say."""
    value = setting.of(connection)
    changed = value != setting.default()
    if not changed and (not setting.brief or value in ("", [])):
        return ""
    name = setting.brief or setting.label
    return str(name) if value is True else _("%(name)s: %(value)s") % {"name": name, "value": _words(setting, value)}


def _words(setting: Setting, value: Any) -> str:
    """Return a value as a person reads it."""
    if setting.shown_as is Shown.ACCOUNT_RULES:
        return _list(rules_in_words(value))
    if setting.shown_as is Shown.COUNTRY_ACCOUNTS:
        return _list(accounts_in_words(value))
    if isinstance(value, list):
        return _list([status_name(one) if setting.shown_as is Shown.STATUSES else str(one) for one in value])
    column = Connection._meta.get_field(setting.column)
    assert isinstance(column, Field)
    if value is False:
        return _("no")
    if isinstance(value, str):
        return str(dict(column.flatchoices).get(value, value)) or _("none")
    return str(value)


def _list(names: list[str]) -> str:
    """Name the first few, and count the others."""
    first = ", ".join(names[:MOST_NAMED]) or _("none")
    others = len(names) - MOST_NAMED
    return _("%(names)s and %(count)s more") % {"names": first, "count": others} if others > 0 else first
