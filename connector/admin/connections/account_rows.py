"""Two settings of customers as rows: what a new account gets, and the collective account of each country."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from connector.admin.code_lists import CodeField, CodeLists
from connector.admin.fields.rows import Row, RowsField
from connector.domain.customer.account_rules import is_id
from connector.flow.setup.setting import ACCOUNT
from connector.models import MasterData

BUYERS: Final[Mapping[str, str | Promise]] = {
    "": gettext_lazy("any"),
    "true": gettext_lazy("businesses (valid VAT number)"),
    "false": gettext_lazy("consumers"),
}
_GIVEN: Final = ("payment_condition", "vat_code", "classification")
_MOST = 200


class AccountRulesField(RowsField):
    """The rules of a new account, in the provision file's form. The first that fits decides."""

    def __init__(self, lists: CodeLists, **kwargs: Any) -> None:
        super().__init__(
            {
                "country": (
                    _("Countries"),
                    UnfoldAdminTextInputWidget({"placeholder": "NL, BE", "autocomplete": "off"}),
                ),
                "b2b": (_("Customers"), UnfoldAdminSelectWidget(choices=list(BUYERS.items()))),
                "customer_group": (_("Customer groups"), _text()),
                "payment_condition": (_("Payment condition"), _codes(lists, MasterData.Kind.PAYMENT_CONDITION)),
                "vat_code": (_("VAT code"), _codes(lists, MasterData.Kind.VAT_CODE)),
                "classification": (_("Classification (its id in Exact)"), _text()),
            },
            **kwargs,
        )

    def rows_of(self, value: Any) -> list[Row]:
        """Return a row for each rule."""
        return [_row_of(rule) for rule in value or []]

    def value_of(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Return the rules. Raises ValidationError with each row that is wrong."""
        wrong: list[str] = []
        rules = [_rule_of(number, row, wrong) for number, row in enumerate(rows, 1)]
        if wrong:
            raise ValidationError(wrong)
        return rules


class CountryAccountsField(RowsField):
    """The code of the collective account by country."""

    def __init__(self, lists: CodeLists, **kwargs: Any) -> None:
        super().__init__(
            {
                "country": (_("Country"), _text("NL")),
                "account": (_("Account"), _codes(lists, ACCOUNT)),
            },
            **kwargs,
        )

    def rows_of(self, value: Any) -> list[Row]:
        """Return a row for each country."""
        return [{"country": country, "account": code} for country, code in (value or {}).items()]

    def value_of(self, rows: Sequence[Row]) -> dict[str, str]:
        """Return the accounts by country. Raises ValidationError with each row that is wrong."""
        found: dict[str, str] = {}
        wrong: list[str] = []
        for number, row in enumerate(rows, 1):
            countries = _countries(number, row["country"], wrong)
            if len(countries) != 1 or not row["account"]:
                wrong.append(_("Row %(number)s needs one country and its account.") % {"number": number})
            elif countries[0] in found:
                wrong.append(_("Row %(number)s names %(country)s again.") % {"number": number, "country": countries[0]})
            else:
                found[countries[0]] = row["account"][:_MOST]
        if wrong:
            raise ValidationError(wrong)
        return found


def rules_in_words(rules: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say each rule in one line: `NL, businesses (valid VAT number): payment condition 30`."""
    return [_rule_in_words(_row_of(rule)) for rule in rules]


def accounts_in_words(accounts: Mapping[str, str]) -> list[str]:
    """Say the account of each country: `NL: 12`."""
    return [f"{country}: {code}" for country, code in accounts.items()]


def _text(example: str = "") -> UnfoldAdminTextInputWidget:
    return UnfoldAdminTextInputWidget({"autocomplete": "off", "placeholder": example})


def _codes(lists: CodeLists, kind: str) -> Any:
    return CodeField(lists, kind, required=False).widget


def _row_of(rule: Mapping[str, Any]) -> dict[str, str]:
    when, then = rule["when"], rule["then"]
    business = when.get("b2b")
    return {
        "country": ", ".join(when.get("country") or []),
        "b2b": "" if business is None else str(business).lower(),
        "customer_group": ", ".join(when.get("customer_group") or []),
        **{name: then.get(name) or "" for name in _GIVEN},
    }


def _rule_of(number: int, row: Row, wrong: list[str]) -> dict[str, Any]:
    """Return a row's rule, as the provision file's check leaves it. Adds to `wrong` what is wrong in it."""
    if row["classification"] and not is_id(row["classification"]):
        text = _(
            "Row %(number)s: “%(classification)s” is no id of a classification in Exact. An account takes no code."
        )
        wrong.append(text % {"number": number, "classification": row["classification"]})
    groups = [group for text in row["customer_group"].split(",") if (group := text.strip()[:_MOST])]
    return {
        "when": {
            "country": _countries(number, row["country"], wrong) or None,
            "b2b": {"true": True, "false": False}.get(row["b2b"]),
            "customer_group": groups or None,
        },
        "then": {name: row[name][:_MOST] or None for name in _GIVEN},
    }


def _countries(number: int, typed: str, wrong: list[str]) -> list[str]:
    """Return the countries that were typed: `nl, be`. Adds to `wrong` what is none."""
    words = typed.upper().replace(",", " ").replace(";", " ").split()
    for word in words:
        if not (len(word) == 2 and word.isascii() and word.isalpha()):
            text = _("Row %(number)s: “%(country)s” is no country such as NL.")
            wrong.append(text % {"number": number, "country": word})
    return words


def _rule_in_words(row: Mapping[str, str]) -> str:
    names = {
        "payment_condition": _("payment condition"),
        "vat_code": _("VAT code"),
        "classification": _("classification"),
    }
    who = [row["country"], str(BUYERS[row["b2b"]]) if row["b2b"] else "", row["customer_group"]]
    given = [f"{name} {row[each]}" for each, name in names.items() if row[each]]
    return f"{', '.join(filter(None, who)) or _('all')}: {', '.join(given) or _('nothing')}"
