"""Named points in the work on an order where a test can kill, stop or break the process.

CONNECTOR_FAULT_POINT arms one: `posted_before_record:kill`, or `posted_before_record:kill:3` for the third time that
it is reached. It acts once per process. `kill` sends SIGKILL; `hang` sends SIGSTOP, until a SIGCONT comes; `raise`
raises Struck. Settings refuse it on a production installation.
"""

import os
import re
import signal
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

POINTS = (
    "delivery_stored",
    "claimed",
    "fetched",
    "intended",
    "before_post",
    "posted_before_record",
    "printed_before_record",
    "refresh_before_store",
    "refresh_stored",
)
SIGNALS = {"kill": signal.SIGKILL, "hang": signal.SIGSTOP}
ACTIONS = (*SIGNALS, "raise")
_SPELLING = re.compile(rf"({'|'.join(POINTS)}):({'|'.join(ACTIONS)})(?::([1-9]\d{{0,3}}))?")


class Struck(RuntimeError):
    """The exception of an armed point: a fault of ours that no code expects."""


@dataclass(slots=True)
class Armed:
    """The action for a point. It happens when the point is reached for the `left`-th time from now."""

    point: str
    action: str
    left: int = 1


def read(text: str) -> Armed | None:
    """Read the text of CONNECTOR_FAULT_POINT; None when it is empty. Raises ImproperlyConfigured when it is wrong."""
    if not text:
        return None
    match = _SPELLING.fullmatch(text)
    if match is None:
        raise ImproperlyConfigured(
            f"CONNECTOR_FAULT_POINT must be point:action or point:action:times, where point is one of "
            f"{', '.join(POINTS)} and action one of {', '.join(ACTIONS)}."
        )
    return Armed(match[1], match[2], int(match[3] or 1))


_armed: list[Armed] = []  # one at most


def arm(text: str) -> None:
    """Arm a point like CONNECTOR_FAULT_POINT; an empty text disarms. Raises ImproperlyConfigured for a wrong text."""
    armed = read(text)
    _armed[:] = [armed] if armed else []


def reach(point: str) -> None:
    """Say that the process has reached a point. Its action happens when it is armed. Raises Struck for `raise`."""
    if _armed:
        _strike(point, _armed[0])


def _strike(point: str, armed: Armed) -> None:
    if armed.point != point:
        return
    armed.left -= 1
    if armed.left > 0:
        return
    arm("")
    if armed.action in SIGNALS:
        os.kill(os.getpid(), SIGNALS[armed.action])
    else:
        raise Struck(f"The fault point {point} was armed.")


arm(settings.CONNECTOR_FAULT_POINT)
