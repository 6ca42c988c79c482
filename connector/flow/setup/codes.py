"""Checks that every code exists in its division and may be used, and reports all problems at once.

Settings are read by column, and rules in the form of the provision file. Provisioning and the portal both use this.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from connector.domain.choices import CustomerStrategy, DocumentForm
from connector.domain.rules.chart import RECEIPT_JOURNALS, SALES_JOURNAL, Chart
from connector.flow.order.chart import chart_from, chart_of
from connector.flow.order.master_rows import rows_of
from connector.flow.setup.provision.ask_vendors import VendorAnswers
from connector.flow.setup.provision.schema import Refused
from connector.flow.setup.setting import ACCOUNT, Setting
from connector.flow.setup.settings_table import BY_COLUMN, SETTINGS, values_in
from connector.models import Division, MasterData

Kind = MasterData.Kind
# The kinds that are not in the chart, because no order asks for them.
LISTED = frozenset({Kind.LAYOUT.value, Kind.ITEM_GROUP.value, Kind.UNIT.value})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a code of the rules stands in the provision file: `rules[0].then.item`; `row` counts from 0."""

    section: str
    row: int
    field: str

    def __str__(self) -> str:
        return f"{self.section}[{self.row}].{self.field}"


@dataclass(frozen=True, slots=True)
class AccountRulePlace:
    """A rule of a new account in the connection's settings; `row` counts from 0."""

    row: int

    @property
    def setting(self) -> Setting:
        """The setting that has the rule."""
        return BY_COLUMN["account_rules"]

    def __str__(self) -> str:
        return _("row %(number)s") % {"number": self.row + 1}


Problem = tuple[Place, str]  # the place, and what is wrong there


@dataclass(frozen=True, slots=True)
class Known:
    """The codes of a division; `listed` has those that are not in the chart, by kind.

    `accounts` has those that were asked about and exist; None when that is not known.
    """

    division: int
    chart: Chart
    listed: Mapping[str, Collection[str]]
    accounts: Collection[str] | None = None

    def of(self, kind: str) -> Collection[str]:
        """Return the codes of a kind of master data."""
        if kind in LISTED:
            return self.listed.get(kind, ())
        return {
            Kind.JOURNAL.value: self.chart.journals,
            Kind.GL_ACCOUNT.value: self.chart.gl_accounts,
            Kind.COST_CENTER.value: self.chart.cost_centers,
            Kind.COST_UNIT.value: self.chart.cost_units,
            Kind.ITEM.value: self.chart.items,
            Kind.VAT_CODE.value: self.chart.vat_codes,
            Kind.PAYMENT_CONDITION.value: self.chart.payment_conditions,
            Kind.WAREHOUSE.value: self.chart.warehouses,
        }[kind]

    def lacks(self, kind: str, code: str) -> str:
        """Return the sentence that the division does not have a code."""
        text = _("division %(division)s has no %(kind)s '%(code)s'.")
        return text % {"division": self.division, "kind": Kind(kind).label, "code": code}


def check(file: Mapping[str, Any], answers: VendorAnswers) -> None:
    """Check the codes of a provision file. Raises Refused with every problem."""
    problems = []
    for number, connection in enumerate(file["connections"]):
        known = _known(connection["division"], file, answers)
        settings = ((setting.name, text) for setting, text in setting_problems(values_in(connection), known))
        rules = ((str(place), text) for place, text in rule_problems(connection, known, connection["document"]))
        problems += [f"connections[{number}].{place}: {text}" for place, text in (*settings, *rules)]
    if problems:
        raise Refused("\n".join(problems))


def rows(answers: VendorAnswers, code: int) -> list[MasterData]:
    """Return a division's new master data as rows that are not saved yet."""
    return rows_of(answers.master_data[code])


def _known(code: int, file: Mapping[str, Any], answers: VendorAnswers) -> Known:
    if code in answers.divisions:
        pulled = rows(answers, code)
        accounts = answers.account_codes.get(code, set())
        return Known(code, chart_from(answers.divisions[code].country, pulled), _listed(pulled), accounts)
    return known_of(Division.objects.get(grant__tenant__slug=file["tenant"]["slug"], code=code))


def known_of(division: Division, *accounts_asked: str) -> Known:
    """Return a division's codes as last pulled. `accounts_asked` are account codes that will be checked."""
    accounts = None
    if (asked := set(accounts_asked) - {""}) and division.accounts.exists():
        accounts = set(division.accounts.filter(code__in=asked).values_list("code", flat=True))
    return Known(division.code, chart_of(division), _listed(division.master_data.filter(kind__in=LISTED)), accounts)


def _listed(rows: Iterable[MasterData]) -> dict[str, set[str]]:
    """Return the codes in use of the kinds that are not in the chart."""
    found: dict[str, set[str]] = {}
    for row in rows:
        if row.kind in LISTED and row.data.get("active", True):
            found.setdefault(row.kind, set()).add(row.code)
    return found


def setting_problems(values: Mapping[str, Any], known: Known) -> Iterator[tuple[Setting, str]]:
    """Yield each code of a connection's settings that cannot be used. `values` are by column."""
    for setting, code in used_by_settings(values):
        if (code or setting.required) and code not in known.of(setting.kind):
            yield setting, known.lacks(setting.kind, code)
    for place, kind, code in used_by_account_rules(values):
        if code not in known.of(kind):
            yield place.setting, f"{place}: {known.lacks(kind, code)}"
    yield from _journal_problems(values, known)
    yield from _collective_problems(values, known)


def _collective_problems(values: Mapping[str, Any], known: Known) -> Iterator[tuple[Setting, str]]:
    """Yield each collective account that the division does not have, and that there is none where one is needed."""
    for column in ("collective_account", "collective_by_country"):
        for code in collective_codes({column: values[column]}):
            if known.accounts is not None and code not in known.accounts:
                text = _("division %(division)s has no account '%(code)s'.")
                yield BY_COLUMN[column], text % {"code": code, "division": known.division}
    strategies = (values["customer_strategy"], values["guest_strategy"])
    if CustomerStrategy.COLLECTIVE in strategies and not values["collective_account"]:
        yield BY_COLUMN["collective_account"], _("it is missing, and orders go to the collective account.")
    elif not collective_codes(values) and (values["guest_amount"] is not None or values["guest_orders"] is not None):
        yield BY_COLUMN["collective_account"], _("it is missing, and guests' first orders go to it.")


def _journal_problems(values: Mapping[str, Any], known: Known) -> Iterator[tuple[Setting, str]]:
    """Yield each journal of the wrong type."""
    journal = known.chart.journals.get(values["journal"])
    if journal and journal.type != SALES_JOURNAL:
        text = _("journal '%(code)s' of division %(division)s is not a sales journal.")
        yield BY_COLUMN["journal"], text % {"code": journal.code, "division": known.division}
    receipts = values["receipt_journal"]
    if receipts and getattr(known.chart.journals.get(receipts), "type", 0) not in RECEIPT_JOURNALS:
        text = _("division %(division)s has no bank or payment-service journal '%(code)s'.")
        yield BY_COLUMN["receipt_journal"], text % {"code": receipts, "division": known.division}


def rule_problems(rules: Mapping[str, Any], known: Known, document: str) -> Iterator[Problem]:
    """Yield each code of a connection's rules that cannot be used for its kind of `document`."""
    yield from _missing(rules, known)
    entries = document == DocumentForm.SALES_ENTRY
    for place, code in _vat_codes(rules):
        if code in known.chart.vat_codes and not known.chart.vat_codes[code].usable:
            text = _("VAT code '%(code)s' of division %(division)s is blocked or for purchases only.")
            yield place, text % {"code": code, "division": known.division}
        elif entries and code in known.chart.vat_codes and known.chart.vat_codes[code].adds_within:
            text = _("VAT code '%(code)s' includes VAT, and sales entries need codes that exclude it.")
            yield place, text % {"code": code}
    for number, rule in enumerate(rules["vat"]):
        if not entries and rule.get("tax_as_line") and not rule["tax_as_line"].get("item"):
            yield Place("vat", number, "tax_as_line.item"), _("it is missing: each line of an invoice needs an item.")


def _missing(rules: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    for place, kind, code in used_by_rules(rules):
        if code and code not in known.of(kind):
            yield place, known.lacks(kind, code)


def used_by_settings(values: Mapping[str, Any]) -> Iterator[tuple[Setting, str]]:
    """Yield each setting that takes a code of the master data, with the code or "". `values` are by column."""
    for setting in SETTINGS:
        if setting.kind and setting.kind != ACCOUNT:
            yield setting, values[setting.column].strip()


def used_by_account_rules(values: Mapping[str, Any]) -> Iterator[tuple[AccountRulePlace, str, str]]:
    """Yield each code of the rules of a new account, with its place and its kind. `values` are by column."""
    for row, rule in enumerate(values["account_rules"]):
        for name, kind in (("payment_condition", Kind.PAYMENT_CONDITION), ("vat_code", Kind.VAT_CODE)):
            if code := (rule["then"].get(name) or "").strip():
                yield AccountRulePlace(row), kind, code


def collective_codes(values: Mapping[str, Any]) -> list[str]:
    """Return the codes of the collective accounts: the one for all, and those of countries. `values` are by column."""
    codes = (values.get("collective_account") or "", *(values.get("collective_by_country") or {}).values())
    return [code.strip() for code in codes if code.strip()]


def used_by_rules(rules: Mapping[str, Any]) -> Iterator[tuple[Place, str, str]]:
    """Yield each code of a connection's rules: its place, its kind, and the code or ""."""
    for row, rule in enumerate(rules["rules"]):
        for kind in (Kind.GL_ACCOUNT, Kind.COST_CENTER, Kind.COST_UNIT, Kind.ITEM, Kind.WAREHOUSE):
            yield Place("rules", row, f"then.{kind.value}"), kind, rule["then"].get(kind.value, "")
    for place, code in _vat_codes(rules):
        yield place, Kind.VAT_CODE, code
    for row, rule in enumerate(rules["vat"]):
        if own_line := rule.get("tax_as_line"):
            for kind in (Kind.ITEM, Kind.GL_ACCOUNT):
                yield Place("vat", row, f"tax_as_line.{kind.value}"), kind, own_line.get(kind.value, "")
    for row, pair in enumerate(rules.get("sku_items", ())):
        yield Place("sku_items", row, "item"), Kind.ITEM, pair["item"]
    for row, rule in enumerate(rules["payment_conditions"]):
        yield Place("payment_conditions", row, "code"), Kind.PAYMENT_CONDITION, rule["code"]


def _vat_codes(rules: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    for row, rule in enumerate(rules["vat"]):
        yield Place("vat", row, "code"), rule["code"]
    for row, rule in enumerate(rules["rules"]):
        yield Place("rules", row, "then.vat_code"), rule["then"].get("vat_code", "")
