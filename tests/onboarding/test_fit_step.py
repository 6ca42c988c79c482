"""The step that tries the orders: how many would be posted, what holds the others, and what is tried again."""

import pytest
from django.test import Client

from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.flow.setup import rule_versions
from connector.flow.setup.fit import run as fit_run
from connector.models import FitRun
from tests.acme import Acme
from tests.onboarding.conftest import Walker, tried, work

pytestmark = pytest.mark.django_db


def test_a_step_that_is_not_due_leads_to_the_first_that_is(mapped: Walker) -> None:
    assert [mapped.open(step) for step in ("fit", "look", "first")] == ["fit", "fit", "fit"]
    mapped.press("fit", "go")
    assert "Try the orders first" in mapped.page


def test_the_orders_are_tried_while_the_page_looks_again_by_itself(acme: Acme, mapped: Walker) -> None:
    assert mapped.open("fit") == "fit"
    assert mapped.state == "todo"
    mapped.press("fit", "run")
    mapped.press("fit", "run")  # a double click
    assert FitRun.objects.count() == 1
    assert mapped.state == "running"
    assert '<meta http-equiv="refresh" content="3; url=?refreshed=1">' in mapped.page
    assert 'data-again="?refreshed=1"' in mapped.page
    calls = acme.exact_calls("*")
    work()
    mapped.open("fit")
    assert mapped.state == "done"
    assert "58 of 58 orders would be posted" in mapped.page
    assert 'http-equiv="refresh"' not in mapped.page
    assert acme.exact_calls("*") == calls
    assert acme.invoices() == []


def test_a_cause_has_a_button_to_its_page_and_only_the_held_orders_are_tried_again(acme: Acme, mapped: Walker) -> None:
    whole = rule_versions.as_filed(rule_versions.in_force(acme.connection))
    some = [rule for rule in whole["rules"] if rule["when"].get("line") != "shipping"][:-1]
    rule_versions.save_version(acme.connection, {**whole, "rules": some}, author=None, note="")
    run = tried(mapped)
    assert f"{run.result['fit']} of 58 orders would be posted" in mapped.page
    assert f'href="/admin/connector/connection/{acme.connection.pk}/rules/' in mapped.page
    rule_versions.save_version(acme.connection, whole, author=None, note="")
    calls = acme.store_calls()
    mapped.client.post("/get-started/fit/", {"run": "held"})
    work()
    mapped.open("fit")
    assert "58 of 58 orders would be posted" in mapped.page
    assert acme.store_calls() == calls


def test_a_run_is_stopped_and_gone_on_with(mapped: Walker) -> None:
    mapped.press("fit", "run")
    mapped.press("fit", "stop")
    assert mapped.state == "todo"
    mapped.client.post("/get-started/fit/", {"run": "on"})
    work()
    mapped.open("fit")
    assert mapped.state == "done"


def test_trouble_says_why_and_where(acme: Acme, mapped: Walker) -> None:
    run = fit_run.start(acme.connection, None)
    FitRun.objects.filter(pk=run.pk).update(
        state="trouble",
        due_at=None,
        problems=to_json((problem(Code.DETAILS_MISSING, details="taxes"),)),
    )
    mapped.open("fit")
    assert mapped.state == "trouble"
    mapped.client.post("/get-started/fit/", {"run": "on"})
    work()
    mapped.open("fit")
    assert mapped.state == "done"


def test_no_other_organisation_sees_them(mapped: Walker, walker: Walker) -> None:
    tried(mapped)
    assert walker.open("fit") == "store"
    assert isinstance(walker.client, Client)
