"""Sessions in the database, encrypted as credentials are: a session may hold what a person is about to store."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib.sessions.backends import db

from tenants.fields import cipher


class SessionStore(db.SessionStore):
    """A session's row tells nothing to who reads the database. A row that no key decrypts is an empty session."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Encrypt what Django has signed."""
        return cipher().encrypt(super().encode(session_dict).encode()).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """Decrypt what the database holds."""
        data = session_data if isinstance(session_data, bytes) else session_data.encode()
        try:
            signed = cipher().decrypt(data).decode()
        except InvalidToken:
            return {}
        return super().decode(signed)
