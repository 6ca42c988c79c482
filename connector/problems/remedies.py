"""What puts a difference between the store and the books right, in the language of the reader."""

from django.utils.translation import gettext

from connector.clients.wording import complete
from connector.domain.document.reconcile import REMEDY_WORDS, Remedy


def in_words(remedy: str) -> str:
    """Return the action that a difference offers."""
    return complete(REMEDY_WORDS[Remedy(remedy)], {}, gettext)
