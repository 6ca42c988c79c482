"""Where a client's access tokens come from."""

from typing import Protocol


class TokenSource(Protocol):
    """Where access tokens come from."""

    def token(self) -> str:
        """A token that is valid now. Raises what the source raises when it has none."""

    def renew(self, rejected: str) -> str:
        """Another token, after Exact answered 401 to `rejected`."""
