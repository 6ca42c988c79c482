"""What the steps share: who walks them and how far, and the forms with their errors."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from connector.flow.setup.connection_test.findings import Finding
from connector.flow.setup.progress import Progress
from connector.onboarding.drafts import Draft
from tenants.models import Tenant, User
from tenants.typed import validate_name


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of an owner for a step that is due."""

    request: HttpRequest
    user: User
    tenant: Tenant
    progress: Progress
    draft: Draft


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step. `show` returns what its template needs. `act` does what was pressed.

    `act` returns True when the step is done, False to come back to its page, or an answer of its own.
    """

    title: Callable[[], str]
    show: Callable[[Visit], dict[str, Any]]
    act: Callable[[Visit], bool | HttpResponse]


class StepForm(forms.Form):
    """The fields of a step. Nothing is required by the form itself: the step says what is missing, and where."""

    error_css_class = "wrong"

    @classmethod
    def filled(
        cls, typed: Mapping[str, str], errors: Mapping[str, list[str]], kept: Collection[str] = ()
    ) -> "StepForm":
        """Return the form with what was typed, and with the errors of the last try.

        `kept`: the secrets that are not shown and need not be typed. One with an error is not called kept.
        """
        form = cls(data=dict(typed))
        for name in set(kept) - set(errors):
            form.fields[name].help_text = _("Kept. Leave it empty to use it, or type a new one over it.")
        for name, texts in errors.items():
            if name in form.fields:
                form.add_error(name, texts)
        return form

    def texts(self) -> dict[str, str]:
        """Return what was typed, without blanks around it. What is too long is left out, and is an error."""
        self.full_clean()
        return {name: str(self.cleaned_data.get(name, "")).strip() for name in self.fields}


def secret(label: Any, help_text: Any = "") -> forms.CharField:
    """Return a field whose value no page shows."""
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=1000, widget=widget)


def text(label: Any, help_text: Any = "", *, longest: int = 200, **attrs: str) -> forms.CharField:
    """Return a field for a line of text."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attrs})
    checks = [validate_name]
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=longest, widget=widget, validators=checks
    )


def missing(typed: Mapping[str, str], needed: Mapping[str, str]) -> dict[str, list[str]]:
    """Return an error for each empty field. `needed` has an example of right for each."""
    words = _("This is missing. It looks like %(example)s.")
    return {name: [words % {"example": example}] for name, example in needed.items() if not typed.get(name)}


def as_row(finding: Finding) -> dict[str, Any]:
    """Return a finding as a draft keeps it."""
    return {"name": finding.name, "ok": finding.ok, "text": finding.text, "todo": finding.what_to_do}
