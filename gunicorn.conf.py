"""What gunicorn does where its command line says nothing. It reads this file in the folder in which it is started."""

import os
from typing import Any

from config import startup

worker_class = "gthread"
workers = 2
threads = 4
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Look at the environment before anything is served: what is wrong is one sentence and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with startup.one_sentence():
        startup.load()
        startup.require_services()
