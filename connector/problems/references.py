"""Which references a problem is about: lists of the division's master data, the customer's account, the period.

A refusal of Exact names the field and not the code that is wrong in it. `connector.flow.pipeline.heal` reads the list
again, and the next translation names the code.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final

from connector.clients.exact.texts import NO_PERIOD
from connector.domain.document.codes import Code
from connector.domain.document.result import Problem
from connector.problems.kinds_of_refusal import PARTY, wrong

ACCOUNT: Final = "account"
SUBJECTS: Final = {
    "vat_code": r"(?:VAT|BTW)(?![ -]?(?:nummer|number|nr|no)\b)(?:[ -]?(?:code|percentage))?",
    "item": r"(?:Artikel|Item)",
    "gl_account": r"(?:Grootboekrekening|G/?L[ -]?account)",
    "cost_center": r"(?:Kostenplaats|Cost cent(?:re|er))",
    "cost_unit": r"(?:Kostendrager|Cost unit)",
    "journal": r"(?:Journals?|Dagboek)",
    "payment_condition": r"(?:Payment condition|Betalingsconditie)",
    "warehouse": r"(?:Magazijn|Warehouse)",
    "layout": r"(?:Lay-?out|Document ?layout|E-mail lay-?out)",
    ACCOUNT: rf"(?:{PARTY}|Relatie|Klant|Debiteur|Accounts?|Customer|Debtor)",
}
"""What each is called in Exact's texts, as a pattern. All but the account are kinds of master data."""
_NO_SALES_ITEM = r"(?:^|; )(?:Geen verkoopartikel|Not a sales item)\b"
_PERIOD = rf"(?:^|; )(?:{NO_PERIOD})(?:\.|;|$)"
_NAMED = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        **{kind: wrong(subject) for kind, subject in SUBJECTS.items()},
        "item": f"{wrong(SUBJECTS['item'])}|{_NO_SALES_ITEM}",
        "period": _PERIOD,
    }.items()
}


def named_in(text: str) -> frozenset[str]:
    """Return the kinds of references that a vendor's text says something is wrong with."""
    return frozenset(kind for kind, pattern in _NAMED.items() if pattern.search(text))


# Of the problems that name a code: the parameter that has it, and the kinds of master data among which it may be.
_NAMING: Final = {
    "vat_code": {"vat_code"},
    "item": {"item"},
    "warehouse": {"warehouse"},
    "gl_account": {"gl_account"},
    "cost_code": {"cost_center", "cost_unit"},
    "journal": {"journal"},
    "payment_condition": {"payment_condition"},
    "template": {"layout"},
    "currency": {"currency"},
}
# Problems that any code of a kind may solve.
_ANY: Final = {
    **dict.fromkeys((Code.NO_VAT_RULE, Code.NO_VAT_RULE_ABROAD, Code.NO_VAT_RULE_WITHOUT_VAT), "vat_code"),
    **dict.fromkeys((Code.NO_VAT_CODE_OF_TYPE_N, Code.VAT_CODES_ALL_BLOCKED), "vat_code"),
    Code.NO_WAREHOUSES: "warehouse",
    **dict.fromkeys((Code.PERIOD_MISSING, Code.PERIOD_CLOSED, Code.NO_OPEN_PERIOD, Code.PERIOD_REFUSED), "period"),
}


def of_problem(problem: Problem) -> frozenset[tuple[str, str]]:
    """Return kind and code of each reference that a problem is about. The code is "" where it names only the kind."""
    if problem.code is Code.REFUSED:
        return frozenset((kind, "") for kind in named_in(str(problem.params.get("text", ""))))
    if problem.code is Code.STOCK_NOT_THERE:
        return frozenset()  # the list of items does not say what lies where
    if problem.code in _ANY:
        return frozenset({(_ANY[problem.code], "")})
    return frozenset(
        (kind, str(problem.params[name]))
        for name in problem.code.cause
        for kind in _NAMING.get(name, ())
        if problem.params.get(name)
    )


def may_be_solved(changes: Collection[tuple[str, str]], problems: Iterable[Problem]) -> bool:
    """Whether one of these problems is about a reference of which kind and code are among the changes."""
    kinds = {kind for kind, _code in changes}
    about = [each for problem in problems for each in of_problem(problem)]
    return any(each in changes or (not each[1] and each[0] in kinds) for each in about)


def names_one(problems: Iterable[Problem]) -> bool:
    """Whether one of these problems is a refusal that names a reference."""
    return any(each.code is Code.REFUSED and of_problem(each) for each in problems)
