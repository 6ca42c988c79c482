"""The match report: candidates beside the customer, a choice for each, and one for many."""

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connector.models import Connection, CustomerMatch, CustomerRun
from tenants.models import Role
from tests.admin.customers import scene
from tests.admin.customers.scene import text
from tests.factories import ConnectionFactory, DirectoryAccountFactory, OrderSyncFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    made: Connection = ConnectionFactory.create()
    return made


@pytest.fixture
def operator(connection: Connection) -> Client:
    return scene.browser_of(connection, Role.OPERATOR)


def address(connection: Connection) -> str:
    return reverse("admin:connector_connection_matches", args=[connection.pk])


def ambiguous(connection: Connection, key: str = "7") -> CustomerMatch:
    return scene.match(scene.customer(connection, key), connection)


def chosen() -> list[str]:
    return list(CustomerMatch.objects.order_by("pk").values_list("choice", flat=True))


def test_candidates_stand_beside_the_customer(connection: Connection, operator: Client) -> None:
    ambiguous(connection)
    scene.account(connection, "account-a", code="2001", blocked=True)
    scene.linked(connection, "1")
    page = text(operator.get(address(connection)))
    assert 'data-linked="1" data-undecided="1"' in page
    for part in ("Account 2001", "Account 2002", "Score 80 of 100.", "A new account", "Blocked in Exact."):
        assert part in page
    assert "The e-mail address and the name are the same." in page
    assert 'E-mail: ann@bakery.example <span class="same">(the same)</span>' in page
    for odd in ("None ", "null", "email_and_name", "{"):
        assert odd not in scene.read(operator.get(address(connection)))


def test_a_choice_is_kept_and_shown(connection: Connection, operator: Client) -> None:
    row = ambiguous(connection)
    page = text(operator.post(address(connection), {"save": "1", f"choice-{row.pk}": "account-b"}, follow=True))
    assert "1 choice is kept. The next run links it." in page
    assert "0 wait for a choice." in page
    assert "Chosen by" in page
    assert chosen() == ["account-b"]


def test_it_says_how_many_held_orders_wait_for_a_choice(connection: Connection, operator: Client) -> None:
    row = ambiguous(connection)
    for customer_id, reason in ((7, "customer"), (7, "customer"), (7, "mapping"), (8, "customer"), (0, "customer")):
        order = {"order": {"customer_id": customer_id}}
        OrderSyncFactory.create(connection=connection, held=True, reason=reason, order_data=order)
    assert "1 waits for a choice. 2 orders are held until then." in text(operator.get(address(connection)))
    CustomerMatch.objects.filter(pk=row.pk).update(choice="new")
    assert "held until then" not in text(operator.get(address(connection)))


def test_the_customers_page_shows_the_same_choice(connection: Connection, operator: Client) -> None:
    row = ambiguous(connection)
    page = reverse("admin:connector_storecustomer_change", args=[row.customer_id])
    assert "Choose in the match report" in text(operator.get(page))
    operator.post(address(connection), {"save": "1", f"choice-{row.pk}": "account-b"})
    assert "Chosen in the match report: 2002 De Bakery." in text(operator.get(page))
    CustomerMatch.objects.update(choice="new")
    assert "Chosen in the match report: a new one." in text(operator.get(page))


def test_an_account_that_is_no_candidate_is_refused_in_words(connection: Connection, operator: Client) -> None:
    row = ambiguous(connection)
    page = text(operator.post(address(connection), {"save": "1", f"choice-{row.pk}": "x"}, follow=True))
    assert "The accounts that fit have changed." in page
    assert chosen() == [""]


def test_one_choice_for_many(connection: Connection, operator: Client) -> None:
    rows = [ambiguous(connection, str(number)) for number in range(3)]
    for name in ("account-a", "account-b"):
        DirectoryAccountFactory.create(division=connection.division, account_id=name)
    operator.post(address(connection), {"new": "1", "ticked": [rows[0].pk, "x", "99999999999999999999999"]})
    assert chosen() == ["new", "", ""]
    operator.post(address(connection), {"best": "1", "at_least": "75"})
    assert chosen() == ["new", "", ""]  # one account fits both best
    CustomerMatch.objects.filter(pk=rows[2].pk).update(candidates=rows[2].candidates[1:])
    operator.post(address(connection), {"best": "1", "at_least": "60"})
    assert chosen() == ["new", "account-a", "account-b"]
    assert "from 0 to 100" in text(operator.post(address(connection), {"best": "1", "at_least": "-1"}, follow=True))


def test_new_and_held_ones_have_their_own_pages(connection: Connection, operator: Client) -> None:
    scene.match(scene.customer(connection, "1", company="New BV"), connection, "new")
    problems = [{"code": "customer_without_name", "line": "", "params": {"search_code": "SHOP-2"}}]
    scene.match(scene.customer(connection, "2", company="Held BV"), connection, "held", problems=problems)
    new, held = (text(operator.get(address(connection), {"outcome": each})) for each in ("new", "held"))
    assert "New BV" in new
    assert "Held BV" not in new
    assert "Held BV" in held
    assert "has no name and no e-mail address" in held


def test_who_waits_comes_first_and_pages_are_short(
    connection: Connection, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.admin.customers.matches_page.PER_PAGE", 2)
    rows = [ambiguous(connection, str(number)) for number in range(3)]
    CustomerMatch.objects.filter(pk=rows[0].pk).update(choice="new")
    first, second = (operator.get(address(connection), {"p": page}) for page in (1, 2))
    assert [each["row"].pk for each in first.context["matches"]] == [rows[1].pk, rows[2].pk]
    assert [each["row"].pk for each in second.context["matches"]] == [rows[0].pk]


def test_a_viewer_looks_and_chooses_nothing(connection: Connection) -> None:
    viewer, row = scene.browser_of(connection, Role.VIEWER), ambiguous(connection)
    page = text(viewer.get(address(connection)))
    assert "Account 2001" in page
    assert "<button" not in page.split('id="content"')[-1]
    assert 'type="radio"' not in page
    assert viewer.post(address(connection), {"save": "1", f"choice-{row.pk}": "new"}).status_code == 403
    assert chosen() == [""]


def test_another_connections_customer_is_not_chosen_for(connection: Connection, operator: Client) -> None:
    theirs = ConnectionFactory.create()
    row = ambiguous(theirs)
    operator.post(address(connection), {"save": "1", f"choice-{row.pk}": "new"})
    assert operator.get(address(theirs)).status_code == 404
    assert chosen() == [""]


def test_the_statements_do_not_grow_with_the_customers(connection: Connection, operator: Client) -> None:
    ambiguous(connection, "1")
    operator.get(address(connection))
    with CaptureQueriesContext(database) as few:
        operator.get(address(connection))
    for number in range(2, 12):
        ambiguous(connection, str(number))
    with CaptureQueriesContext(database) as many:
        operator.get(address(connection))
    assert len(many) == len(few)


@pytest.mark.parametrize("direction", ["both", "none"])
def test_an_operator_has_a_report_made_before_the_first_pull(
    direction: str, connection: Connection, operator: Client
) -> None:
    Connection.objects.update(customer_direction=direction)
    answer = operator.post(address(connection), {"report": "1"}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:connector_connection_customers", args=[connection.pk]), 302)]
    assert "Match report of" in text(answer)
    assert "Step 1 of 3: Reads Exact" in text(answer)
    begun = CustomerRun.objects.get()
    assert (begun.what, begun.state, begun.actor is not None) == ("report", "running", True)


def test_why_a_report_cannot_be_made_is_said(connection: Connection, operator: Client) -> None:
    Connection.objects.update(mode="off")
    assert "is switched off" in text(operator.post(address(connection), {"report": "1"}, follow=True))
    assert not CustomerRun.objects.exists()


def test_a_viewer_has_no_report_made(connection: Connection) -> None:
    viewer = scene.browser_of(connection, Role.VIEWER)
    assert 'name="report"' not in text(viewer.get(address(connection)))
    assert viewer.post(address(connection), {"report": "1"}).status_code == 403
    assert not CustomerRun.objects.exists()
