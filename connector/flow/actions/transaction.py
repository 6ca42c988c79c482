"""A person's action: one transaction with its history and the wake-up of the lane."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from connector.domain.document.states import LONGEST_REASON, IllegalTransition
from connector.flow.lane import wakeup
from connector.flow.leases import LeaseLost


class NotPossible(Exception):
    """The action does not fit the row. The message says why, and what to do instead."""


@contextmanager
def by_hand(division_id: int | None, reason: str) -> Iterator[None]:
    """Run a person's action that needs a reason in one transaction and wake the lane. Raises NotPossible."""
    require_reason(reason)
    with at_once(division_id):
        yield


@contextmanager
def at_once(division_id: int | None) -> Iterator[None]:
    """Run a person's action in one transaction and wake the lane. Raises NotPossible."""
    try:
        with transaction.atomic():
            yield
            if division_id is not None:
                wakeup.wake([division_id])
    except (LeaseLost, IllegalTransition):
        raise NotPossible(
            _("It changed just now, or the connector began to work on it. Look at it again, then decide.")
        ) from None


def require_reason(reason: str) -> None:
    """Raise NotPossible when there is no reason, or a reason that is too long."""
    if not reason.strip():
        raise NotPossible(_("Say why: the history keeps the reason."))
    if len(reason) > LONGEST_REASON:
        raise NotPossible(_("Give a shorter reason: it has at most %(most)s characters.") % {"most": LONGEST_REASON})


def action_data(action: str, reason: str) -> dict[str, str]:
    """Return what the history keeps of an action besides the person and the time."""
    return {"action": action, "reason": reason}
