"""The cause that several documents share: their problems without the values of one document."""

import re
from collections.abc import Iterable

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_AMOUNT = re.compile(r"-?\d+[.,]\d+")
_DIGITS = re.compile(r"\d+")
# A closed period has one cause, whether Exact refused the document or one before it.
_SAME = {Code.PERIOD_REFUSED: Code.PERIOD_CLOSED, Code.NO_OPEN_PERIOD: Code.PERIOD_CLOSED}
_SHORTEST = 3  # a shorter text is no name: it may be a code or a part of any word


def cause_of(problems: Iterable[Problem]) -> str:
    """Return the same text for documents that have the same cause: codes with the parameters that matter."""
    return "\n".join(sorted({_cause_of(each) for each in problems}))


def _cause_of(problem: Problem) -> str:
    """Return a problem's code and parameters; those of the code that stands for it, where there is one."""
    code = _SAME.get(problem.code, problem.code) if problem.params.get("period") else problem.code
    return "|".join((code, *(str(problem.params.get(name, "")) for name in code.cause)))


def without(text: str, own: Iterable[str]) -> str:
    """Return a vendor's text without ids, amounts, and what is a document's `own`: names, addresses, numbers."""
    for name in sorted({name.strip() for name in own if len(name.strip()) >= _SHORTEST}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return " ".join(_AMOUNT.sub("#", _ID.sub("…", text)).split())


def alike(text: str, own: Iterable[str]) -> str:
    """Return the same text for two vendor's texts that differ only in numbers and in what is a document's own."""
    return _DIGITS.sub("#", without(text, own))
