"""Mail for trials: written to standard error, as standard output carries what the commands print."""

import sys
from typing import Any

from django.core.mail.backends.console import EmailBackend


class StandardErrorBackend(EmailBackend):
    """Django's console backend on the other stream."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "stream": sys.stderr})
