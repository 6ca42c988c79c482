"""`manage.py evidence`: write what is known of an order into a file, check such a file, or walk the chain."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from connector.domain.document.evidence import NotEvidence, check
from connector.flow.records.evidence import NothingKnown, evidence_of
from connector.flow.records.walk import walk
from connector.models import Connection
from tenants.models import Tenant

SHOWN = 100


class Command(BaseCommand):
    """Writes or checks evidence. A check of a file needs no row."""

    help = _("Show what became of an order, and that nothing was changed since.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the tenant, the order and the files."""
        parser.add_argument("--tenant", help=_("the tenant's slug"))
        parser.add_argument("--order", type=int, help=_("the order's id in the store"))
        parser.add_argument("--store", default="", help=_("the store's hash, when several stores have such an order"))
        parser.add_argument("--out", type=Path, help=_("the file to write"))
        parser.add_argument(
            "--verify",
            nargs="?",
            const="",
            metavar="FILE",
            help=_("check this file; without a file, the chain of the tenant"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the three. Raises CommandError for what does not go together, and when anything was changed."""
        if options["verify"]:
            self._check(Path(options["verify"]))
        elif not options["tenant"]:
            raise CommandError(_("Name the tenant with --tenant, or a file with --verify."))
        elif options["verify"] is not None:
            self._walk(_tenant(options["tenant"]))
        elif options["order"] is None or options["out"] is None:
            raise CommandError(_("Name the order with --order and the file with --out, or add --verify."))
        else:
            self._write(_tenant(options["tenant"]), options["order"], options["store"], options["out"])

    def _write(self, tenant: Tenant, order: int, store: str, out: Path) -> None:
        try:
            out.write_bytes(evidence_of(tenant, order, store))
        except NothingKnown:
            raise CommandError(_("The ledger has no document of order %(order)s.") % {"order": order}) from None
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from None

    def _check(self, path: Path) -> None:
        try:
            manifest = check(path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except NotEvidence as error:
            raise CommandError(f"{error.part}: {error}") from None
        about, parts = manifest["about"], len(manifest["parts"])
        text = _("Order %(order)s of %(organisation)s: %(parts)s parts, nothing was changed.")
        self.stdout.write(text % {"order": about["order"], "organisation": about["organisation"], "parts": parts})

    def _walk(self, tenant: Tenant) -> None:
        """Walk every chain. Progress goes to standard error when that is a terminal."""
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


def _tenant(slug: str) -> Tenant:
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": slug})
    return tenant
