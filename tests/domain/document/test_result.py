"""Problems: which comes first, and what is kept of them."""

from connector.domain.document.codes import Code
from connector.domain.document.result import CannotBe, Held, from_json, most_serious, problem, to_json
from connector.domain.document.states import BlockedReason

MAPPING, TOTALS = problem(Code.NO_LINES, total=1, currency="EUR"), problem(Code.NO_GL_ACCOUNT_RULE, line="product:1")


def test_the_reason_that_stands_first_in_the_list_is_the_documents() -> None:
    by_reason = {code.reason: problem(code) for code in Code if code.reason in set(BlockedReason)}
    problems = tuple(by_reason[reason] for reason in reversed(BlockedReason) if reason in by_reason)
    assert Held(problems).reason == most_serious(problems).reason == BlockedReason.MAPPING


def test_what_holds_no_order_comes_before_all_but_the_first_reason() -> None:
    """A problem with a reason to skip, or without any, is shown first where it comes first."""
    other = next(problem(code) for code in Code if code.reason not in set(BlockedReason))
    item = next(problem(code) for code in Code if code.reason is BlockedReason.ITEM)
    mapping = next(problem(code) for code in Code if code.reason is BlockedReason.MAPPING)
    assert most_serious((item, other)) == other
    assert most_serious((mapping, other)) == mapping


def test_parameters_are_texts_and_whole_numbers() -> None:
    found = problem(Code.NO_GL_ACCOUNT_RULE, line="product:1", rate=21, name=TOTALS)
    assert (found.line, found.params["line"], found.params["rate"]) == ("product:1", "product:1", 21)
    assert isinstance(found.params["name"], str)


def test_what_is_kept_is_read_again_without_codes_that_are_gone() -> None:
    kept = to_json([MAPPING, TOTALS])
    assert from_json([{"code": "from_before", "line": "", "params": {}}, *kept]) == (MAPPING, TOTALS)


def test_the_exception_has_the_problem() -> None:
    error = CannotBe(Code.NO_LINES, total=1, currency="EUR")
    assert error.problem == MAPPING
    assert "no_lines" in str(error)
