"""`manage.py backfill`: orders from before the connection come into the ledger. Those that Exact has are adopted."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.clients.errors import ClientError
from connector.domain.document.match import Sign
from connector.domain.fit.add_up import add_up
from connector.domain.money import plain, tidy
from connector.flow.inbox.backfill import run as backfill
from connector.flow.inbox.backfill.days import Refused, connection_of, days_of, require_on
from connector.flow.inbox.backfill.estimate import Estimate, estimate
from connector.flow.long_runs import StoodStill, to_the_end
from connector.flow.outbound.within_budget import within_budget
from connector.flow.setup.fit.old_orders import dry_run
from connector.management.commands.fit import in_lines, with_pages
from connector.models import BackfillDocument, BackfillOrder, BackfillRun, Connection
from connector.problems.backfill import in_words as sign_in_words
from connector.problems.calls import in_words

Outcome = BackfillOrder.Outcome


class Command(BaseCommand):
    """Reads the orders of some days, looks for each in Exact, and puts them into the ledger. It may be run again."""

    help = _(
        "Take in the orders that were placed before the store was connected. Each is looked for in Exact first: one "
        "that somebody has typed in by hand is adopted, and one that is likely there is held for a person. The others "
        "are posted by a worker or by `drain`, after live orders. When it was interrupted, the same command goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the store and the days."""
        parser.add_argument("--tenant", required=True, help=_("the tenant's slug"))
        parser.add_argument("--store", required=True, help=_("the store hash"))
        parser.add_argument("--division", type=int, help=_("the division's code, for a store with several connections"))
        day = _("in the store's time zone, such as 2026-01-31")
        parser.add_argument("--since", required=True, type=_day, metavar="DATE", help=_("the first day, ") + day)
        parser.add_argument("--until", type=_day, metavar="DATE", help=_("the last day, included (today)"))
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help=_("show what would become of the orders; the store and Exact are read, and nothing is written"),
        )
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError when it cannot begin, or cannot go on; what was done is kept."""
        try:
            connection = connection_of(options["tenant"], options["store"], options["division"])
            days = days_of(connection.store, options["since"], options["until"])
            if options["dry_run"]:
                self._try(connection, days, as_json=options["json"])
                return
            require_on(connection)
            present = backfill.going_on(connection)
            run = self._start(connection, days) if present is None or present.dry_run else present
            backfill.require_days(run, *days)
            self._finish(run)
        except (Refused, StoodStill) as error:
            raise CommandError(str(error)) from None
        except ClientError as error:
            raise CommandError(_("A side could not be read. %(error)s") % {"error": in_words(error)}) from None
        found = _summary(run.rows.all(), _documents(run))
        self.stdout.write(json.dumps(found) if options["json"] else "\n".join(_shown(found)))

    def _start(self, connection: Connection, days: tuple[date, date]) -> BackfillRun:
        wanted = within_budget(partial(estimate, connection, *days), self.stderr.write)
        self.stderr.write(_said(wanted))
        return backfill.start(connection, None, since=days[0], until=days[1], expected=wanted.orders, worker=False)

    def _finish(self, run: BackfillRun) -> None:
        """Do the run to its end. Raises StoodStill, and Stopped."""
        backfill.resume(run)
        to_the_end(run, partial(backfill.go_on, run.pk, live_first=False), partial(self._tell, run))

    def _tell(self, run: BackfillRun) -> None:
        if self.stderr.isatty():
            numbers = {"handled": run.handled, "orders": max(run.orders, run.expected)}
            self.stderr.write(_("%(handled)s of about %(orders)s orders") % numbers, ending="\r")

    def _try(self, connection: Connection, days: tuple[date, date], *, as_json: bool) -> None:
        require_on(connection)
        tried = dry_run(connection, *days, self.stderr.write)
        found = _summary(tried.rows, tried.documents)
        fit = with_pages(add_up(tried.outcomes).to_json(), connection)
        if as_json:
            self.stdout.write(json.dumps({**found, "fit": fit}))
            return
        lines = [_("Nothing was written. A backfill would do this:"), *_shown(found)]
        text = _("%(fit)s of the %(orders)s orders to be posted would be posted now.")
        self.stdout.write("\n".join([*lines, text % fit, *in_lines(fit)]))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("'%(text)s' is no day. Write it as 2026-01-31.") % {"text": text}) from None


def _said(wanted: Estimate) -> str:
    text = ngettext(
        "At most %(orders)s order, about %(store)s calls to the store and %(exact)s to Exact: %(days)s days.",
        "At most %(orders)s orders, about %(store)s calls to the store and %(exact)s to Exact: %(days)s days.",
        wanted.orders,
    )
    given = {"orders": wanted.orders, "store": wanted.store_calls, "exact": wanted.exact_calls, "days": wanted.days}
    return text % given


def _documents(run: BackfillRun) -> Mapping[str, BackfillDocument]:
    return {row.exact_id: row for row in run.documents_read.all()}


def _summary(rows: Iterable[BackfillOrder], documents: Mapping[str, BackfillDocument]) -> dict[str, Any]:
    """Return the numbers of orders by what becomes of them, and those that a person decides on."""
    every = sorted(rows, key=lambda row: row.order_id)
    counts = Counter(row.outcome for row in every)
    return {
        "orders": len(every),
        "queued": counts[Outcome.QUEUED],
        "adopted": counts[Outcome.ADOPTED],
        "likely": [_likely(row, documents) for row in every if row.outcome == Outcome.LIKELY],
        "skipped": counts[Outcome.SKIPPED],
    }


def _likely(row: BackfillOrder, documents: Mapping[str, BackfillDocument]) -> dict[str, Any]:
    """Return an order and the document that it may be; `others` are further documents that it may be."""
    (key, sign), *others = row.found
    found = documents.get(key) or BackfillDocument()
    return {
        "order_id": row.order_id,
        "exact_id": key,
        "exact_number": found.number,
        "why": str(sign),
        "total": _money(row.total),
        "amount": _money(found.amount),
        "currency": row.currency,
        "date": str(found.dated or ""),
        "your_ref": found.your_ref,
        "others": [other for other, _sign in others],
    }


def _money(amount: Any) -> str:
    return "" if amount is None else plain(tidy(amount, 2))


def _shown(found: Mapping[str, Any]) -> Iterator[str]:
    text = _(
        "%(orders)s orders: %(queued)s to be posted, %(adopted)s were in Exact, %(likely)s may be in Exact, "
        "%(skipped)s skipped"
    )
    yield text % {**found, "likely": len(found["likely"])}
    for each in found["likely"]:
        why = sign_in_words(Sign(each["why"]))
        yield _("Order %(order_id)s, %(total)s %(currency)s: %(exact_number)s, %(amount)s, %(date)s. %(why)s") % {
            **each,
            "exact_number": each["exact_number"] or each["exact_id"],
            "why": why,
        }
