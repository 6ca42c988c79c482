"""What chose a line's codes, as a draft keeps it: the name of a rule, or one of the reasons where no rule did."""

from enum import StrEnum
from typing import Final

_AFTER_PLACE: Final = ": "


class NoRule(StrEnum):
    """Why a line has a code that no rule chose. Drafts keep these values, so they stay what they are."""

    AS_GOODS = "as the goods"
    ONLY_ONE = "the only code of the division that fits"
    ONLY_ONE_WITHOUT_VAT = "the only code of the division without VAT"
    ROUNDING = "the rounding settings"
    SKU_TABLE = "the table of SKUs"


def with_place(place: str, chosen_by: str) -> str:
    """Return what chose a code, after the choice of the line's destination."""
    return f"{place}{_AFTER_PLACE}{chosen_by}"


def parts(kept: str) -> tuple[str, str]:
    """Return what `with_place` put together: the place, "" without one, and what chose the code."""
    place, _between, chosen_by = kept.rpartition(_AFTER_PLACE)
    return place, chosen_by


def names_rule(kept: str) -> bool:
    """Whether a rule chose the code. The draft and its document are of the same version of the rules."""
    return bool(kept) and parts(kept)[1] not in set(NoRule)
