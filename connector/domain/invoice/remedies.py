"""Which settings of the connection would let an order be posted that is held for a few cents."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from connector.domain.choices import DocumentForm, PostingSettings
from connector.domain.document.codes import Code
from connector.domain.document.result import Held, Needs, Problem
from connector.domain.invoice.check_totals import find_differences
from connector.domain.invoice.draft import Draft, DraftLine
from connector.domain.invoice.predict import predict
from connector.domain.money import plain
from connector.domain.rules.context import TranslationContext

Translate = Callable[[TranslationContext], Draft | Held | Needs]

FORCE_VAT: Final = "force_vat"
SALES_ENTRY: Final = "sales_entry"
ROUNDING: Final = "rounding"
"""The names in a problem's parameter `helps`. One that needs another too is joined to it: `sales_entry+force_vat`."""

_OF_CENTS = {Code.TOTALS_DIFFER, Code.VAT_OF_RATE_DIFFERS, Code.VAT_OF_COUNTRY_DIFFERS}
_MOST_UNITS = 10  # a larger difference is no rounding


def name_limit(context: TranslationContext, lines: list[DraftLine], problems: Iterable[Problem]) -> Held:
    """Return the problems with the least limit under which a rounding line would do: `rounding 0.03`."""
    rest = context.order.total_inc - predict(lines, context.settings.rounding, context.digits).gross
    for units in range(1, _MOST_UNITS + 1):
        limit = units * context.charged_unit
        items = replace(context.settings.items, rounding="any")
        settings = replace(context.settings, rounding_limit=limit, rounding_gl_account="any", items=items)
        if abs(rest) <= limit and not find_differences(replace(context, settings=settings), lines, rest):
            return Held(tuple(_with_help(each, f"{ROUNDING} {plain(limit)}") for each in problems))
    return Held(tuple(problems))


def name_settings(context: TranslationContext, held: Held, translate: Translate) -> Held:
    """Return the problems with the settings under which the order would be posted, and the limit if one is named."""
    if any(each.code not in _OF_CENTS for each in held.problems):
        return held
    found = [name for name, settings in _trials(context.settings).items() if _is_posted(translate, context, settings)]
    alone = [name for name in found if "+" not in name]
    return Held(tuple(_with_help(each, *(alone or found), str(each.params["helps"])) for each in held.problems))


def _trials(settings: PostingSettings) -> dict[str, PostingSettings]:
    """The settings to try, by name. Those that the connection has already change nothing."""
    entry = replace(settings, document=DocumentForm.SALES_ENTRY)
    return {
        FORCE_VAT: replace(settings, force_vat=True),
        SALES_ENTRY: entry,
        f"{SALES_ENTRY}+{FORCE_VAT}": replace(entry, force_vat=True),
    }


def _is_posted(translate: Translate, context: TranslationContext, settings: PostingSettings) -> bool:
    return isinstance(translate(replace(context, settings=settings)), Draft)


def _with_help(problem: Problem, *names: str) -> Problem:
    helps = ", ".join(filter(None, names))
    is_forced = problem.code is Code.TOTALS_DIFFER and FORCE_VAT in names
    code = Code.TOTALS_DIFFER_UNLESS_FORCED if is_forced else problem.code
    return replace(problem, code=code, params={**problem.params, "helps": helps})
