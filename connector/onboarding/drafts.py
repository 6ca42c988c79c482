"""What a person typed at a step and what came of it, until the step is done.

It is kept in the session, encrypted with the keys of the stored credentials: secrets survive a failed try, and no page
shows them again.
"""

import json
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from tenants.models import Tenant
from tenants.sealed import KeyMissing, Moved, seal, unseal

KEY = "get_started"


class Draft:
    """The draft of one step of one organisation in one session."""

    def __init__(self, session: SessionBase, tenant: Tenant, step: str) -> None:
        self._session, self._name = session, f"{tenant.pk}:{step}"
        self.values: dict[str, Any] = _read(session.get(KEY, {}).get(self._name, ""), self._name)

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, by field, secrets included."""
        return dict(self.values.get("typed", {}))

    @property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong, by field; "" for what is about no field."""
        return dict(self.values.get("errors", {}))

    def keep(self, **values: Any) -> None:
        """Replace the draft. The values must be JSON."""
        self.values = values
        text = seal(json.dumps(values), KEY, self._name)
        self._session[KEY] = {**self._session.get(KEY, {}), self._name: text}

    def forget(self) -> None:
        """Delete the draft."""
        self.values = {}
        kept = self._session.get(KEY, {})
        self._session[KEY] = {name: text for name, text in kept.items() if name != self._name}


def _read(text: str, name: str) -> dict[str, Any]:
    """Return the values; {} when there are none, when their key is gone, or when they are another step's."""
    try:
        return dict(json.loads(unseal(text, KEY, name))) if text else {}
    except (KeyMissing, Moved):
        return {}
