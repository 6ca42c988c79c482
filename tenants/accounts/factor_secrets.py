"""The secrets of authenticator apps and recovery codes, each encrypted for the person whose it is.

The library hands over a text and no row. So the person's number stands before the ciphertext and is authenticated with
it, and a text that stands at another person too is refused.
"""

from typing import Final

from allauth.mfa.models import Authenticator
from django.db.models import Q

from tenants.sealed import Moved, is_newest, seal, unseal

NAMES: Final = frozenset({"secret", "seed"})
"""The keys of an authenticator's data that hold them."""


def sealed_for(person: str, text: str) -> str:
    """Encrypt a secret for a person, by the number; "" where the person is not known, until `rotatekeys` finds it."""
    return f"{person}:{seal(text, *_place(person))}"


def of_person(stored: str) -> tuple[str, str]:
    """Return whose secret it is, and the secret. A text of a former release names no person.

    Raises KeyMissing, and Moved for one that was changed, or relabelled.
    """
    person, colon, sealed = stored.rpartition(":")
    return person, unseal(sealed, *_place(person)) if colon else unseal(sealed)


def of_its_own_person(stored: str) -> str:
    """Return the secret, when it stands at no other person than its own. Raises KeyMissing and Moved."""
    person, secret = of_person(stored)
    if (
        person
        and Authenticator.objects.exclude(user=person).filter(Q(data__secret=stored) | Q(data__seed=stored)).exists()
    ):
        raise Moved
    return secret


def is_up_to_date(stored: str, person: str) -> bool:
    """Whether a text names its person and was encrypted with the first key."""
    named, _colon, sealed = stored.rpartition(":")
    return named == person and is_newest(sealed)


def _place(person: str) -> tuple[str, str, str]:
    return Authenticator._meta.db_table, "data", person
