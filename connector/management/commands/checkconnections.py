"""`manage.py checkconnections`: test both sides of each connection, with the rights that posting needs."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.flow.setup.connection_test.findings import Finding
from connector.flow.setup.connection_test.run import check, passed
from connector.models import Connection, Store
from tenants.fields import SecretField
from tenants.models import Tenant

MARKS = {True: "✓", False: "✗", None: "·"}


class Command(BaseCommand):
    """Reads from BigCommerce and Exact, changes nothing there, and says for each finding what to do."""

    help = _("Test both sides of every connection. The exit code is 0 only when there is nothing to fix.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the filter."""
        parser.add_argument("--tenant", help=_("only this tenant's connections, by its slug"))
        parser.add_argument("--json", action="store_true", help=_("one JSON array on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Test the connections one by one. Raises CommandError when one needs attention."""
        # The test loads the credentials itself: one that cannot be decrypted is a finding.
        secrets = [f"store__{field.name}" for field in Store._meta.fields if isinstance(field, SecretField)]
        rows = Connection.objects.select_related("store__tenant", "division").defer(*secrets).order_by("pk")
        if options["tenant"]:
            if not Tenant.objects.filter(slug=options["tenant"]).exists():
                raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": options["tenant"]})
            rows = rows.filter(store__tenant__slug=options["tenant"])
        results = []
        for connection in rows:
            self.stderr.write(_("Testing %(connection)s") % {"connection": connection})
            findings = check(connection)
            results.append(_row(connection, findings))
            if not options["json"]:
                self._show(connection, findings)
        if options["json"]:
            self.stdout.write(json.dumps(results))
        bad = sum(not result["ok"] for result in results)
        if bad:
            text = ngettext(
                "%(bad)s of %(count)s connections needs attention.",
                "%(bad)s of %(count)s connections need attention.",
                bad,
            )
            raise CommandError(text % {"bad": bad, "count": len(results)})

    def _show(self, connection: Connection, findings: list[Finding]) -> None:
        self.stdout.write(f"{connection.store.tenant.name}: {connection}")
        for finding in findings:
            self.stdout.write(f"  {MARKS[finding.ok]} {finding.side}, {finding.name}: {finding.text}")
            if finding.ok is not True:
                self.stdout.write(f"    {finding.what_to_do}")


def _row(connection: Connection, findings: list[Finding]) -> dict[str, Any]:
    return {
        "id": str(connection.pk),
        "tenant": connection.store.tenant.slug,
        "store": connection.store.store_hash,
        "division": str(connection.division.code),
        "ok": passed(findings),
        "findings": [
            {
                "side": finding.side,
                "name": finding.name,
                "ok": finding.ok,
                "text": finding.text,
                "what_to_do": finding.what_to_do,
            }
            for finding in findings
        ],
    }
