"""The form of a connection: every setting in plain words, with lists of the division's codes."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminExpandableTextareaWidget,
)

from connector.admin.code_lists import CodeField, CodeLists, LinesField
from connector.admin.connections.account_rows import AccountRulesField, CountryAccountsField
from connector.admin.fields.days import DayField
from connector.admin.fields.schedule import ScheduleField
from connector.domain.choices import POSTING_MODES, DocumentForm
from connector.domain.order.statuses import ORDER_STATUSES, PAID, UNDONE, UNPAID
from connector.flow.setup import codes
from connector.flow.setup.customer_detail_settings import CUSTOMER_DETAILS
from connector.flow.setup.rule_versions import NONE, as_filed, in_force
from connector.flow.setup.setting import Setting, Shown
from connector.flow.setup.settings_table import SETTINGS, values_of
from connector.models import Connection
from tenants.scoped_admin import ScopedForm


class StatusesField(forms.TypedMultipleChoiceField):
    """Statuses to tick. The value is their numbers in order, so that equal ticks give an equal value."""

    def __init__(self, present: list[Any], **kwargs: Any) -> None:
        numbers = [*PAID, *UNPAID, *UNDONE]
        numbers += [status for status in present if isinstance(status, int) and status not in numbers]
        super().__init__(
            coerce=int,
            choices=[(number, status_name(number)) for number in numbers],
            widget=UnfoldAdminCheckboxSelectMultipleWidget(),
            **kwargs | {"required": False},
        )

    def clean(self, value: Any) -> list[int]:
        """Return sorted numbers. Raises ValidationError for an unknown status."""
        return sorted(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as sets."""
        return {str(one) for one in initial or []} != {str(one) for one in data or []}


def _field_of(setting: Setting, lists: CodeLists, connection: Connection) -> Callable[..., forms.Field] | None:
    """Return what makes the field of a setting; None where the column's own field will do."""
    if setting.kind:
        return partial(CodeField, lists, setting.kind)
    if setting.shown_as is Shown.STATUSES:
        return partial(StatusesField, list(setting.of(connection)))
    if setting.shown_as is Shown.LINES:
        return partial(LinesField, widget=UnfoldAdminExpandableTextareaWidget())
    if setting.shown_as is Shown.ACCOUNT_RULES:
        return partial(AccountRulesField, lists)
    if setting.shown_as is Shown.COUNTRY_ACCOUNTS:
        return partial(CountryAccountsField, lists)
    return {Shown.DAY: DayField, Shown.SCHEDULE: ScheduleField}.get(setting.shown_as) if setting.shown_as else None


def status_name(number: int) -> str:
    """Return what BigCommerce calls a status of an order."""
    return ORDER_STATUSES.get(number) or _("Status %(number)s") % {"number": number}


class ConnectionForm(ScopedForm):
    """Every setting of a connection, checked with the division's master data in the same way as provisioning."""

    class Meta:
        labels: ClassVar[Mapping[str, Any]] = {setting.column: setting.label for setting in SETTINGS}
        help_texts: ClassVar[Mapping[str, Any]] = {setting.column: setting.help for setting in SETTINGS}

    fresh: ClassVar[Connection | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("instance") is None:
            kwargs["instance"] = self.fresh
        super().__init__(*args, **kwargs)
        connection: Connection = self.instance
        lists = CodeLists(connection.division)
        for setting in SETTINGS:
            if setting.column not in self.fields:
                continue
            if make := _field_of(setting, lists, connection):
                self._replace(setting.column, make)
        newer = (*CUSTOMER_DETAILS.columns, "item_bundles")
        self.kept = [name for name in newer if name in self.fields and self.fields[name].required]
        for name in self.kept:
            self.fields[name].required = False

    def _replace(self, name: str, make: Callable[..., forms.Field]) -> None:
        """Replace a setting's field by another kind of field with the same texts."""
        was = self.fields[name]
        self.fields[name] = make(required=was.required, label=was.label, help_text=was.help_text)

    def clean(self) -> dict[str, Any]:
        """Keep a newer setting that was not sent: a program may know the older form. Raises ValidationError."""
        for name in self.kept:
            if self.cleaned_data.get(name) in {None, ""} and name not in self.errors:
                self.cleaned_data[name] = getattr(self.instance, name)
        return super().clean()

    def check_row(self, row: Any) -> None:
        """Raise ValidationError with every problem at its field, also for what the database would refuse."""
        found: dict[str, list[str]] = {}
        for name, text in self.problems(row):
            if name in self.errors:
                continue  # the field has an error already
            where = name if name in self.fields else NON_FIELD_ERRORS
            found.setdefault(where, []).append(text[:1].upper() + text[1:])
        if found:
            raise ValidationError(found)
        super().check_row(row)

    def problems(self, row: Connection) -> list[tuple[str, str]]:
        """Return each problem of the row that would be saved, with the name of its field."""
        known = codes.known_of(row.division, row.collective_account, *row.collective_by_country.values())
        found = codes.setting_problems(values_of(row), known)
        problems = [(setting.column, text) for setting, text in found]
        rules_in_force = as_filed(in_force(row)) if row.pk else NONE
        if "document" in self.changed_data:
            problems += [("document", text) for _, text in codes.rule_problems(rules_in_force, known, row.document)]
        if row.finalize and not row.invoice_template and row.document != DocumentForm.SALES_ENTRY:
            problems.append(("finalize", _("There is no invoice template to print with; choose one.")))
        others = Connection.objects.filter(store=row.store).exclude(pk=row.pk).select_related("store", "division")
        for other in others:
            if other.division_id == row.division_id:
                text = _("%(other)s is there already; change that connection instead.") % {"other": other}
                problems.append((NON_FIELD_ERRORS, text))
            elif row.mode in POSTING_MODES and other.mode in POSTING_MODES:
                text = _(
                    "%(other)s posts the orders of this store already (mode %(mode)s). Set that one to off or shadow "
                    "first."
                )
                problems.append(("mode", text % {"other": other, "mode": other.get_mode_display()}))
        return problems
