"""`manage.py drain`: do the due work in the foreground, without a worker."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils.translation import gettext as _

from connector.flow import stopping
from connector.flow.actions import bulk_repost
from connector.flow.clock import database_now
from connector.flow.lane import waiting
from connector.flow.pipeline import run_lane
from connector.models import OrderSync
from tenants.models import Tenant

PAUSE_SECONDS = 0.25


class Command(BaseCommand):
    """Drains the lanes one by one, once or until nothing is due."""

    help = _("Do the due work in the foreground, without a worker.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the tenant, and when to stop."""
        parser.add_argument("--tenant", help=_("only this tenant's lanes"))
        parser.add_argument(
            "--until-idle", action="store_true", help=_("go on until nothing is due and no document is in work")
        )
        parser.add_argument("--now", action="store_true", help=_("ignore the connections' schedules"))
        parser.add_argument(
            "--timeout", type=float, metavar="S", help=_("stop after so many seconds, with exit code 1")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Progress goes to standard error.

        Raises CommandError for an unknown tenant, after --timeout, and when a signal stopped it behind a document.
        """
        tenant = options["tenant"]
        if tenant and not Tenant.objects.filter(slug=tenant).exists():
            raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": tenant})
        ends = time.monotonic() + options["timeout"] if options["timeout"] is not None else float("inf")
        done = 0
        try:
            with stopping.by_signal():
                while True:
                    done += _do_what_is_due(tenant, ends, ignore_schedule=options["now"])
                    if self.stderr.isatty():
                        self.stderr.write("\r" + _("%(done)s worked on") % {"done": done}, ending="")
                    stopping.raise_if_asked()
                    if not options["until_idle"] or waiting.is_idle(
                        database_now(), tenant_slug=tenant, ignore_schedule=options["now"]
                    ):
                        break
                    if time.monotonic() >= ends:
                        text = _("Not idle after %(seconds)s s: %(counts)s")
                        raise CommandError(text % {"seconds": f"{options['timeout']:g}", "counts": _counts(tenant)})
                    stopping.pause(PAUSE_SECONDS)
        except stopping.Stopped:
            raise CommandError(_("Stopped: %(counts)s") % {"counts": _counts(tenant)}) from None
        counts = _counts(tenant)
        text = _("%(done)s worked on; %(counts)s") if counts else _("%(done)s worked on; the ledger is empty")
        self.stderr.write(text % {"done": done, "counts": counts})


def _do_what_is_due(tenant: str | None, ends: float, *, ignore_schedule: bool) -> int:
    """Do a turn of each lane that has work. Returns how many documents were worked on."""
    done = 0
    for lane in waiting.lanes_with_work(database_now(), tenant_slug=tenant, ignore_schedule=ignore_schedule):
        seconds = min(run_lane.LANE_SECONDS, max(ends - time.monotonic(), 0))
        done += run_lane.drain_lane(lane, seconds=seconds, ignore_schedule=ignore_schedule)
    bulk_repost.advance(tenant)
    return done


def _rows(tenant: str | None) -> Any:
    rows = OrderSync.objects.all()
    return rows.filter(connection__store__tenant__slug=tenant) if tenant else rows


def _counts(tenant: str | None) -> str:
    counted = _rows(tenant).order_by().values_list("state").annotate(n=Count("pk")).order_by("state")
    return ", ".join(f"{n} {state}" for state, n in counted)
