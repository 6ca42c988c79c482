"""`preview` shows what would be posted, without a call to Exact."""

import contextlib
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.acme import STORE, Acme

pytestmark = pytest.mark.django_db


def shown(capsys: pytest.CaptureFixture[str], order_id: int, *more: str) -> dict[str, Any]:
    """The JSON of the preview, whatever its exit code."""
    capsys.readouterr()
    with contextlib.suppress(CommandError):
        call_command("preview", "--tenant=demo", f"--store={STORE}", f"--order={order_id}", "--json", *more)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_held_order_tells_every_problem_and_the_command_fails(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    acme.connection.rule_versions.all().delete()
    order_id = acme.order_of_kind("two VAT rates")
    found = shown(capsys, order_id)
    assert (found["outcome"], found["reason"], found["draft"]) == ("held", "mapping", None)
    assert len(found["problems"]) > 1
    with pytest.raises(CommandError, match="would be held: mapping"):
        call_command("preview", "--tenant=demo", f"--store={STORE}", f"--order={order_id}")


def test_a_held_order_names_the_page_to_fix_it(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    order_id = acme.order_of_kind("two VAT rates")
    acme.sandbox.stores.store(STORE).override(order_id, Decimal("100.00"))
    found = shown(capsys, order_id)
    assert found["problems"] == ["The order's lines add up to 60.84, but its total is 100.00 EUR."]
    assert found["mend"]["page"] == f"https://store-{STORE}.mybigcommerce.com/manage/orders/{order_id}"
    acme.connection.rule_versions.all().delete()
    capsys.readouterr()
    with pytest.raises(CommandError):
        call_command("preview", "--tenant=demo", f"--store={STORE}", f"--order={order_id}")
    text = capsys.readouterr().out
    assert f"/admin/connector/connection/{acme.connection.pk}/rules/" in text
    assert "An accountant adds or corrects the rule" in text


def test_for_a_person_it_names_lines_codes_rules_and_totals(acme: Acme, capsys: pytest.CaptureFixture[str]) -> None:
    order_id = acme.order_of_kind("B2B Germany, zero-rated")
    call_command("preview", "--tenant=demo", f"--store={STORE}", f"--order={order_id}")
    text = capsys.readouterr().out
    assert f"Sales invoice NLS-{order_id}" in text
    assert "VAT code 7, 0 % (VAT rule 2, version 1)" in text
    assert "checked for form and check digits only" in text
    assert f"total {acme.total(order_id):.2f} EUR" in text


@pytest.mark.parametrize(
    ("more", "error"),
    [
        (["--tenant=nobody", f"--store={STORE}", "--order=1001"], "no tenant 'nobody'"),
        (["--tenant=demo", "--store=other1", "--order=1001"], "no connection of a store 'other1'"),
        (["--tenant=demo", f"--store={STORE}", "--order=1001", "--division=7"], "to division 7"),
        (["--tenant=demo", f"--store={STORE}", "--order=77"], "has no order 77"),
        (["--tenant=demo", f"--store={STORE}", "--order=0"], "1 or more"),
    ],
)
def test_what_is_not_there_is_named(acme: Acme, more: list[str], error: str) -> None:
    with pytest.raises(CommandError, match=error):
        call_command("preview", *more)
