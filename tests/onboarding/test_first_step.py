"""The step that posts one chosen order: it is left open in Exact, and kept or taken out again."""

from connector.flow.setup import rule_versions
from connector.models import OrderSync
from tests.acme import Acme
from tests.onboarding.conftest import Walker, tried


def posted(acme: Acme, mapped: Walker) -> int:
    """Post the first of the five; returns its number."""
    run = tried(mapped)
    mapped.press("fit", "go")
    mapped.press("look", "go")
    assert mapped.press("first", "post", order=run.five[0]) == "first"
    assert mapped.state == "running"
    mapped.press("first", "post", order=run.five[0])
    acme.drain()
    mapped.open("first")
    return int(run.five[0])


def test_a_chosen_order_is_posted_once_left_open_and_kept(acme: Acme, mapped: Walker) -> None:
    order_id = posted(acme, mapped)
    assert acme.invoice(order_id)["Status"] < 50
    assert mapped.page.count('class="number good"') == 3
    assert f"{acme.store.prefix}-{order_id}" in mapped.page
    number = OrderSync.objects.get(order_id=order_id).exact_number
    assert f"is in Exact as {number}," in mapped.page
    card = f"/docs/CRMAccountCard.aspx?_Division_={acme.connection.division.code}&amp;AccountID=%7B"
    assert f'{card}{acme.invoice(order_id)["OrderedBy"]}%7D"' in mapped.page
    OrderSync.objects.update(exact_number="")  # as in a journal that numbers when it prints
    mapped.open("first")
    assert "gives a number when it is printed" in mapped.page
    mapped.press("first", "right")
    assert len(acme.invoices()) == 1
    mapped.open("first")
    assert mapped.state == "done"
    assert "stays there as the one document" in mapped.page


def test_it_is_taken_out_again_and_another_may_be_chosen(acme: Acme, mapped: Walker) -> None:
    posted(acme, mapped)
    mapped.press("first", "remove")
    assert mapped.state == "running"
    acme.drain()
    assert acme.invoices() == []
    mapped.open("first")
    assert mapped.state == "todo"
    assert 'name="post"' in mapped.page


def test_only_an_order_of_the_five_is_posted(acme: Acme, mapped: Walker) -> None:
    run = tried(mapped)
    mapped.press("fit", "go")
    mapped.press("look", "go")
    other = next(str(row.order_id) for row in run.orders.all() if str(row.order_id) not in run.five)
    for order_id in (other, "", "x"):
        mapped.press("first", "post", order=order_id)
        assert "Choose one of the orders" in mapped.errors["order"]
    acme.drain()
    assert acme.invoices() == []


def test_a_held_one_says_what_to_do(acme: Acme, mapped: Walker) -> None:
    run = tried(mapped)
    mapped.press("fit", "go")
    mapped.press("look", "go")
    acme.connection.rule_versions.all().delete()
    nowhere = {"priority": 1, "when": {"country": "XX"}, "then": {"gl_account": "8000"}}
    rule_versions.save_version(
        acme.connection,
        {**rule_versions.NONE, "rules": [nowhere]},
        author=None,
        note="",
    )
    mapped.press("first", "post", order=run.five[0])
    acme.drain()
    mapped.open("first")
    assert mapped.state == "trouble"
    assert "Go to its rules" in mapped.page
