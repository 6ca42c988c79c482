"""An alert is written for the person who reads it, from its code and its values."""

import json
import re

import pytest

from connector.clients import errors
from connector.clients.rows import OddRow
from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.models import Alert
from connector.problems import alerts, odd_rows
from connector.problems.alerts import AlertCode, AlertText, alert_text, named_as_param
from connector.problems.calls import kept
from connector.problems.catalogue import sentence

DAY = "2026-03-01"
HELD = json.dumps({"code": "", "params": {}, "reason": "mapping", "problems": [], "message": "No account."})
NAMED = named_as_param([{"order": 1001}], more=False)


def every_value(code: AlertCode) -> dict[str, str | int]:
    names = re.findall(r"%\((\w+)\)s", str(alerts._SENTENCES[code]))
    return {name: {"day": DAY, "named": NAMED, "held": HELD}.get(name, "7") for name in names}


@pytest.mark.parametrize("code", AlertCode)
def test_each_code_has_a_sentence(code: AlertCode) -> None:
    text = alerts.in_words(AlertText(code, every_value(code)))
    assert "%(" not in text


def test_an_alert_is_written_again_for_each_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    said = alert_text(AlertCode.CONSENT_ENDS, consent="Exact NL", day=DAY)
    alert = Alert(text=alerts.in_words(said), code=str(said.code), params=said.params)
    assert "The consent Exact NL for Exact Online ends on 01 March 2026" in alert.text
    assert alerts.kept_in_words(alert) == alert.text
    monkeypatch.setitem(alerts._SENTENCES, AlertCode.CONSENT_ENDS, "%(consent)s eindigt op %(day)s.")
    assert alerts.kept_in_words(alert) == "Exact NL eindigt op 01 March 2026."


@pytest.mark.parametrize("code", ["", "of_a_later_release"])
def test_an_alert_without_a_code_that_is_known_keeps_its_sentence(code: str) -> None:
    assert alerts.kept_in_words(Alert(text="As it was raised.", code=code)) == "As it was raised."


def test_the_error_and_the_rows_in_it_are_written_too() -> None:
    error = errors.Unauthorized("Exact refused the token", status=401)
    refused = alerts.in_words(alert_text(AlertCode.STORE_REFUSES, store="Shop", **kept(error)))
    assert "the API account of Shop: Exact refused the token (HTTP 401)" in refused
    rows = odd_rows.as_param([OddRow("7", "%(name)s is missing", {"name": "ID"}, "row")])
    left_out = alerts.in_words(alert_text(AlertCode.ROWS_LEFT_OUT, owner="Shop", count=1, list="hooks", rows=rows))
    assert (
        left_out == "Shop: 1 rows of the list of webhooks cannot be read, so they were left out: row 7: ID is missing."
    )


def unread(**failed: object) -> str:
    """What an alert says of a document that could not be looked at again."""
    named = named_as_param([{"order": 1001, "state": "posted", **failed}], more=True)
    return alerts.in_words(alert_text(AlertCode.UNREAD, number="7", tries=9, named=named))


def test_the_failure_of_a_document_is_written_again_for_each_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    why = problem(Code.JOURNAL_MISSING, journal="70")
    kept_failure = {"problems": to_json([why]), "error": "As it was written."}
    assert f"order 1001 (posted): {sentence(why)}\n…\n" in unread(**kept_failure)
    monkeypatch.setattr(alerts, "sentences", lambda problems: "Er is geen dagboek." if any(problems) else "")
    assert "order 1001 (posted): Er is geen dagboek.\n" in unread(**kept_failure)


def test_a_failure_without_a_code_is_not_quoted() -> None:
    said = unread(problems=[], error="As it was written.")
    assert "order 1001 (posted): The history of the document says why.\n" in said
