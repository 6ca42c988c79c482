"""The id that follows an order through the logs: from the request that reported it to its document in Exact.

Log lines bear it as `request`. The delivery and the document keep it, so that a worker's lines bear it too.
"""

import secrets

from structlog import contextvars


def new_id() -> str:
    """Return an id that nobody else has. It never comes from outside, so that it can hold nothing personal."""
    return secrets.token_hex(8)


def current() -> str:
    """Return the id of what is going on; "" where nothing has one."""
    return str(contextvars.get_contextvars().get("request", ""))


def following(request: str) -> str:
    """Return the id for a row that follows from another one: of what is going on, else the other row's."""
    return current() or request
