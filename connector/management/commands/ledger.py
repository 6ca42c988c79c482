"""`manage.py ledger`: list the documents of every order."""

import json
import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from connector.domain.document.states import State
from connector.domain.money import plain, tidy
from connector.models import OrderSync, Store
from tenants.models import Tenant


class Command(BaseCommand):
    """Prints one row per document, the oldest order first."""

    help = _("List the documents of a tenant and their states.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the filters."""
        parser.add_argument("--tenant", required=True, help=_("the tenant's slug"))
        parser.add_argument("--store", help=_("only this store hash"))
        parser.add_argument("--state", choices=[state.value for state in State], help=_("only this state"))
        parser.add_argument("--json", action="store_true", help=_("one JSON array on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the documents. Raises CommandError for an unknown tenant or store."""
        if not Tenant.objects.filter(slug=options["tenant"]).exists():
            raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": options["tenant"]})
        if (
            options["store"]
            and not Store.objects.filter(tenant__slug=options["tenant"], store_hash=options["store"]).exists()
        ):
            raise CommandError(_("The tenant has no store '%(store)s'.") % {"store": options["store"]})
        rows = _rows(options["tenant"], options["store"], options["state"])
        if options["json"]:
            self.stdout.write(json.dumps(list(rows)))
            return
        width = shutil.get_terminal_size().columns if self.stdout.isatty() else None
        for row in rows:
            self.stdout.write(_line(row)[:width].rstrip())


def _line(row: dict[str, Any]) -> str:
    """Return one row as text. The message is last, because a narrow terminal cuts off the end."""
    message = " ".join((row["message"] or "").split())
    return (
        f"{row['order_id']:>10} {row['kind']:<8} {row['state']:<18} {row['reason'] or '':<12} "
        f"{row['exact_number'] or '':<10} {row['total'] or '':>12} {row['currency'] or '':<3} {message}"
    )


def _rows(tenant: str, store: str | None, state: str | None) -> Iterator[dict[str, Any]]:
    found: QuerySet[OrderSync] = OrderSync.objects.filter(connection__store__tenant__slug=tenant)
    if store:
        found = found.filter(connection__store__store_hash=store)
    if state:
        found = found.filter(state=state)
    for row in (
        found.select_related("division")
        .defer("order_data", "draft", "exact_data")
        .order_by("connection_id", "order_id", "kind", "sequence")
        .iterator()
    ):
        yield {
            "order_id": str(row.order_id),
            "kind": row.kind,
            "sequence": row.sequence,
            "state": row.state,
            "reason": row.reason or None,
            "code": row.code or None,
            "message": row.message or None,
            "attempts": row.attempts,
            "exact_id": row.exact_id or None,
            "exact_number": row.exact_number or None,
            "total": _amount(row.total),
            "currency": row.currency or None,
            "payment_status": row.payment_status or None,
            "to_settle": _amount(row.to_settle),
            "division": str(row.division.code),
            "updated_at": row.updated_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }


def _amount(amount: Decimal | None) -> str | None:
    """Return an amount with two decimals, or with more when it has more."""
    return None if amount is None else plain(tidy(amount, 2))
