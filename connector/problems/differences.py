"""Writes how a document in Exact differs from what was meant, in the language of the reader."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connector.domain.document.differences import Difference, Differs, of_param
from connector.domain.document.result import Params

_WORDS: Final[Mapping[Differs, Promise]] = {
    Differs.TOTAL: _("total %(theirs)s in Exact, %(ours)s meant"),
    Differs.VAT: _("VAT %(theirs)s in Exact, %(ours)s meant"),
    Differs.NET: _("total without VAT %(theirs)s in Exact, %(ours)s meant"),
    Differs.CURRENCY: _("currency %(theirs)s in Exact, %(ours)s meant"),
    Differs.LINES: _("%(theirs)s lines in Exact, %(ours)s meant"),
    Differs.ITEM: _("line %(number)s: item %(theirs)s in Exact, %(ours)s meant"),
    Differs.GL_ACCOUNT: _("line %(number)s: GL account %(theirs)s in Exact, %(ours)s meant"),
    Differs.COST_CENTER: _("line %(number)s: cost centre %(theirs)s in Exact, %(ours)s meant"),
    Differs.COST_UNIT: _("line %(number)s: cost unit %(theirs)s in Exact, %(ours)s meant"),
    Differs.VAT_CODE: _("line %(number)s: VAT code %(theirs)s in Exact, %(ours)s meant"),
    Differs.VAT_OF_CODE: _("VAT under code %(code)s %(theirs)s in Exact, %(ours)s meant"),
    Differs.NET_OF_CODE: _("amount under code %(code)s %(theirs)s in Exact, %(ours)s meant"),
    Differs.SENT_VAT: _("a line's VAT of %(vat)s, which was sent, was not taken"),
    Differs.TOTAL_OF_ORDER: _("total %(theirs)s in Exact, %(ours)s in the order"),
    Differs.CURRENCY_OF_ORDER: _("currency %(theirs)s in Exact, %(ours)s in the order"),
    Differs.VAT_OF_LINE: _("VAT of line %(number)s from %(before)s to %(after)s"),
    Differs.ROUNDING_OF_LINE: _("rounding line %(number)s from %(before)s to %(after)s"),
}


def in_words(found: Iterable[Difference]) -> str:
    """Return differences as one phrase."""
    return "; ".join(str(_WORDS[each.what]) % _named(each.params) for each in found)


def kept_in_words(kept: str) -> str:
    """Return the phrase of differences that a problem kept. Words that it kept stay as they are."""
    found = of_param(kept)
    return kept if found is None else in_words(found)


def _named(params: Params) -> Params:
    return {name: gettext("none") if value == "" else value for name, value in params.items()}
