"""Shows what a link to the page of rules asks for: the rules that use a code, or a new rule, filled in.

Only these rows are open then, and the first has the focus. Nothing is saved before the person saves the page.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from connector.admin.documents.asked_rules import ANCHOR, Asked
from connector.admin.rules.form import STEP, RuleForm
from connector.domain.rules.chart import Chart
from connector.flow.order.chart import chart_of
from connector.flow.setup.rule_versions import Rules
from connector.models import Division


def with_new_rule(rules: Rules, asked: Asked, division: Division) -> Rules:
    """Return the rules with the one that is asked for below the others."""
    others = rules[asked.section]
    if asked.section == "vat":
        new: dict[str, Any] = {"when": asked.when, "code": _only_code(chart_of(division), asked.when)}
    else:
        last = max((rule["priority"] for rule in others), default=0)
        new = {"priority": last + STEP, "when": asked.when, "then": {}}
    return {**rules, asked.section: [*others, new]}


def _only_code(chart: Chart, when: Mapping[str, str]) -> str:
    """Return the only VAT code of the rate and the country; "" when there is none, or several."""
    try:
        rate = Decimal(when.get("rate", ""))
    except InvalidOperation:
        return ""
    country = when.get("country", chart.country)
    countries = {country, ""} if country == chart.country else {country}
    fitting = [
        code.code
        for code in chart.vat_codes.values()
        if code.usable and code.rate == rate and code.oss_country in countries
    ]
    return fitting[0] if len(fitting) == 1 else ""


def mark(form: RuleForm, asked: Asked) -> None:
    """Mark the rows that are asked for, and propose the note. The page's address leads to the first of them."""
    form.note.initial["note"] = asked.note
    anchor = ANCHOR
    for section in form.sections:
        if asked.section:
            rows = [row for row in section.rows if not row.is_fresh][-1:] if section.key == asked.section else []
        else:
            rows = [row for row in section.rows if row.uses(asked.kind, asked.code)]
        for row in rows:
            row.is_asked, row.anchor, anchor = True, anchor, ""
        section.is_folded = not rows
    if all(section.is_folded for section in form.sections):  # the rules changed since the address was given
        for section in form.sections:
            section.is_folded = False
