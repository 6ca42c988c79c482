"""A person's change: in one transaction with its history and the wake-up of the lane, or refused with a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from connector.domain.document.states import LONGEST_REASON, IllegalTransition
from connector.flow.lane import wakeup
from connector.flow.leases import LeaseLost


class NotPossible(Exception):
    """The action does not fit what it is asked of; the message tells a person why, and what to do instead."""


@contextmanager
def by_hand(division_id: int | None, reason: str) -> Iterator[None]:
    """One transaction for a person's change, its history and the wake-up of the lane. Raises NotPossible."""
    require_reason(reason)
    try:
        with transaction.atomic():
            yield
            if division_id is not None:
                wakeup.wake([division_id])
    except LeaseLost:
        raise NotPossible("It was taken in hand or changed just now. Look at it again, then decide.") from None
    except IllegalTransition as error:
        raise NotPossible(str(error)) from None


def require_reason(reason: str) -> None:
    """Raise NotPossible when no reason is given, or one that is too long to be kept."""
    if not reason.strip():
        raise NotPossible("Say why: the reason is kept in the history.")
    if len(reason) > LONGEST_REASON:
        raise NotPossible(f"Say it shorter: a reason has at most {LONGEST_REASON} characters.")


def told(action: str, reason: str) -> dict[str, str]:
    """Return what the history keeps of an action besides who and when."""
    return {"action": action, "reason": reason}
