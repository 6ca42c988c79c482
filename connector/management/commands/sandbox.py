"""`manage.py sandbox`: the fake store and the fake accounting system alone, to try things out against."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from connector.sandbox import Sandbox


class Command(BaseCommand):
    """Runs until it is stopped; what it knows is lost then."""

    help = "Run the sandbox store and the sandbox accounting system on this machine."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the ports; 0 takes a free one."""
        parser.add_argument("--port-store", type=int, default=8081)
        parser.add_argument("--port-exact", type=int, default=8082)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the two addresses and serve."""
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        with Sandbox(port_store=options["port_store"], port_exact=options["port_exact"]) as sandbox:
            self.stdout.write(f"BIGCOMMERCE_API_URL={sandbox.store_url}")
            self.stdout.write(f"EXACT_ONLINE_URL={sandbox.exact_url}")
            self.stdout.flush()
            stop.wait()
