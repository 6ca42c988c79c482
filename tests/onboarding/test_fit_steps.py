"""From the mapping to the first invoice: try the orders, look at five, post one, keep it or take it out again."""

import pytest
from django.test import Client

from connector.domain.choices import Mode
from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.flow.clock import database_now
from connector.flow.setup import rule_versions
from connector.flow.setup.fit import run as fit_run
from connector.models import Connection, FitRun, OrderSync
from tenants.models import User
from tests.acme import Acme
from tests.flow.setup.fit import YEAR
from tests.onboarding.conftest import Walker

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> Walker:
    """The owner of Acme, which is mapped and posts nothing yet. The sandbox's orders are of January."""
    monkeypatch.setattr(fit_run, "DAYS", YEAR)
    monkeypatch.setattr(fit_run.start, "__kwdefaults__", {**(fit_run.start.__kwdefaults__ or {}), "days": YEAR})
    today = database_now().date()
    Connection.objects.update(mode=Mode.SHADOW, schedule="manual", start_date=today)
    acme.connection.refresh_from_db()
    found = Walker(acme.store.tenant)
    found.client.force_login(User.objects.get(memberships__tenant=acme.store.tenant))
    return found


def work() -> None:
    """Do what a worker would: the runs that are due."""
    for pk in FitRun.objects.filter(state="running").values_list("pk", flat=True):
        fit_run.go_on(pk)


def tried(owner: Walker) -> FitRun:
    owner.press("fit", "run")
    work()
    owner.open("fit")
    return FitRun.objects.latest("pk")


def test_a_step_that_is_not_due_leads_to_the_first_that_is(owner: Walker) -> None:
    assert [owner.open(step) for step in ("fit", "look", "first")] == ["fit", "fit", "fit"]
    owner.press("fit", "go")
    assert "Try the orders first" in owner.page


def test_the_orders_are_tried_while_the_page_looks_again_by_itself(acme: Acme, owner: Walker) -> None:
    assert owner.open("fit") == "fit"
    assert owner.state == "todo"
    owner.press("fit", "run")
    owner.press("fit", "run")  # a double click
    assert FitRun.objects.count() == 1
    assert owner.state == "running"
    assert '<meta http-equiv="refresh" content="3; url=?refreshed=1">' in owner.page
    assert 'data-again="?refreshed=1"' in owner.page
    calls = acme.exact_calls("*")
    work()
    owner.open("fit")
    assert owner.state == "done"
    assert "58 of 58 orders would be posted" in owner.page
    assert 'http-equiv="refresh"' not in owner.page
    assert acme.exact_calls("*") == calls
    assert acme.invoices() == []


def test_a_cause_has_a_button_to_its_page_and_only_the_held_orders_are_tried_again(acme: Acme, owner: Walker) -> None:
    whole = rule_versions.as_filed(rule_versions.in_force(acme.connection))
    some = [rule for rule in whole["rules"] if rule["when"].get("line") != "shipping"][:-1]
    rule_versions.save_version(acme.connection, {**whole, "rules": some}, author=None, note="")
    run = tried(owner)
    assert f"{run.result['fit']} of 58 orders would be posted" in owner.page
    assert f'href="/admin/connector/connection/{acme.connection.pk}/rules/' in owner.page
    rule_versions.save_version(acme.connection, whole, author=None, note="")
    calls = acme.store_calls()
    owner.client.post("/get-started/fit/", {"run": "held"})
    work()
    owner.open("fit")
    assert "58 of 58 orders would be posted" in owner.page
    assert acme.store_calls() == calls


def test_a_run_is_stopped_and_gone_on_with(owner: Walker) -> None:
    owner.press("fit", "run")
    owner.press("fit", "stop")
    assert owner.state == "todo"
    owner.client.post("/get-started/fit/", {"run": "on"})
    work()
    owner.open("fit")
    assert owner.state == "done"


def test_trouble_says_why_and_where(acme: Acme, owner: Walker) -> None:
    run = fit_run.start(acme.connection, None)
    FitRun.objects.filter(pk=run.pk).update(
        state="trouble",
        due_at=None,
        problems=to_json((problem(Code.DETAILS_MISSING, details="taxes"),)),
    )
    owner.open("fit")
    assert owner.state == "trouble"
    owner.client.post("/get-started/fit/", {"run": "on"})
    work()
    owner.open("fit")
    assert owner.state == "done"


def test_five_orders_stand_beside_their_invoices_cent_by_cent(acme: Acme, owner: Walker) -> None:
    run = tried(owner)
    calls = acme.exact_calls("*"), acme.store_calls()
    assert owner.press("fit", "go") == "look"
    assert all(f"Order {order_id} of" in owner.page for order_id in run.five)
    assert owner.page.count("Difference: 0.00") == 5
    assert "rule 1000, version 1" in owner.page
    assert (acme.exact_calls("*"), acme.store_calls()) == calls
    assert owner.press("look", "go") == "first"


def posted(acme: Acme, owner: Walker) -> int:
    """Post the first of the five; returns its number."""
    run = tried(owner)
    owner.press("fit", "go")
    owner.press("look", "go")
    assert owner.press("first", "post", order=run.five[0]) == "first"
    assert owner.state == "running"
    owner.press("first", "post", order=run.five[0])
    acme.drain()
    owner.open("first")
    return int(run.five[0])


def test_a_chosen_order_is_posted_once_left_open_and_kept(acme: Acme, owner: Walker) -> None:
    order_id = posted(acme, owner)
    assert acme.invoice(order_id)["Status"] < 50
    assert owner.page.count('class="number good"') == 3
    assert f"{acme.store.prefix}-{order_id}" in owner.page
    number = OrderSync.objects.get(order_id=order_id).exact_number
    assert f"is in Exact as {number}," in owner.page
    card = f"/docs/CRMAccountCard.aspx?_Division_={acme.connection.division.code}&amp;AccountID=%7B"
    assert f'{card}{acme.invoice(order_id)["OrderedBy"]}%7D"' in owner.page
    OrderSync.objects.update(exact_number="")  # as in a journal that numbers when it prints
    owner.open("first")
    assert "gives a number when it is printed" in owner.page
    owner.press("first", "right")
    assert len(acme.invoices()) == 1
    owner.open("first")
    assert owner.state == "done"
    assert "stays there as the one document" in owner.page


def test_it_is_taken_out_again_and_another_may_be_chosen(acme: Acme, owner: Walker) -> None:
    posted(acme, owner)
    owner.press("first", "remove")
    assert owner.state == "running"
    acme.drain()
    assert acme.invoices() == []
    owner.open("first")
    assert owner.state == "todo"
    assert 'name="post"' in owner.page


def test_only_an_order_of_the_five_is_posted(acme: Acme, owner: Walker) -> None:
    run = tried(owner)
    owner.press("fit", "go")
    owner.press("look", "go")
    other = next(str(row.order_id) for row in run.orders.all() if str(row.order_id) not in run.five)
    for order_id in (other, "", "x"):
        owner.press("first", "post", order=order_id)
        assert "Choose one of the orders" in owner.errors["order"]
    acme.drain()
    assert acme.invoices() == []


def test_a_held_one_says_what_to_do(acme: Acme, owner: Walker) -> None:
    run = tried(owner)
    owner.press("fit", "go")
    owner.press("look", "go")
    acme.connection.rule_versions.all().delete()
    nowhere = {"priority": 1, "when": {"country": "XX"}, "then": {"gl_account": "8000"}}
    rule_versions.save_version(
        acme.connection,
        {**rule_versions.NONE, "rules": [nowhere]},
        author=None,
        note="",
    )
    owner.press("first", "post", order=run.five[0])
    acme.drain()
    owner.open("first")
    assert owner.state == "trouble"
    assert "Go to its rules" in owner.page


def test_no_other_organisation_sees_them(owner: Walker, walker: Walker) -> None:
    tried(owner)
    assert walker.open("fit") == "store"
    assert isinstance(walker.client, Client)
