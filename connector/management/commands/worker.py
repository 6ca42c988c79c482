"""`manage.py worker`: django-q2's cluster, supervised, and the sweep that makes good every lost wake-up."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from connector.flow.worker.supervisor import Supervisor, run_cluster


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT, then stops the cluster cleanly."""

    help = "Take orders from the inbox to Exact until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The one option is for the supervisor itself."""
        parser.add_argument("--cluster", action="store_true", help="be the cluster that a worker supervises")

    def handle(self, *args: Any, **options: Any) -> None:
        """Supervise, or be supervised."""
        if options["cluster"]:
            run_cluster()
        else:
            Supervisor(self.stderr.write).run()
