"""`manage.py checkledger`: check that each order of the stores has a row in the ledger, and that no row is stuck."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from connector.flow.monitor.completeness import Report, check_tenant
from tenants.models import Tenant

KINDS = ("missing", "stuck", "unread")


class Command(BaseCommand):
    """Reads from each store all changes since its first connection, and compares. It changes nothing."""

    help = _("Check that no order is missing in the ledger and no row is stuck; exit code 0 only when complete.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the tenant."""
        parser.add_argument("--tenant", required=True, help=_("the tenant's slug"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare. Progress goes to standard error when that is a terminal.

        Raises CommandError for an unknown tenant and for a ledger that is not complete.
        """
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": options["tenant"]})
        report = check_tenant(tenant, self._tell)
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json(), indent=1))
        else:
            self._show(report)
        if not report.complete:
            text = _("The ledger is not complete: %(missing)s missing, %(stuck)s stuck, %(unread)s stores not read.")
            raise CommandError(text % {kind: len(getattr(report, kind)) for kind in KINDS})

    def _tell(self, line: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(line)

    def _show(self, report: Report) -> None:
        for kind in KINDS:
            for row in getattr(report, kind):
                self.stdout.write(f"{kind}: {', '.join(row.values())}")
        text = _("%(orders)s orders, %(documents)s documents")
        self.stdout.write(text % {"orders": report.orders, "documents": report.documents})
