"""`manage.py worker`: run django-q2's cluster under a supervisor, with the sweep that replaces lost wake-ups."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from connector.flow.worker.supervisor import Supervisor, run_cluster


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT, then stops the cluster cleanly."""

    help = _("Take orders from the inbox to Exact until stopped.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the option that only the supervisor uses."""
        parser.add_argument(
            "--cluster", action="store_true", help=_("run the cluster alone; only the supervisor uses this")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the supervisor, or with --cluster the cluster."""
        if options["cluster"]:
            run_cluster()
        else:
            Supervisor(self.stderr.write).run()
