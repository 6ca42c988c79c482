"""`manage.py customers`: match all customers of a store with the accounts in Exact, and keep both in step."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from connector.clients.errors import ClientError
from connector.flow import stopping
from connector.flow.customer.runs import report, run
from connector.flow.customer.runs.scope import Refused, connections_of
from connector.flow.long_runs import StoodStill
from connector.models import Connection, CustomerRun
from connector.problems.calls import in_words

REPORT = CustomerRun.What.REPORT
NUMBERS = ("linked", "created", "updated", "ambiguous")


class Command(BaseCommand):
    """Reads, matches and writes in the foreground, within the limits of both sides. No worker is needed."""

    help = _(
        "Match the customers of a tenant's stores with the accounts in Exact. `report` says what would come of it and "
        "writes to neither side. `pull` reads both sides, links customers, makes missing accounts and carries over "
        "what changed since. `push` also makes equal what differed when they were linked. An interrupted one goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what is done, and for whom."""
        parser.add_argument("what", choices=CustomerRun.What.values, help=_("what is done"))
        parser.add_argument("--tenant", required=True, help=_("the tenant's slug"))
        parser.add_argument("--store", metavar="HASH", help=_("the store hash; left out: every store of the tenant"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Progress goes to standard error when that is a terminal.

        Raises CommandError when it cannot begin, or cannot go on; what was done is kept.
        """
        what, tell = options["what"], self._tell
        try:
            connections = connections_of(options["tenant"], options["store"], carries=what != REPORT)
            with stopping.by_signal():
                if what == REPORT:
                    found = _reports(connections, tell)
                else:
                    found = _sums([run.run_now(each, what, tell) for each in connections])
        except (Refused, StoodStill) as error:
            raise CommandError(str(error)) from None
        except stopping.Stopped:
            raise CommandError(_("It was stopped. The same command goes on where it was.")) from None
        except ClientError as error:
            raise CommandError(_("A side could not be read. %(error)s") % {"error": in_words(error)}) from None
        self.stdout.write(json.dumps(found) if options["json"] else "\n".join(_shown(found)))

    def _tell(self, line: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(line, ending="\r")


def _sums(runs: list[CustomerRun]) -> dict[str, int]:
    return {name: sum(getattr(each, name) for each in runs) for name in NUMBERS}


def _reports(connections: list[Connection], tell: Callable[[str], None]) -> dict[str, Any]:
    found: dict[str, Any] = {"customers": 0, "linked": 0, "ambiguous": [], "new": 0}
    for connection in connections:
        report.read_both_sides(connection, tell)
        one = report.report_of(connection)
        found["customers"] += one.customers
        found["linked"] += one.linked
        found["new"] += one.new
        found["ambiguous"] += [{"store": connection.store.store_hash, **each} for each in one.ambiguous]
    return found


def _shown(found: Mapping[str, Any]) -> Iterator[str]:
    if "customers" not in found:
        text = _("%(linked)s linked, %(created)s accounts made, %(updated)s carried over, %(ambiguous)s for a person")
        yield text % found
        return
    text = _("%(customers)s customers: %(linked)s with an account, %(new)s without one, %(number)s for a person")
    yield text % {**found, "number": len(found["ambiguous"])}
    for each in found["ambiguous"]:
        accounts = "; ".join(f"{one['code']} {one['name']} ({one['score']})".strip() for one in each["candidates"])
        yield _("Customer %(customer)s %(name)s: %(accounts)s. %(why)s") % {**each, "accounts": accounts or "-"}
