"""An old version of the rules is used again as a new one, with a reason, when the division still has its codes."""

from typing import Any

import pytest

from connector.flow.actions.rules import use_again
from connector.flow.actions.transaction import NotPossible
from connector.flow.setup.rule_versions import as_filed, in_force, save_version
from connector.models import Connection, RuleVersion
from tenants.models import User
from tests.factories import ConnectionFactory, MasterDataFactory
from tests.flow.by_hand import WHY


def rules(account: str) -> dict[str, Any]:
    return {
        "rules": [{"priority": 1, "when": {}, "then": {"gl_account": account}}],
        "vat": [],
        "payment_conditions": [],
    }


@pytest.fixture
def first(db: None) -> RuleVersion:
    """The first of two versions."""
    connection = ConnectionFactory.create()
    for account in ("8000", "8010"):
        MasterDataFactory.create(division=connection.division, code=account)
        save_version(connection, rules(account), author=None, note="")
    return RuleVersion.objects.get(number=1)


def test_it_is_in_force_as_a_new_version_with_person_and_reason(first: RuleVersion, ann: User) -> None:
    made = use_again(first, ann, WHY)
    assert made is not None
    assert made == in_force(first.connection)
    assert (made.number, made.author, made.note) == (3, ann, f"Version 1 again: {WHY}")
    assert as_filed(made) == as_filed(first)


def test_the_one_in_force_makes_no_other(first: RuleVersion) -> None:
    assert use_again(RuleVersion.objects.get(number=2), None, WHY) is None
    assert RuleVersion.objects.count() == 2


def test_without_a_reason_or_a_code_of_it_nothing_changes(first: RuleVersion) -> None:
    with pytest.raises(NotPossible, match="Say why"):
        use_again(first, None, " ")
    Connection.objects.get().division.master_data.filter(code="8000").delete()
    with pytest.raises(NotPossible, match="no GL account '8000'"):
        use_again(first, None, WHY)
    assert RuleVersion.objects.count() == 2
