"""A person's values are taken out of texts, problems and JSON; what only looks alike stays."""

import json

import pytest

from connector.domain.document.scrub import TAKEN, Scrub, is_sure

JAN = Scrub(["Jan", "Jan de Vries", "jan@vries.example", "+31 6 1234567", "Kade 7", "José"])


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Jan de Vries called.", f"{TAKEN} called."),
        ("JAN DE  VRIES called.", f"{TAKEN} called."),
        ("Mail to jan@vries.example, or call +31 6 1234567.", f"Mail to {TAKEN}, or call {TAKEN}."),
        ("Email eq 'jan%40vries.example'", f"Email eq '{TAKEN}'"),
        ("Jose and JOSÉ", f"{TAKEN} and {TAKEN}"),
        ("January, Janssen, trojan@vries.example, Kade 77", "January, Janssen, trojan@vries.example, Kade 77"),
        ("", ""),
        ("{not JSON", "{not JSON"),
    ],
)
def test_only_whole_words_are_taken_out_in_any_case_and_spelling(text: str, without: str) -> None:
    assert JAN.text(text) == without


def test_a_person_without_values_takes_nothing_out() -> None:
    assert Scrub([]).text("Jan") == "Jan"
    assert Scrub(["", " ", "J"]).value({"text": "J"}) == {"text": "J"}


def test_json_in_a_text_is_read_as_json() -> None:
    kept = json.dumps({"name": "José", "total": "12.00"})
    assert json.loads(JAN.text(kept)) == {"name": TAKEN, "total": "12.00"}
    assert JAN.text('{"total":"12.00"}') == '{"total":"12.00"}'


def test_codes_numbers_and_other_values_stay() -> None:
    value = {"to": "Jan", "code": "Jan", "count": 3, "when": None, "rows": ["Jan", {"reason": "Jan called"}]}
    expected = {"to": "Jan", "code": "Jan", "count": 3, "when": None, "rows": [TAKEN, {"reason": f"{TAKEN} called"}]}
    assert JAN.value(value) == expected


def test_of_an_account_its_code_stays_and_others_names_go() -> None:
    params = {"accounts": "12 Jan Vries, 15 J. Vries", "account": "12 Jan Vries", "amount": 2, "search_code": "A-12"}
    expected = {"accounts": TAKEN, "account": "12", "amount": 2, "search_code": "A-12"}
    assert JAN.params("accounts_alike", params) == expected


def test_a_name_is_the_customers_in_a_problem_of_the_customer_and_else_a_products() -> None:
    assert JAN.params("account_refused", {"name": "Piet"})["name"] == TAKEN
    assert JAN.params("no_item", {"name": "Desk lamp"})["name"] == "Desk lamp"
    assert JAN.params("of_an_earlier_release", {"name": "Jan"})["name"] == TAKEN


def test_problems_keep_their_codes_and_lines() -> None:
    rows = [{"code": "guest_with_placeholder", "line": "", "params": {"email": "x@y.example"}}]
    assert JAN.problems(rows) == [{"code": "guest_with_placeholder", "line": "", "params": {"email": TAKEN}}]


@pytest.mark.parametrize("value", ["jan@vries.example", "Jan de Vries", "+31612345", "Kade 77"])
def test_what_tells_a_person_anywhere(value: str) -> None:
    assert is_sure(value)


@pytest.mark.parametrize("value", ["Jan", "Invoice", "Philips", "1033", "A B"])
def test_what_is_too_short_or_one_word_does_not(value: str) -> None:
    assert not is_sure(value)
