"""The migration that gives codes to what was held before there were codes: only where the text leaves no doubt."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection as database

from connector.domain.document.codes import Code
from connector.domain.document.states import State
from connector.flow.actions import bulk_repost
from connector.models import OrderSync
from tests.acme import Acme

migration = import_module("connector.migrations.0011_codes_of_held_rows")

LINE = 'product "Mug" to NL (line product:65)'
EXACT = "Exact refused the request (salesinvoice/SalesInvoices, HTTP 400): "
HELD = [
    ("mapping", f"GL account 8000 for {LINE} is not in the division.", "gl_account_missing", {"gl_account": "8000"}),
    (
        "mapping",
        "No rule chooses a GL account for gift certificate to an unknown country (line gift:7). "
        "Add a mapping rule for line gift_certificate.",
        "no_gl_account_rule",
        {"kind": "gift_certificate", "country": ""},
    ),
    (
        "mapping",
        f"GL account 8000 needs a cost centre, and no rule chooses one for {LINE}.",
        "cost_code_needed",
        {"gl_account": "8000", "dimension": "cost_center"},
    ),
    (
        "mapping",
        f"VAT code 2 for {LINE} (VAT rule 1, version 3) is blocked.",
        "vat_code_blocked",
        {"vat_code": "2"},
    ),
    ("mapping", "Journal 70 is not a sales journal.", "journal_not_sales", {"journal": "70"}),
    ("item", f"No item is set for {LINE}. Choose one in the connection's settings.", "no_item", {"kind": "product"}),
    (
        "currency",
        "The order is in USD, which the division does not have among its currencies.",
        "currency_missing",
        {"currency": "USD"},
    ),
    (
        "totals",
        "The order's lines add up to 60.84, but its total is 100.00 EUR.",
        "lines_do_not_add_up",
        {},
    ),
    (
        "exhausted",
        "The worker died 5 times with this order in hand. Look into its log, then re-post.",
        "worker_died",
        {},
    ),
    (
        "rejected",
        f"Invoice 0a1b is open in Exact, not printed. {EXACT}Ongeldig: Debiteur Anna Bakker Mend the cause, then "
        "re-post.",
        "refused",
        {
            "endpoint": "salesinvoice/SalesInvoices",
            "text": "Ongeldig: Debiteur Anna Bakker",
            "vendor": "Exact",
            "fault": "Ongeldig: Debiteur …",
        },
    ),
]


def row(reason: str, message: str) -> dict[str, Any]:
    empty = dict.fromkeys(migration.OWN, "")
    return {**empty, "order_id": 1001, "customer": "Anna Bakker", "reason": reason, "message": message}


@pytest.mark.parametrize(("reason", "message", "code", "params"), HELD)
def test_a_text_that_leaves_no_doubt_gets_its_code(
    reason: str, message: str, code: str, params: dict[str, str]
) -> None:
    assert migration.code_of(row(reason, message)) == (code, params)


def test_two_lines_with_one_cause_get_its_code() -> None:
    text = "\n".join(
        f'GL account 8000 for product "{name}" to NL (line product:1) is not in the division.' for name in "AB"
    )
    assert migration.code_of(row("mapping", text)) == ("gl_account_missing", {"gl_account": "8000"})


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        (
            "mapping",
            f"GL account 8000 for {LINE} is not in the division.\nGL account 8010 for {LINE} is blocked in Exact.",
        ),
        ("mapping", f"GL account 8000 for {LINE} is not in the division.\nSomething else."),
        ("mapping", f"Something else. GL account 8000 for {LINE} is not in the division."),
        ("rejected", f"GL account 8000 for {LINE} is not in the division."),
        ("internal", "Something went wrong inside the connector (KeyError); see its log."),
        ("mapping", ""),
    ],
)
def test_what_is_not_certain_stays_without_one(reason: str, message: str) -> None:
    assert migration.code_of(row(reason, message)) is None


def test_the_patterns_name_codes_and_the_parameters_of_their_causes() -> None:
    for reason, patterns in migration.COMPILED.items():
        for name, pattern in patterns:
            code, groups = Code(name), set(pattern.groupindex)
            assert code.reason == reason
            found = groups | ({"fault"} if "text" in groups else set())
            assert set(code.cause) <= found, name
            assert found <= code.params | {"country"}, name


@pytest.mark.django_db
def test_held_rows_get_codes_in_batches_and_keep_their_text(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "BATCH", 2)
    texts = [f'GL account 8000 for product "{name}" to NL (line product:1) is not in the division.' for name in "ABCDE"]
    held = {"state": State.BLOCKED, "reason": "mapping", "connection": acme.connection}
    for order_id, text in enumerate([*texts, "Nobody knows."], 1):
        OrderSync.objects.create(
            order_id=order_id, division_id=acme.connection.division_id, message=text, next_attempt_at=None, **held
        )
    posting = {"state": State.POSTING, "reason": "", "message": texts[0]}
    OrderSync.objects.create(
        order_id=99, connection=acme.connection, division_id=acme.connection.division_id, **posting
    )
    migration.give_codes(apps, SimpleNamespace(connection=database))
    kept = list(OrderSync.objects.order_by("order_id").values_list("message", "code", "params", "problems"))
    coded: tuple[str, dict[str, str], list[str]] = ("gl_account_missing", {"gl_account": "8000"}, [])
    assert kept[:5] == [(text, *coded) for text in texts]
    assert kept[5:] == [("Nobody knows.", "", {}, []), (texts[0], "", {}, [])]
    causes = bulk_repost.group(OrderSync.objects.filter(state=State.BLOCKED))
    assert [len(cause["left"]) for cause in causes] == [5, 1]
