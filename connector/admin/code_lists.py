"""Lists of a division's codes and names, for the settings and rules that take a code.

A short list is an ordinary select. A long list is searched at an address of the division while a person types.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminAutocompleteWidget, UnfoldAdminSelectWidget

from connector.domain.rules.chart import SALES_JOURNAL
from connector.flow.setup.setting import ACCOUNT
from connector.models import Division, MasterData

LONG = 60  # a longer list is searched
FOUND = 50  # a search shows at most so many
LOOKED_AT = 500
DOCUMENT_LAYOUT = 1  # salesinvoice/Layouts, Type
Kind = MasterData.Kind
KINDS = {*Kind.values, ACCOUNT}
_FITS: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    Kind.GL_ACCOUNT: lambda data: not data.get("blocked"),
    Kind.COST_CENTER: lambda data: not data.get("ended"),
    Kind.COST_UNIT: lambda data: not data.get("ended"),
    Kind.VAT_CODE: lambda data: not data.get("blocked") and (data.get("transaction_type") or "B") in {"B", "S"},
    Kind.JOURNAL: lambda data: data.get("type") == SALES_JOURNAL and not data.get("blocked"),
    Kind.LAYOUT: lambda data: data.get("type", DOCUMENT_LAYOUT) == DOCUMENT_LAYOUT,
    Kind.ITEM: lambda data: data.get("is_sales", True) and not data.get("ended"),
    Kind.UNIT: lambda data: data.get("active", True),
    ACCOUNT: lambda data: not data["blocked"],
}


def _rows(division: Division, kind: str) -> QuerySet[Any, tuple[str, str, Any]]:
    if kind == ACCOUNT:
        accounts = division.accounts.exclude(code="").order_by("code")
        return accounts.values_list("code", "name", "blocked")
    return division.master_data.filter(kind=kind).order_by("code").values_list("code", "name", "data")


def _fit(kind: str, rows: QuerySet[Any, tuple[str, str, Any]]) -> list[tuple[str, str]]:
    fits = _FITS.get(kind)
    read = ((code, name, {"blocked": data} if kind == ACCOUNT else data) for code, name, data in rows)
    return [(code, name) for code, name, data in read if fits is None or fits(data)]


def find(division: Division, kind: str, term: str) -> list[tuple[str, str]]:
    """Return code and label of each choice whose code begins with the term or whose name contains it."""
    typed = Q(code__istartswith=term) | Q(name__icontains=term) if term else Q()
    return [(code, _label(code, name)) for code, name in _fit(kind, _rows(division, kind).filter(typed)[:LOOKED_AT])][
        :FOUND
    ]


def _label(code: str, name: str) -> str:
    return code if name in {"", code} else f"{code} {name}"


class CodeLists:
    """The lists of one division for the fields of one page. Each kind is read once."""

    def __init__(self, division: Division) -> None:
        self.division = division
        self.choices = cache(self._choices)
        self._names = cache(self._read_names)

    def _choices(self, kind: str) -> list[tuple[str, str]] | None:
        """Return code and label of each choice; None when there are too many for a short list."""
        rows = _rows(self.division, kind)[: LONG + 1]
        if len(rows) > LONG:
            return None
        return [(code, _label(code, name)) for code, name in _fit(kind, rows)]

    def _read_names(self, kind: str) -> dict[str, str]:
        return {code: name for code, name, _ in _rows(self.division, kind)}

    def label(self, kind: str, code: str) -> str:
        """Return the label of a code that is set, even when the division no longer has it."""
        offered = self.choices(kind)
        if found := dict(offered or ()).get(code):
            return found
        if kind == ACCOUNT:
            names = {found: name for found, name, _ in _rows(self.division, kind).filter(code=code)}
        else:
            names = self._names(kind)
        if code not in names:
            return _("%(code)s (not in the division any more)") % {"code": code}
        name = _label(code, names[code])
        return name if offered is None else _("%(code)s (cannot be used any more)") % {"code": name}

    def search_address(self, kind: str) -> str:
        """Return the address at which a long list is searched."""
        return reverse("admin:connector_division_codes", args=[self.division.pk, kind])


class _KeepsWhatIsSet(forms.Select):
    """Shows the code that is set, even when the list does not have it.

    It renders all options at once: Django renders a template for each, which takes seconds with a hundred rules.
    """

    lists: CodeLists
    kind: str

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        offered = {str(code) for code, _ in self.choices}
        unoffered = [(code, self.lists.label(self.kind, code)) for code in value if code and code not in offered]
        rows = ((code, " selected" if code in value else "", label) for code, label in [*self.choices, *unoffered])
        options = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        return [(None, [{"template_name": "connector/options.html", "options": options}], 0)]


class CodeSelect(_KeepsWhatIsSet, UnfoldAdminSelectWidget):
    """A short list."""

    def __init__(self, lists: CodeLists, kind: str) -> None:
        super().__init__(choices=[("", _("none")), *(lists.choices(kind) or [])])
        self.lists, self.kind = lists, kind


class CodeSearch(_KeepsWhatIsSet, UnfoldAdminAutocompleteWidget):
    """A long list: Unfold's type-ahead, which asks the division."""

    def __init__(self, lists: CodeLists, kind: str) -> None:
        attrs = {"data-ajax--url": lists.search_address(kind)}
        super().__init__(attrs=attrs, choices=[("", "")])
        self.lists, self.kind = lists, kind


class CodeField(forms.CharField):
    """One of the division's codes, or none. The form checks that the division has it."""

    def __init__(self, lists: CodeLists, kind: str, **kwargs: Any) -> None:
        widget = CodeSearch if lists.choices(kind) is None else CodeSelect
        super().__init__(max_length=200, widget=widget(lists, kind), **kwargs)


class LinesField(forms.CharField):
    """Several texts, one per line, or none. The value is a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"required": False})

    def prepare_value(self, value: Any) -> Any:
        """Write a list as lines."""
        return value if isinstance(value, str) or value is None else "\n".join(map(str, value))

    def to_python(self, value: Any) -> Any:
        """Read lines as a list, without empty ones."""
        ProhibitNullCharactersValidator()(value or "")
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as lists."""
        return bool([str(one) for one in initial or []] != self.to_python(data))
