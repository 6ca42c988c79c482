"""What the catalogue is asked: the sentence of a problem, and what there is to say about it."""

from typing import Final

from connector.domain.document.result import Problem
from connector.problems import booking, refunds, totals, vat
from connector.problems.explanation import Entries
from connector.problems.words import in_words

ENTRIES: Final[Entries] = {**booking.ENTRIES, **vat.ENTRIES, **totals.ENTRIES, **refunds.ENTRIES}


def sentence(problem: Problem) -> str:
    """Return the problem in words, in the active language."""
    return str(ENTRIES[problem.code].message) % in_words(problem.params)
