"""A person's action is one transaction; what overtook it is said in words of its own."""

import pytest

from connector.domain.document.states import IllegalTransition
from connector.flow.actions.transaction import NotPossible, by_hand
from connector.flow.leases import LeaseLost

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("overtaken", [LeaseLost("by the lane"), IllegalTransition("from posted to skipped")])
def test_a_document_that_moved_meanwhile_is_looked_at_again(overtaken: Exception) -> None:
    with pytest.raises(NotPossible, match="It changed just now") as refusal, by_hand(None, "Anna called"):
        raise overtaken
    assert str(overtaken) not in str(refusal.value)
