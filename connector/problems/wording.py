"""Translates what the domain says to a person."""

from django.utils.translation import gettext as _

from connector.domain.wording import BadSetting


def translated(error: BadSetting) -> str:
    """Return what is wrong with a setting, in the active language."""
    return _(error.words) % error.params
