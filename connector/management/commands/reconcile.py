"""`manage.py reconcile`: compare the store's orders and refunds of a period with the documents in Exact."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from connector.clients.errors import ClientError
from connector.domain.choices import POSTING_MODES
from connector.flow import stopping
from connector.flow.reconcile import other_form
from connector.flow.reconcile.run import NotPossible, period_of, reconcile
from connector.models import Connection, Discrepancy, ReconciliationRun
from connector.problems import remedies
from connector.problems.calls import in_words
from tenants.models import Tenant


class Command(BaseCommand):
    """Reads both sides in the foreground, within their limits of calls. It changes neither."""

    help = _(
        "Compare the orders and refunds of a period with the documents in Exact; exit code 0 only when nothing "
        "differs. Without a period: from the connection's start date to today. An interrupted run goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the tenant and the period."""
        parser.add_argument("--tenant", required=True, help=_("the tenant's slug"))
        parser.add_argument("--since", metavar="DATE", help=_("the first day, in the store's zone, such as 2026-11-01"))
        parser.add_argument("--until", metavar="DATE", help=_("the last day, included; left out: today"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare. Progress goes to standard error when that is a terminal.

        Raises CommandError for a period that makes no sense, a side that is away, and for differences.
        """
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": options["tenant"]})
        first, last = (_day(options[name], name) for name in ("since", "until"))
        connections = list(_reconciled(tenant))
        if not connections:
            raise CommandError(_("No connection of this tenant has posted anything, so there is nothing to compare."))
        with stopping.by_signal():
            runs = [self._run(connection, first, last) for connection in connections]
        found = [each for run in runs for each in _open(run)]
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(runs, found), indent=1))
        else:
            self._show(runs, found)
        if not all(run.complete for run in runs):
            raise CommandError(_("Not complete: %(number)s differences.") % {"number": len(found)})

    def _run(self, connection: Connection, first: date | None, last: date | None) -> ReconciliationRun:
        try:
            return reconcile(connection, period_of(connection, first, last), tell=self._tell)
        except NotPossible as error:
            raise CommandError(str(error)) from None
        except stopping.Stopped:
            raise CommandError(_("It was stopped. The same command goes on where it was.")) from None
        except ClientError as error:
            text = _("One side could not be read. %(error)s The same command goes on where it was.")
            raise CommandError(text % {"error": in_words(error)}) from None

    def _tell(self, line: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(line)

    def _show(self, runs: list[ReconciliationRun], found: list[Discrepancy]) -> None:
        for each in found:
            amounts = f"{each.expected or '-'} | {each.found or '-'}"
            self.stdout.write(f"{each.kind}: {each.reference} {amounts}: {remedies.in_words(each.remedy)}")
        text = _("%(orders)s orders, %(refunds)s refunds, %(documents)s documents, %(number)s differences")
        sums = {name: sum(run.figures[name] for run in runs) for name in ("orders", "refunds", "documents")}
        self.stdout.write(text % {**sums, "number": len(found)})
        for line in filter(None, (other_form.in_words(run.figures) for run in runs)):
            self.stdout.write(line)


def _day(text: str | None, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        words = _("--%(name)s takes a day such as 2026-11-01, not '%(text)s'.")
        raise CommandError(words % {"name": name, "text": text}) from None


def _reconciled(tenant: Tenant) -> QuerySet[Connection]:
    """The connections that post, or did."""
    rows = Connection.objects.filter(store__tenant=tenant).select_related("store__tenant", "division__grant__tenant")
    used = Q(mode__in=list(POSTING_MODES)) | Q(documents__state="posted")
    return rows.filter(used).distinct().order_by("pk")


def _open(run: ReconciliationRun) -> Iterator[Discrepancy]:
    yield from run.discrepancies.filter(state=Discrepancy.State.OPEN).order_by("order_id", "id")


def _as_json(runs: list[ReconciliationRun], found: list[Discrepancy]) -> dict[str, Any]:
    accepted = [each for run in runs for each in run.discrepancies.filter(state=Discrepancy.State.ACCEPTED)]
    return {
        **{name: sum(run.figures[name] for run in runs) for name in ("orders", "refunds", "documents")},
        "complete": all(run.complete for run in runs),
        "discrepancies": [_row(each) for each in found],
        "accepted": [{**_row(each), "reason": each.reason} for each in accepted],
        "runs": [
            {
                "id": str(run.pk),
                "store": run.connection.store.store_hash,
                "division": str(run.division.code),
                "since": run.first.isoformat(),
                "until": run.last.isoformat(),
                "zone": run.zone,
                "calls_store": run.calls_store,
                "calls_exact": run.calls_exact,
                **run.figures,
            }
            for run in runs
        ],
    }


def _row(each: Discrepancy) -> dict[str, str | None]:
    return {
        "kind": each.kind,
        "order_id": str(each.order_id) if each.order_id else None,
        "reference": each.reference,
        "exact_id": each.exact_id or None,
        "exact_number": each.exact_number or None,
        "expected": each.expected or None,
        "found": each.found or None,
        "remedy": each.remedy,
    }
