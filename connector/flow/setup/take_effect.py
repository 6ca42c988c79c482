"""What follows when a connection's settings were changed, whoever changed them."""

from connector.domain.choices import POSTING_MODES, Mode
from connector.flow.ledger import transitions
from connector.models import Connection


def take_effect(connection: Connection, *, mode_before: str, changed: bool) -> None:
    """Leave what shadow mode only looked at, when the connection begins to post; else try again what was held.

    `changed` says whether anything did that decides what an order becomes.
    """
    if mode_before == Mode.SHADOW and connection.mode in POSTING_MODES:
        transitions.leave_shadow(connection)
    elif changed:
        transitions.release_blocked(
            connection, "The rules, the settings or the division's master data changed; trying again."
        )
