"""An alert is written for the person who reads it, from its code and its values."""

import re

import pytest

from connector.clients import errors
from connector.clients.rows import OddRow
from connector.models import Alert
from connector.problems import alerts, odd_rows
from connector.problems.alerts import AlertCode, AlertText, alert_text
from connector.problems.calls import kept

DAY = "2026-03-01"


def every_value(code: AlertCode) -> dict[str, str | int]:
    names = re.findall(r"%\((\w+)\)s", str(alerts._SENTENCES[code]))
    return {name: DAY if name == "day" else "7" for name in names}


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
