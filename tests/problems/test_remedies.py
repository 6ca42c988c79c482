"""Each action that a difference offers has its words."""

import pytest

from connector.domain.document.reconcile import Remedy
from connector.problems import remedies


@pytest.mark.parametrize("remedy", Remedy)
def test_it_is_said_in_words(remedy: Remedy) -> None:
    assert " " in remedies.in_words(remedy.value)
