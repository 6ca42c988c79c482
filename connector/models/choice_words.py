"""The choices of a column: each value of an enumeration with its words, in the language of the person who looks."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from connector.domain.choices import Choice

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def named(enumeration: type[Choice]) -> "list[tuple[str, _StrPromise]]":
    """Return the choices of a column: each value with its words."""
    return [(member.value, gettext_lazy(member.words)) for member in enumeration]


def choices_of(enumeration: type[Choice]) -> "Callable[[], list[tuple[str, _StrPromise]]]":
    """Return a callable for the choices of a column. Migrations name it, so a new word or choice needs none."""
    return partial(named, enumeration)
