"""The step of the mapping: each proposed value with its reason, the unsure ones first, and the connection is made."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.forms import modelform_factory
from django.http import QueryDict
from django.utils.translation import gettext as _

from connector.admin.code_lists import CodeSearch
from connector.admin.connections.form import ConnectionForm
from connector.admin.rules.rows import LABELS, LINE_KINDS
from connector.domain.rules.propose.proposal import Confidence, Proposal
from connector.flow.setup import codes, rule_versions
from connector.flow.setup.progress import StepState
from connector.flow.setup.proposals import by_worker
from connector.flow.setup.proposals.propose import Proposed
from connector.flow.setup.provision.apply import today
from connector.flow.setup.provision.read_file import read_connection
from connector.flow.setup.settings_table import SETTINGS, values_in
from connector.models import Connection, Division, Store
from connector.models.kept_words import english
from connector.onboarding.frame import Visit
from connector.problems.proposals import CONFIDENCE, in_words

REFRESH_SECONDS = 3
SHOWN = [setting for setting in SETTINGS if setting.on_form]
BY_NAME = {setting.name: setting for setting in SHOWN}
SECTIONS = ("rules", "vat", "payment_conditions")
MOST_COUNTRIES = 6


def show(visit: Visit) -> dict[str, Any]:
    """Return the proposals beside their fields; or that a worker is still at it; or where a made mapping is changed."""
    store, division = _sides(visit)
    if visit.progress.states["mapping"] == StepState.DONE:
        return {"connection": visit.progress.connection}
    found = by_worker.made(store, division)
    if found is None:
        return _waiting(visit, store, division)
    typed, wrong = visit.draft.typed, visit.draft.errors
    form = _form(store, division, found, typed or None)
    if typed:
        form.is_valid()
    rows = list(_rows(division, form, found, typed, wrong))
    proposed = {each.key for each in found.proposals}
    certain = [row for row in rows if row["confidence"] == Confidence.CERTAIN]
    others = [form[setting.column] for setting in SHOWN if setting.name not in proposed]
    return {
        "rows": [row for row in rows if row["confidence"] != Confidence.CERTAIN],
        "certain": certain,
        "certain_wrong": any(row["errors"] or (row["field"] and row["field"].errors) for row in certain),
        "others": others,
        "others_wrong": any(field.errors for field in others),
        "orders": by_worker.DAYS_OF_ORDERS,
    }


def act(visit: Visit) -> bool:
    """Make the connection with its first version of the rules, or have everything proposed once more."""
    store, division = _sides(visit)
    if visit.progress.states["mapping"] == StepState.DONE:
        return True
    if "again" in visit.request.POST:
        visit.draft.forget()
        with transaction.atomic():
            by_worker.ask_again(store, division)
        return False
    found = by_worker.made(store, division)
    if found is None:
        return False
    posted = visit.request.POST
    typed = {name: posted.getlist(name) if len(posted.getlist(name)) > 1 else posted[name] for name in posted}
    form = _form(store, division, found, typed if "journal" in typed else _as_proposed(store, division, found))
    rules = _rules(found, typed)
    errors = {} if form.is_valid() else {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    errors |= _wrong_rules(division, rules, str(typed.get("document", found.connection.get("document", ""))))
    if errors:
        kept = {name: value for name, value in typed.items() if name not in {"csrfmiddlewaretoken", "go"}}
        general = {"": errors.pop("__all__")} if "__all__" in errors else {}
        visit.draft.keep(typed=kept, errors={**errors, **general})
        return False
    _make(visit, form.save(commit=False), rules)
    return True


def _waiting(visit: Visit, store: Store, division: Division) -> dict[str, Any]:
    if words := by_worker.problem(store, division):
        return {"problem": words, "state": StepState.TROUBLE}
    if division.master_data_at is not None:
        with transaction.atomic():
            by_worker.ask(store, division)
    return {"waiting": True, "state": StepState.RUNNING, "refresh": REFRESH_SECONDS}


def _sides(visit: Visit) -> tuple[Store, Division]:
    store, division = visit.progress.store, visit.progress.division
    assert store is not None  # both steps are done
    assert division is not None
    return Store.objects.select_related("tenant").get(pk=store.pk), division


def _form(store: Store, division: Division, found: Proposed, data: Mapping[str, Any] | None) -> Any:
    """Return the form of the connection with the proposed values, or with what was typed."""
    filed = {**found.connection, "store": store.store_hash, "division": division.code}
    values = values_in(read_connection(filed))
    values["start_date"] = values["start_date"] or today(store)
    present = Connection.objects.filter(store=store, division=division).first()
    row = present or Connection(store=store, division=division)
    for name, value in values.items():
        setattr(row, name, value)
    kind = modelform_factory(Connection, form=ConnectionForm, fields=[setting.column for setting in SHOWN])
    form = kind(data=_as_querydict(data), instance=row) if data is not None else kind(instance=row)
    for each in found.proposals:
        if each.key in BY_NAME:
            _offer(form.fields[BY_NAME[each.key].column], each)
    return form


def _as_querydict(data: Mapping[str, Any]) -> Any:
    made = QueryDict(mutable=True)
    for name, value in data.items():
        made.setlist(name, value if isinstance(value, list) else [value])
    return made


def _offer(field: forms.Field, proposal: Proposal) -> None:
    """Replace a list that is too long for a page, which a script would search, by what could stand there."""
    if isinstance(field.widget, CodeSearch):
        others = [(other.code, f"{other.code} {other.name}".strip()) for other in proposal.alternatives]
        field.widget = forms.Select(choices=[("", _("none")), (proposal.value, proposal.value), *others])


def _as_proposed(store: Store, division: Division, found: Proposed) -> dict[str, Any]:
    """Return what a browser would send that changes nothing."""
    form = _form(store, division, found, None)
    values = {field.html_name: field.value() for field in form}
    boxes = {field.html_name for field in form if isinstance(field.field, forms.BooleanField)}
    return {name: value for name, value in values.items() if value is not None and (name not in boxes or value)}


def _rows(
    division: Division, form: Any, found: Proposed, typed: Mapping[str, Any], wrong: Mapping[str, list[str]]
) -> Iterator[dict[str, Any]]:
    for each in found.proposals:
        setting = BY_NAME.get(each.key)
        code = str(_code(each)) if setting is None else ""
        yield {
            "key": each.key,
            "field": form[setting.column] if setting else None,
            "about": "" if setting else _about(each),
            "code": typed.get(each.key, code),
            "choices": [(code, _label(division, each, code)), *_others(each)],
            "names": [label for _code, label in _others(each, coded=setting is None or bool(setting.kind))],
            "reason": in_words(each.reason),
            "confidence": each.confidence,
            "sure": CONFIDENCE[each.confidence],
            "errors": wrong.get(each.key, []),
        }


def _others(proposal: Proposal, *, coded: bool = True) -> list[tuple[str, str]]:
    """Return the alternatives with their names; beside a name, only a code of Exact's says something."""
    return [
        (other.code, other.name if other.name and not coded else f"{other.code} {other.name}".strip())
        for other in proposal.alternatives
    ]


def _label(division: Division, proposal: Proposal, code: str) -> str:
    """Return a rule's code with its name."""
    section, kind = proposal.key.partition(".")[0], _place(proposal)[-1]
    kind = {"vat": "vat_code", "payment_conditions": "payment_condition"}.get(section, kind)
    name = division.master_data.filter(kind=kind, code=code).values_list("name", flat=True).first()
    return f"{code} {name or ''}".strip()


def _about(proposal: Proposal) -> str:
    """Say in words what a proposed rule is for."""
    section = proposal.key.partition(".")[0]
    what = {"rules": _("GL account"), "vat": _("VAT code"), "payment_conditions": _("Payment condition")}
    when = proposal.value.get("when", {}) if isinstance(proposal.value, dict) else {}
    parts = [f"{LABELS.get(name, name)}: {_values(value)}" for name, value in when.items()]
    return f"{what.get(section, proposal.key)} · {' · '.join(parts) or _('everything else')}"


def _values(value: Any) -> str:
    found = value if isinstance(value, list) else [value]
    if len(found) > MOST_COUNTRIES:
        return _("%(number)s of them") % {"number": len(found)}
    return ", ".join(_word(one) for one in found)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(LINE_KINDS.get(value, value))


def _place(proposal: Proposal) -> tuple[str, ...]:
    """Return where the code of a rule stands in its value."""
    if proposal.key.startswith("rules."):
        return ("then", "cost_center" if proposal.reason.params.get("kind") == "cost_center" else "gl_account")
    return ("code",)


def _code(proposal: Proposal) -> Any:
    value = proposal.value
    for name in _place(proposal):
        value = value.get(name, "") if isinstance(value, dict) else value
    return value


def _rules(found: Proposed, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the proposed rules with the codes that were chosen."""
    filed = deepcopy({section: list(found.connection.get(section, [])) for section in SECTIONS})
    for each in found.proposals:
        section, _dot, number = each.key.partition(".")
        if section in filed and number.isdecimal() and typed.get(each.key):
            rule = filed[section][int(number)]
            *path, last = _place(each)
            for name in path:
                rule = rule[name]
            rule[last] = str(typed[each.key])
    checked = read_connection({**found.connection, **filed})
    return {section: checked[section] for section in SECTIONS}


def _wrong_rules(division: Division, rules: Mapping[str, Any], document: str) -> dict[str, list[str]]:
    """Return what is wrong with a chosen code, at its rule."""
    problems: dict[str, list[str]] = {}
    for place, words in codes.rule_problems(rules, codes.known_of(division), document):
        problems.setdefault(f"{place.section}.{place.row}", []).append(words[:1].upper() + words[1:])
    return problems


def _make(visit: Visit, connection: Connection, rules: Mapping[str, Any]) -> None:
    """Save the connection and its first rules, once."""
    try:
        with transaction.atomic():
            connection.save()
            rule_versions.save_version(connection, rules, author=visit.user, note=english("Proposed in Get started"))
    except IntegrityError:  # a second press, or another owner, was faster
        return
