"""Where a cause is put right: the page, the field on it, and what is filled in there already.

A code of the division is put right where it is chosen: in a setting of the connection, in a rule, else in Exact.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from connector.admin.documents.asked_rules import new_rule_page, uses_page
from connector.admin.documents.explanation import PAGE_NAMES, page_of
from connector.clients.exact.pages import account_page, division_page
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.flow.outbound.access_tokens import exact_base_url
from connector.flow.setup.rule_versions import Rules, as_filed, in_force
from connector.flow.setup.settings_table import SETTINGS
from connector.models import Connection, DirectoryAccount, MasterData, OrderSync
from connector.problems.catalogue import explain
from connector.problems.explanation import Explanation
from connector.problems.references import of_problem
from connector.problems.words import kind_of_line

PERIODS = {Code.PERIOD_MISSING, Code.PERIOD_REFUSED, Code.PERIOD_CLOSED, Code.NO_OPEN_PERIOD}
NO_VAT_RULE = {Code.NO_VAT_RULE, Code.NO_VAT_RULE_ABROAD}


@dataclass(frozen=True, slots=True)
class Place:
    """The address where a cause is put right, and what the link to it says. `outside`: it is a vendor's page."""

    url: str
    link: str
    outside: bool = False


@dataclass(slots=True)
class Places:
    """Finds the places of one page. What it reads of a connection is read once."""

    _connections: dict[int, Connection] = field(default_factory=dict)
    _rules: dict[int, Rules] = field(default_factory=dict)

    def of(self, document: OrderSync, connection: Connection, *, alone: bool) -> Place:
        """Return the place of a held document's cause. `alone`: no other document has it."""
        explanation = explain(document.code, document.params, document.reason)
        problem = next((each for each in document.causes if each.code == document.code), None)
        if problem is not None and (place := self._of_problem(problem, explanation, connection)):
            return place
        outside = explanation.where in {"exact", "bigcommerce"}
        url = page_of(explanation, connection, document if alone else None)
        return Place(url, _("Go to %(page)s") % {"page": PAGE_NAMES[explanation.where]}, outside)

    def _of_problem(self, problem: Problem, explanation: Explanation, connection: Connection) -> Place | None:
        if problem.code in NO_VAT_RULE:
            return _new_vat_rule(problem, connection)
        if problem.code is Code.NO_GL_ACCOUNT_RULE:
            return _new_mapping_rule(problem, connection)
        if problem.code in PERIODS:
            return _in_exact(connection, _("Open the period in Exact"))
        if explanation.where == "exact" and problem.params.get("account"):
            return _account(problem, connection)
        for kind, code in sorted(of_problem(problem)):
            if code:
                return self._of_code(kind, code, connection)
        return None

    def _of_code(self, kind: str, code: str, connection: Connection) -> Place:
        """Return where a code is chosen: the setting, else the rules that use it, else Exact."""
        name = str(MasterData.Kind(kind).label)
        link = _("Choose another %(kind)s") % {"kind": name}
        whole = self._whole(connection)
        for setting in SETTINGS:
            if setting.kind == kind and setting.on_form and setting.of(whole) == code:
                return Place(page_of(Explanation("", "", "connection", field=setting.column), connection), link)
        if _uses(self._rules_of(whole), kind, code):
            return Place(uses_page(connection, kind, code), link)
        return _in_exact(connection, _("Put %(kind)s %(code)s right in Exact") % {"kind": name, "code": code})

    def _whole(self, connection: Connection) -> Connection:
        """Return the connection with all its settings."""
        if connection.pk not in self._connections:
            self._connections[connection.pk] = Connection.objects.get(pk=connection.pk)
        return self._connections[connection.pk]

    def _rules_of(self, connection: Connection) -> Rules:
        if connection.pk not in self._rules:
            self._rules[connection.pk] = as_filed(in_force(connection))
        return self._rules[connection.pk]


def _uses(rules: Rules, kind: str, code: str) -> bool:
    """Whether a rule chooses a code of this kind."""
    chosen: list[tuple[str, Any]] = [pair for rule in rules["rules"] for pair in rule["then"].items()]
    chosen += [("vat_code", rule["code"]) for rule in rules["vat"]]
    chosen += [pair for rule in rules["vat"] for pair in (rule.get("tax_as_line") or {}).items()]
    chosen += [("payment_condition", rule["code"]) for rule in rules["payment_conditions"]]
    chosen += [("item", row["item"]) for row in rules.get("sku_items", ())]
    return (kind, code) in chosen


def _new_vat_rule(problem: Problem, connection: Connection) -> Place:
    country, rate = str(problem.params.get("area") or problem.params["country"]), str(problem.params["rate"])
    link = _("Add VAT rule %(country)s %(rate)s %%") % {"country": country, "rate": rate}
    return Place(new_rule_page(connection, "vat", country=country, rate=rate), link)


def _new_mapping_rule(problem: Problem, connection: Connection) -> Place:
    kind, country = str(problem.params["kind"]), str(problem.params["country"])
    link = _("Add a rule for %(kind)s to %(country)s") % {"kind": kind_of_line(kind), "country": country}
    return Place(new_rule_page(connection, "rules", line=kind, country=country), link)


def _account(problem: Problem, connection: Connection) -> Place:
    """Return the page of an account in Exact; that of the division when the account is not known."""
    code = str(problem.params["account"]).split(" ", 1)[0]
    blocked, other = _("Unblock account %(account)s in Exact"), _("Open account %(account)s in Exact")
    link = (blocked if problem.code is Code.ACCOUNT_BLOCKED else other) % {"account": code}
    division = connection.division
    known = DirectoryAccount.objects.filter(division=division, code=code).values_list("account_id", flat=True).first()
    if known is None:
        return _in_exact(connection, link)
    return Place(account_page(exact_base_url(division.region), division.code, known), link, outside=True)


def _in_exact(connection: Connection, link: str) -> Place:
    division = connection.division
    return Place(division_page(exact_base_url(division.region), division.code), link, outside=True)
