"""What happens after a connection's settings changed."""

from connector.domain.choices import POSTING_MODES, Mode
from connector.flow.ledger import transitions
from connector.models import Connection
from connector.models.kept_words import english


def take_effect(connection: Connection, *, mode_before: str, changed: bool) -> None:
    """When the connection begins to post, skip the orders of shadow mode. Else retry the held orders.

    `changed`: a setting changed that decides what an order becomes.
    """
    if mode_before == Mode.SHADOW and connection.mode in POSTING_MODES:
        transitions.leave_shadow(connection)
    elif changed:
        transitions.release_blocked(
            connection, english("The rules, the settings or the division's master data changed; trying again.")
        )
