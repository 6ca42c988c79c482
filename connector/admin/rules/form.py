"""All rules of a connection as one form: three lists of rows, the note, and the version that the person saw."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from connector.admin.code_lists import CodeLists
from connector.admin.rules.rows import MappingRow, PaymentRow, RuleRow, VatRow
from connector.admin.rules.sku_table import FIELD, SkuForm
from connector.domain.document.states import LONGEST_REASON
from connector.flow.setup import codes
from connector.flow.setup.rule_versions import as_filed
from connector.models import Connection, RuleVersion

MOST = 500  # rules of a kind
STEP = 10
SECTIONS: Mapping[str, tuple[Promise, Promise, type[RuleRow]]] = {
    "rules": (
        _("Mapping rules"),
        _(
            "Where a line of an order is booked. The first rule that fits a line decides. Gift certificates and "
            "rounding need a rule that names their kind of line."
        ),
        MappingRow,
    ),
    "vat": (
        _("VAT rules"),
        _(
            "Which VAT code a line gets. If no rule fits, the division's VAT code with the line's rate is used, when "
            "there is exactly one."
        ),
        VatRow,
    ),
    "payment_conditions": (
        _("Payment conditions"),
        _("Which payment condition an order gets. If no rule fits, Exact uses the customer's own."),
        PaymentRow,
    ),
}


class NoteForm(forms.Form):
    """The reason of the change, the version that was loaded, and the newest version that the person saw."""

    loaded = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
    note = forms.CharField(
        max_length=LONGEST_REASON,
        label=_("What changes, and why"),
        help_text=_("The new version keeps it, with your name."),
        widget=UnfoldAdminTextInputWidget({"placeholder": _("Shipping to Belgium has its own account")}),
    )


if TYPE_CHECKING:  # generic for the type checker only
    AnyFormSet = BaseFormSet[Any]
else:
    AnyFormSet = BaseFormSet


class _RuleSet(AnyFormSet):
    deletion_widget = UnfoldBooleanWidget


class Section:
    """The rows of one kind of rule."""

    def __init__(self, key: str, filed: list[Any], lists: CodeLists, data: Any) -> None:
        self.key = key
        self.is_folded = False
        self.title, self.meaning, row = SECTIONS[key]
        rows = formset_factory(row, formset=_RuleSet, extra=1, can_delete=True, max_num=MOST, validate_max=True)
        initial = [row.initial_of(rule.get("priority", place), rule) for place, rule in enumerate(filed, 1)]
        self.formset: AnyFormSet = rows(data, initial=initial, prefix=key, form_kwargs={"lists": lists})
        self.step = STEP if key == "rules" else 1

    @property
    def rows(self) -> list[RuleRow]:
        """All rows in the order of their numbers. The last is empty, for browsers without scripts."""
        return sorted(self.formset.forms, key=_shown_position)

    def kept(self) -> list[RuleRow]:
        """Return the rows that become rules, in order. All rows must be valid."""
        wanted = [row for row in self.formset.forms if row not in self.formset.deleted_forms]
        filled = [row for row in wanted if row.has_changed() or row.initial]
        return sorted(filled, key=lambda row: _position(row.cleaned_data.get("position")))

    def filed(self) -> list[dict[str, Any]]:
        """Return the rules in the provision file's form. A row without a number comes last."""
        rules, last = [], 0
        for row in self.kept():
            typed = row.cleaned_data.get("position")
            last = last + self.step if typed is None else typed
            rules.append(row.rule(last))
        return rules


def _position(value: Any) -> float:
    return float("inf") if value is None else float(value)


def _shown_position(row: RuleRow) -> float:
    value = str(row["position"].value() or "")
    return float(value) if value.isdecimal() else float("inf")


class RuleForm:
    """The whole page. `overtaken`: another person saved a version after this one was loaded.

    `draft` are rules in the provision file's form that the page begins with, instead of those in force.
    """

    def __init__(
        self,
        connection: Connection,
        present: RuleVersion | None,
        data: Any = None,
        *,
        draft: Mapping[str, Any] | None = None,
    ) -> None:
        self.connection = connection
        self.overtaken = ""
        self.failed = data is not None
        lists = CodeLists(connection.division)
        number = present.number if present else 0
        self.note = NoteForm(data, initial={"loaded": number, "seen": number})
        self.tries = data is not None and "try" in data  # that needs no note
        self.note.fields["note"].required = not self.tries
        filed = draft if data is None and draft else as_filed(present if data is None else self._loaded())
        self.sections = [Section(key, filed[key], lists, data) for key in SECTIONS]
        self.skus = SkuForm(data, initial={FIELD: filed.get(FIELD, [])})
        self.media = self.note.media + self.skus.media
        for section in self.sections:
            self.media += section.formset.empty_form.media

    def _loaded(self) -> RuleVersion | None:
        """Return the version that was loaded when the page was opened."""
        self.note.is_valid()
        return self.connection.rule_versions.filter(number=self.note.cleaned_data.get("loaded", 0)).first()

    def is_valid(self) -> bool:
        """Check the whole page and put each problem at its row and field."""
        valid = [self.note.is_valid(), self.skus.is_valid(), *(section.formset.is_valid() for section in self.sections)]
        if not all(valid[1:]):
            return False
        return not self._codes_missing() and all(valid)

    def _codes_missing(self) -> bool:
        kept = {section.key: section.kept() for section in self.sections}
        known = codes.known_of(self.connection.division)
        problems = list(codes.rule_problems(self.filed(), known, self.connection.document))
        lines = self.skus.lines()
        for place, text in problems:
            if place.section == FIELD:
                self.skus.add_error(FIELD, _at_row(lines[place.row], text))
                continue
            field = place.field.removeprefix("then.").replace("tax_as_line.", "tax_")
            kept[place.section][place.row].add_error(field, text[:1].upper() + text[1:])
        return bool(problems)

    def filed(self) -> dict[str, Any]:
        """Return all rules in the provision file's form."""
        return {**{section.key: section.filed() for section in self.sections}, FIELD: self.skus.cleaned_data[FIELD]}

    def overtake(self, text: str, present: RuleVersion | None) -> None:
        """Keep the person's entries and show the other version. Saving again replaces that version."""
        self.overtaken = text
        self.note = NoteForm(initial={**self.note.cleaned_data, "seen": present.number if present else 0})

    def errors(self) -> Iterator[str]:
        """Yield the problems of a whole list. Other problems are shown at their rows."""
        for section in self.sections:
            yield from map(str, section.formset.non_form_errors())


def _at_row(line: int, text: str) -> str:
    return gettext("Row %(row)s: %(problem)s") % {"row": line, "problem": text}
