"""`manage.py recover`: after a restored backup, look up in Exact what may have been posted since."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from connector.flow.pipeline import recovery
from tenants.models import Tenant


class Command(BaseCommand):
    """Stops the lanes, reads the stores, searches Exact by our reference. It sends nothing, and may be run again."""

    help = _("After a restored backup: look up in Exact what may have been posted since, before anything is sent.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the tenant, and how it begins."""
        parser.add_argument("--tenant", metavar="T", help=_("only this tenant"))
        parser.add_argument(
            "--begin",
            action="store_true",
            help=_("stop the lanes and end; without it that is done too, unless a recovery was begun and is not done"),
        )
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Progress goes to standard error when that is a terminal.

        Raises CommandError for an unknown tenant, and while something could not be looked up.
        """
        tenant = None
        if options["tenant"] and (tenant := Tenant.objects.filter(slug=options["tenant"]).first()) is None:
            raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": options["tenant"]})
        if options["begin"] or not recovery.unfinished(tenant).exists():
            lanes = recovery.begin(tenant)
            self.stderr.write(_("%(lanes)s divisions post nothing until they are recovered") % {"lanes": lanes})
        if options["begin"]:
            return
        report = recovery.recover(tenant, self._tell)
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json(), indent=1))
        else:
            self.stdout.write(report.in_words())
        if not report.complete:
            raise CommandError(
                _("Not recovered yet, so nothing is posted there: %(why)s") % {"why": "; ".join(report.troubles)}
            )

    def _tell(self, line: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(line)
