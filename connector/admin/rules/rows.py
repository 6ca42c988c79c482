"""One rule as a row of the editor: its condition and its outcome, in the form of the provision file."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from connector.admin.code_lists import CodeField, CodeLists, LinesField
from connector.admin.rules.versions import condition_text
from connector.domain.order.model import LineKind
from connector.domain.rules.rule_book import MAPPING_KEYS, PAYMENT_KEYS, VAT_KEYS, BadRule, read_when
from connector.models import MasterData
from connector.problems.wording import translated

Kind = MasterData.Kind
WHEN = "when_"
FIRST = ("line", "digital", "country", "state", "postcode_prefix", "rate", "tax_class", "sku", "category", "brand")
LABELS = {
    "line": _("Kind of line"),
    "country": _("Country of delivery"),
    "state": _("State or province"),
    "postcode_prefix": _("Postcode begins with"),
    "rate": _("VAT rate in the shop, %"),
    "tax_class": _("Tax class in the shop"),
    "sku": _("SKU (* stands for any letters)"),
    "category": _("Product category"),
    "pickup_location": _("Place of pick-up"),
    "brand": _("Brand"),
    "currency": _("Currency"),
    "channel": _("Number of the sales channel"),
    "customer_group": _("Customer group"),
    "payment_method": _("Payment method"),
    "b2b": _("Customer"),
    "digital": _("Goods or downloads"),
}
FLAGS = {
    "b2b": {"": _("Any customer"), "true": _("Businesses (valid VAT number)"), "false": _("Private customers")},
    "digital": {"": _("Any"), "true": _("Downloads, and what is charged for them"), "false": _("Goods")},
}


LINE_KINDS = {
    LineKind.PRODUCT: _("product"),
    LineKind.SHIPPING: _("shipping"),
    LineKind.HANDLING: _("handling"),
    LineKind.WRAPPING: _("wrapping"),
    LineKind.FEE: _("fee"),
    LineKind.GIFT_CERTIFICATE: _("gift certificate"),
    LineKind.ROUNDING: _("rounding"),
    LineKind.TAX: _("tax"),
}


class WordsField(LinesField):
    """Several short texts, separated by commas or blanks. The value is a list."""

    def prepare_value(self, value: Any) -> Any:
        """Write a list with commas."""
        return value if isinstance(value, str) or value is None else ", ".join(map(str, value))

    def to_python(self, value: Any) -> Any:
        """Read what people type: `nl, be` or `21 %`."""
        return [word.upper() for word in re.split(r"[\s,;]+", " ".join(super().to_python(value))) if word]


class RatesField(WordsField):
    """Percentages: `21, 9` or `5.5 %`."""

    def to_python(self, value: Any) -> Any:
        """Ignore the per cent sign."""
        return [word for word in super().to_python(str(value or "").replace("%", " "))]


class ManyField(forms.MultipleChoiceField):
    """Several values of a list. A value that is set is shown even when the list does not have it."""

    def __init__(self, options: list[tuple[str, str]], present: list[str], **kwargs: Any) -> None:
        offered = {code for code, _ in options}
        choices = [*options, *((code, code) for code in present if code not in offered)]
        super().__init__(choices=choices, required=False, widget=UnfoldAdminSelect2MultipleWidget(), **kwargs)

    def valid_value(self, value: Any) -> bool:
        """Accept every value. The whole condition is checked later."""
        return True


class RuleRow(forms.Form):
    """What the rows of all three kinds share."""

    keys: ClassVar[frozenset[str]]
    outcomes: ClassVar[Mapping[str, tuple[Promise, str]]]
    """The fields of the outcome: label and kind of master data."""

    is_asked = False  # the address of the page is about it
    anchor = ""  # its name in that address

    position = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, widget=UnfoldAdminIntegerFieldWidget()
    )

    def __init__(self, *args: Any, lists: CodeLists, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = lists
        self.ordered_keys = sorted(self.keys, key=lambda key: (FIRST.index(key) if key in FIRST else len(FIRST), key))
        for key in self.ordered_keys:
            self.fields[WHEN + key] = self._condition_field(key, lists)
        for name, (label, kind) in self.outcomes.items():
            self.fields[name] = CodeField(lists, kind, required=False, label=label)

    def _condition_field(self, key: str, lists: CodeLists) -> forms.Field:
        label = LABELS.get(key, key.replace("_", " ").capitalize())
        present = self.initial.get(WHEN + key) or []
        currencies = lists.choices(Kind.CURRENCY) if key == "currency" else None
        if key == "line":
            kinds = [(kind.value, str(LINE_KINDS[kind])) for kind in LineKind]
            return ManyField(kinds, present, label=label)
        if currencies:
            return ManyField(currencies, present, label=label)
        if key in FLAGS:
            return forms.ChoiceField(
                choices=list(FLAGS[key].items()), required=False, label=label, widget=UnfoldAdminSelectWidget()
            )
        if key in {"country", "currency"}:
            attrs = {"placeholder": "NL, BE" if key == "country" else "EUR"}
            return WordsField(label=label, widget=UnfoldAdminTextInputWidget(attrs))
        if key == "rate":
            return RatesField(label=label, widget=UnfoldAdminTextInputWidget({"placeholder": "21"}))
        return LinesField(
            label=label, widget=UnfoldAdminExpandableTextareaWidget({"placeholder": _("any; one per line")})
        )

    @classmethod
    def initial_of(cls, position: int, rule: Mapping[str, Any]) -> dict[str, Any]:
        """Return the row's values for a rule of the provision file."""
        filed: Mapping[str, Any] = rule["when"]
        when: dict[str, Any] = {key: value if isinstance(value, list) else [value] for key, value in filed.items()}
        when |= {key: str(when[key][0]).casefold() for key in FLAGS.keys() & when.keys()}
        return {
            "position": position,
            "filed": filed,
            **{WHEN + key: value for key, value in when.items()},
            **cls.outcome_of(rule),
        }

    @classmethod
    def outcome_of(cls, rule: Mapping[str, Any]) -> dict[str, str]:
        """Return the fields of the outcome."""
        return {"code": rule["code"]}

    def has_changed(self) -> bool:
        """Treat a row in which only the number was typed as empty."""
        return bool({*self.changed_data} - {"position", "DELETE"})

    def clean(self) -> dict[str, Any]:
        """Check each part of the condition at its field, and check that there is an outcome."""
        cleaned = super().clean() or self.cleaned_data
        for key, value in self.when.items():
            try:
                read_when({key: value}, self.keys)
            except BadRule as error:
                said = translated(error)
                self.add_error(WHEN + key, said[:1].upper() + said[1:])
        self.clean_outcome()
        return cleaned

    def clean_outcome(self) -> None:
        """Require a code."""
        if not self.cleaned_data.get("code"):
            self.add_error("code", gettext("Choose a code."))

    @property
    def when(self) -> dict[str, Any]:
        """The condition in the provision file's form. An unchanged part stays as it was written."""
        filed = self.initial.get("filed", {})
        typed = {key: self._typed(key) for key in (*filed, *self.ordered_keys) if key in self.keys}
        kept = {key for key in filed if WHEN + key not in self.changed_data}
        return {key: filed[key] if key in kept else value for key, value in typed.items() if value not in ("", [])}

    def _typed(self, key: str) -> Any:
        value = self.cleaned_data.get(WHEN + key, "")
        if key in FLAGS:
            return value and value == "true"
        return value[0] if isinstance(value, list) and len(value) == 1 else value

    def rule(self, position: int) -> dict[str, Any]:
        """Return the rule in the provision file's form. The row must be valid."""
        return {"when": self.when, "code": self.cleaned_data["code"]}

    def uses(self, kind: str, code: str) -> bool:
        """Whether the saved rule chooses this code of this kind."""
        return any(of == kind and self.initial.get(name) == code for name, (_label, of) in self.outcomes.items())

    @property
    def is_fresh(self) -> bool:
        """Return whether it is a new row."""
        return not self.initial

    @property
    def sentence(self) -> str:
        """The saved rule in one line: `Country of delivery: NL → GL account 8000 Sales`."""
        when = {key: value for key in self.ordered_keys if (value := self.initial.get(WHEN + key))}
        asked = {
            str(LABELS.get(key, key)): FLAGS[key].get(value, value) if key in FLAGS else value
            for key, value in when.items()
        }
        then = (
            f"{label} {self.lists.label(kind, code)}"
            for name, (label, kind) in self.outcomes.items()
            if (code := self.initial.get(name))
        )
        return f"{condition_text(asked)} → {', '.join(then) or gettext('nothing')}"

    @property
    def takes_all(self) -> bool:
        """Return whether the rule has no condition, so that no rule below it is used."""
        return bool(self.initial) and not any(self.initial.get(WHEN + key) for key in self.keys)

    @property
    def condition_fields(self) -> list[forms.BoundField]:
        """The fields of the condition."""
        return [self[name] for name in self.fields if name.startswith(WHEN)]

    @property
    def outcome_fields(self) -> list[forms.BoundField]:
        """The fields of the outcome."""
        return [self[name] for name in self.outcomes]


class MappingRow(RuleRow):
    """The codes with which a line is booked."""

    keys = MAPPING_KEYS
    outcomes = {
        "gl_account": (_("GL account"), Kind.GL_ACCOUNT),
        "cost_center": (_("Cost centre"), Kind.COST_CENTER),
        "cost_unit": (_("Cost unit"), Kind.COST_UNIT),
        "item": (_("Item instead of the connection's"), Kind.ITEM),
        "vat_code": (_("VAT code instead of the VAT rules'"), Kind.VAT_CODE),
        "warehouse": (_("Warehouse (direct invoices)"), Kind.WAREHOUSE),
    }

    @classmethod
    def outcome_of(cls, rule: Mapping[str, Any]) -> dict[str, str]:
        """Return the codes that the rule chooses."""
        return dict(rule["then"])

    def clean_outcome(self) -> None:
        """Require at least one code."""
        if not any(self.cleaned_data.get(name) for name in self.outcomes):
            self.add_error("gl_account", gettext("Choose where these lines are booked."))

    def rule(self, position: int) -> dict[str, Any]:
        """Return the rule with its number."""
        chosen = {name: self.cleaned_data[name] for name in self.outcomes if self.cleaned_data[name]}
        return {"priority": position, "when": self.when, "then": chosen}


class VatRow(RuleRow):
    """The VAT code of a line, or the separate line for a tax that is not VAT of the division."""

    keys = VAT_KEYS
    outcomes = {
        "code": (_("VAT code"), Kind.VAT_CODE),
        "tax_item": (_("Tax as a separate line: item"), Kind.ITEM),
        "tax_gl_account": (_("and its GL account"), Kind.GL_ACCOUNT),
    }

    @classmethod
    def outcome_of(cls, rule: Mapping[str, Any]) -> dict[str, str]:
        """Return the VAT code and the separate line."""
        own_line = rule.get("tax_as_line") or {}
        tax = {"tax_item": own_line.get("item", ""), "tax_gl_account": own_line.get("gl_account", "")}
        return {"code": rule["code"], **tax}

    def clean_outcome(self) -> None:
        """Require a VAT code, and the GL account of a separate line."""
        super().clean_outcome()
        if self.cleaned_data.get("tax_item") and not self.cleaned_data.get("tax_gl_account"):
            self.add_error("tax_gl_account", gettext("A separate line needs a GL account."))

    def rule(self, position: int) -> dict[str, Any]:
        """Return the rule, with `tax_as_line` only where the tax is a separate line."""
        item, account = self.cleaned_data["tax_item"], self.cleaned_data["tax_gl_account"]
        own_line = {"tax_as_line": {"item": item, "gl_account": account}} if account else {}
        return {**super().rule(position), **own_line}


class PaymentRow(RuleRow):
    """The payment condition of an order."""

    keys = PAYMENT_KEYS
    outcomes = {"code": (_("Payment condition"), Kind.PAYMENT_CONDITION)}
