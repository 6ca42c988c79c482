"""Whether a document can go to an account in Exact."""

from dataclasses import replace
from datetime import date

import pytest

from connector.domain.customer.account import UNUSABLE, Account
from connector.domain.document.codes import Code

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("ends", "has_ended"), [(None, False), (date(2026, 11, 30), False), (TODAY, False), (date(2026, 11, 28), True)]
)
def test_an_account_is_open_on_its_last_day(ends: date | None, has_ended: bool) -> None:
    account = Account("id-1", "1", "Vera Dijk", ends=ends)
    assert account.has_ended(TODAY) == account.is_closed(TODAY) == has_ended
    problem = account.why_unusable(TODAY)
    assert (problem.code if problem else None) == (Code.ACCOUNT_ENDED if has_ended else None)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("C", None),
        ("P", Code.ACCOUNT_PROSPECT),
        ("S", Code.ACCOUNT_SUSPECT),
        ("A", Code.ACCOUNT_NO_CUSTOMER),
        ("", Code.ACCOUNT_NO_CUSTOMER),
    ],
)
def test_only_a_customer_takes_documents(status: str, code: Code | None) -> None:
    account = Account("id-1", "1", "Vera Dijk", status=status)
    assert account.is_closed(TODAY) == (code is not None)
    problem = account.why_unusable(TODAY)
    assert (problem.code if problem else None) == code


def test_a_blocked_account_says_so_before_all_else_and_by_its_name() -> None:
    problem = Account("id-1", "1", "Vera Dijk", status="P", blocked=True, ends=date(2020, 1, 1)).why_unusable(TODAY)
    assert problem is not None
    assert (problem.code, problem.params["account"]) == (Code.ACCOUNT_BLOCKED, "1 Vera Dijk")


def test_each_reason_is_known_to_be_the_accounts_own() -> None:
    account = Account("id-1", "1", "Vera Dijk")
    closed = [replace(account, blocked=True), replace(account, ends=date(2026, 1, 1))]
    closed += [replace(account, status=each) for each in "APS"]
    assert {found.code for each in closed if (found := each.why_unusable(TODAY))} == UNUSABLE
