"""`manage.py evidence`: walk the chain of an organisation's history."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from connector.flow.records.walk import walk
from connector.models import Connection
from tenants.models import Tenant

SHOWN = 100


class Command(BaseCommand):
    """Walks the chain of each connection of an organisation."""

    help = _("Show that the history of an organisation is as it was written.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the tenant."""
        parser.add_argument("--tenant", required=True, help=_("the tenant's slug"))
        parser.add_argument("--verify", action="store_true", required=True, help=_("walk the chain of its history"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk. Progress goes to standard error when that is a terminal.

        Raises CommandError for an unknown tenant, and when anything was changed.
        """
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": options["tenant"]})
        faults = 0
        for connection in Connection.objects.filter(store__tenant=tenant).select_related("store", "division__grant"):
            for fault in walk(connection, self._tell):
                faults += 1
                if faults <= SHOWN:
                    self.stdout.write(f"{connection}, {fault.place}: {fault.text}")
            head = getattr(connection, "chain", None)
            if head is not None:
                self.stdout.write(f"{connection}: {head.number} {head.hash}")
        if faults:
            raise CommandError(_("The history is not as it was written: %(faults)s faults.") % {"faults": faults})
        self.stdout.write(_("Nothing was changed, removed or added."))

    def _tell(self, line: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(line)
