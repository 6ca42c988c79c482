"""Forms as a browser sends them: all fields of the page, with a person's changes."""

from typing import Any

from django import forms
from django.test import Client
from django.urls import reverse

from connector.admin.rules.form import RuleForm
from connector.models import Connection


def shown(form: Any) -> dict[str, Any]:
    """Return the values of a form by name, as a browser sends them. A box that is not ticked is not sent."""
    values = {field.html_name: field.value() for field in form}
    boxes = {field.html_name for field in form if isinstance(field.field, forms.BooleanField)}
    return {name: value for name, value in values.items() if value is not None and (name not in boxes or value)}


class RulesPage:
    """The rules of a connection, opened in somebody's browser."""

    def __init__(self, client: Client, connection: Connection) -> None:
        self.client = client
        self.address = reverse("admin:connector_connection_rules", args=[connection.pk])
        self.answer = client.get(self.address)
        self.fields: dict[str, Any] = {}
        form = self.answer.context and self.answer.context.get("form")
        if isinstance(form, RuleForm):
            self.fields = shown(form.note) | {"note": "because the books say so"}
            self.fields |= shown(form.skus)
            for section in form.sections:
                self.fields |= shown(section.formset.management_form)
                for row in section.formset.forms:
                    self.fields |= shown(row)

    def add(self, section: str, **typed: Any) -> None:
        """Fill in a new row."""
        number = int(self.fields[f"{section}-TOTAL_FORMS"])
        self.fields[f"{section}-TOTAL_FORMS"] = number + 1
        self.fields |= {f"{section}-{number}-{name}": value for name, value in typed.items()}

    def save(self) -> Any:
        """Press Save."""
        return self.client.post(self.address, self.fields)

    def number_of(self, section: str, **shown_there: Any) -> int:
        """Return the row that shows a value."""
        for number in range(int(self.fields[f"{section}-TOTAL_FORMS"])):
            if all(self.fields.get(f"{section}-{number}-{name}") == value for name, value in shown_there.items()):
                return number
        raise LookupError(shown_there)
