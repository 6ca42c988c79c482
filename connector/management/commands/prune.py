"""`manage.py prune`: delete now what has expired by the settings of each organisation."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from connector.flow.clock import database_now
from connector.flow.records.retention import Pruned, count, prune
from tenants.models import Tenant


class Command(BaseCommand):
    """Prunes every organisation, to the end. The worker does it daily in parts."""

    help = _("Delete deliveries, copies, calls, reports and comparisons that are older than they are kept.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--dry-run", action="store_true", help=_("count only; nothing is written"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Prune, and print how many of each kind have expired."""
        now, pruned = database_now(), Pruned()
        for tenant in Tenant.objects.order_by("pk"):
            pruned += count(tenant, now) if options["dry_run"] else prune(tenant, now)
        if options["json"]:
            self.stdout.write(json.dumps(pruned.numbers()))
            return
        text = _(
            "%(deliveries)s deliveries, %(copies)s copies of orders, bodies of %(bodies)s calls, %(calls)s calls, "
            "%(reports)s reports of Exact, %(runs)s daily comparisons"
        )
        self.stdout.write(text % pruned.numbers())
