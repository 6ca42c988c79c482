"""Writes how a new consent differs from the one in use: a request keeps codes with their parameters."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Concern(StrEnum):
    """What speaks against a new consent. Requests keep these values for a day."""

    USER_UNKNOWN = "user_unknown"
    OTHER_USER = "other_user"
    OTHER_THAN_UNNAMED = "other_than_unnamed"
    DIVISIONS_UNKNOWN = "divisions_unknown"
    DIVISION_OUT_OF_REACH = "division_out_of_reach"


_SENTENCES: Final[Mapping[Concern, Promise]] = {
    Concern.USER_UNKNOWN: _("Exact could not be asked whose consent this is."),
    Concern.OTHER_USER: _("It is of another Exact user: %(user)s. The consent in use is %(present)s's."),
    Concern.OTHER_THAN_UNNAMED: _("It is of another Exact user: %(user)s. The consent in use is another user's."),
    Concern.DIVISIONS_UNKNOWN: _(
        "Exact could not be asked whether it reaches division %(division)s, which a connection uses."
    ),
    Concern.DIVISION_OUT_OF_REACH: _(
        "It does not reach division %(division)s, which a connection uses. Nothing could be posted there."
    ),
}


def concern(code: Concern, **params: str) -> dict[str, Any]:
    """Return what a request keeps of a concern."""
    return {"code": str(code), "params": params}


def in_words(kept: Iterable[dict[str, Any] | str]) -> list[str]:
    """Return the concerns of a request in the active language. Those of earlier releases are sentences."""
    return [each if isinstance(each, str) else str(_SENTENCES[Concern(each["code"])]) % each["params"] for each in kept]
