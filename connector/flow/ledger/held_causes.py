"""The cause that several held documents share, by which pages, mails and bulk re-posts group them."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from connector.domain.document.causes import cause_of
from connector.domain.document.states import State
from connector.models import OrderSync

_NAMING = ("state", "reason", "code", "params", "problems")

NEEDED = ("division_id", "reason", "message", "code", "params", "problems")
"""The fields of a document that name its cause."""


def key_of(document: OrderSync) -> str:
    """Return what documents that are held by the same cause have in common.

    Documents that were held before there were codes have only the reason: one canary shows what is in the way now.
    """
    return f"{document.division_id}|{document.reason}|{cause_of(document.causes)}"


def column(document: OrderSync, changes: Mapping[str, Any]) -> dict[str, str]:
    """Return what the row keeps of its cause after these changes; nothing when they do not touch it.

    The ledger is filtered by it. A release that changes what `key_of` says fills the column again.
    """
    if not changes.keys() & set(_NAMING):
        return {}
    state, reason, code, params, problems = (changes.get(name, getattr(document, name)) for name in _NAMING)
    if state != State.BLOCKED:
        return {"cause": ""}
    known = OrderSync(division_id=document.division_id, reason=reason, code=code, params=params, problems=problems)
    return {"cause": digest(key_of(known))}


def digest(key: str) -> str:
    """Return the short form of a key, which tells nothing of what the key has."""
    return sha256(key.encode()).hexdigest()[:32]
