"""`manage.py fit`: what the orders of the last days would become. Exact is not called and nothing is posted."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.admin.documents.explanation import page_of
from connector.clients import strict_json
from connector.clients.errors import ClientError
from connector.domain.document.result import from_json
from connector.domain.fit.add_up import add_up
from connector.domain.fit.outcome import COST_CENTER, GL_ACCOUNT, VAT_CODE, Outcome
from connector.flow.outbound.clients import store_client
from connector.flow.outbound.within_budget import within_budget
from connector.flow.setup.fit.run import DAYS, MOST
from connector.flow.setup.fit.trial import Trial
from connector.flow.setup.provision.read_file import read_connection, read_rules
from connector.flow.setup.provision.schema import Refused
from connector.flow.setup.recent_orders import ALL_DAYS, recent_orders
from connector.flow.setup.rule_versions import as_filed, in_force
from connector.flow.setup.settings_table import values_in
from connector.models import Connection, Division, OrderSync, Store
from connector.problems.calls import in_words
from connector.problems.catalogue import explain, sentence
from tenants.models import Tenant

NOT_SAVED = "/get-started/mapping/"
"""Where the settings of a connection are made that is not saved yet."""


class Command(BaseCommand):
    """Reads the orders of the last days from the store, and translates each as posting does."""

    help = _(
        "Show what the orders of the last days would become: how many would be posted, the money and VAT of each GL "
        "account, cost centre and VAT code, and what holds the others. The store is read; Exact is not called, nothing "
        "is posted, and the ledger stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the connection, the days and the rules."""
        parser.add_argument("--tenant", required=True, help=_("the tenant's slug"))
        parser.add_argument("--store", required=True, help=_("the store hash"))
        parser.add_argument("--division", required=True, type=int, help=_("the division's code"))
        parser.add_argument(
            "--days",
            type=int,
            help=_("the orders of so many days; left out: of %(days)s, or the latest where these have none")
            % {"days": DAYS},
        )
        parser.add_argument("--limit", type=int, default=MOST, help=_("at most so many orders (%(default)s)"))
        parser.add_argument(
            "--rules",
            metavar="FILE",
            help=_(
                "try these instead of those in force: a JSON object with `rules`, `vat` and `payment_conditions`, or a "
                "whole connection as in the provision file or as `propose` prints it, which need not be saved"
            ),
        )
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Show it. Raises CommandError when there is nothing to try, or the store cannot be read."""
        days, limit = options["days"], options["limit"]
        if min(1 if days is None else days, limit) < 1:
            raise CommandError(_("--days and --limit are 1 or more."))
        connection, rules = _tried(options)
        try:
            outcomes = self._outcomes(connection, rules, days or DAYS, limit)
            if not (outcomes or days):
                self.stderr.write(_("The store sold nothing in these days; its latest orders are tried."))
                days = ALL_DAYS
                outcomes = self._outcomes(connection, rules, days, limit)
        except ClientError as error:
            raise CommandError(_("The orders could not be read. %(error)s") % {"error": in_words(error)}) from None
        found = with_pages(add_up(outcomes).to_json(), connection)
        self.stdout.write(json.dumps(found) if options["json"] else "\n".join(_shown(found, days or DAYS)))

    def _outcomes(self, connection: Connection, rules: Mapping[str, Any], days: int, most: int) -> list[Outcome]:
        client, outcomes = store_client(connection.store), list[Outcome]()
        trial, included = Trial.of(connection, client, rules), connection.store.prices_include_tax
        for order in recent_orders(client, days=days, most=most, prices_include_tax=included, tell=self.stderr.write):
            outcomes.append(within_budget(partial(trial.outcome, order), self.stderr.write))
            if self.stderr.isatty() and len(outcomes) % 10 == 0:
                self.stderr.write(_("%(number)s orders tried") % {"number": len(outcomes)}, ending="\r")
        return outcomes


def _tried(options: Mapping[str, Any]) -> tuple[Connection, Mapping[str, Any]]:
    """Return the connection, saved or not, and the rules to try. Raises CommandError."""
    tenant, store, division = options["tenant"], options["store"], options["division"]
    if not Tenant.objects.filter(slug=tenant).exists():
        raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": tenant})
    stores = Store.objects.select_related("tenant").filter(tenant__slug=tenant, store_hash=store)
    divisions = Division.objects.select_related("grant__tenant").filter(grant__tenant__slug=tenant, code=division)
    if not stores or not divisions:
        text = _("The tenant has no store '%(store)s' or no division %(division)s.")
        raise CommandError(text % {"store": store, "division": division})
    saved = Connection.objects.select_related("store__tenant", "division__grant__tenant").filter(
        store=stores[0], division=divisions[0]
    )
    connection = saved.first() or Connection(store=stores[0], division=divisions[0])
    if options["rules"]:
        return _from_file(connection, options["rules"])
    if connection._state.adding:
        text = _("Store '%(store)s' is not connected to division %(division)s: give a connection with --rules.")
        raise CommandError(text % {"store": store, "division": division})
    return connection, as_filed(in_force(connection))


def _from_file(connection: Connection, path: str) -> tuple[Connection, Mapping[str, Any]]:
    """Return the connection with the settings of a file, and its rules. Raises CommandError."""
    try:
        data = strict_json.load(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise CommandError(_("%(file)s cannot be read: %(error)s") % {"file": path, "error": error}) from None
    data = data.get("connection", data) if isinstance(data, dict) else data
    try:
        if not connection._state.adding and isinstance(data, dict) and "journal" not in data:
            return connection, read_rules(data)
        filed = read_connection(data)
    except Refused as error:
        raise CommandError(str(error)) from None
    for column, value in values_in(filed).items():
        setattr(connection, column, value)
    return connection, filed


def with_pages(found: dict[str, Any], connection: Connection) -> dict[str, Any]:
    """Add to each cause its sentence, who puts it right, and the address of the page and field."""
    for cause in (*found["causes"], *found["skips"]):
        (problem,) = from_json([{**cause, "line": ""}])
        explanation = explain(problem.code, problem.params)
        page = NOT_SAVED
        if not connection._state.adding or explanation.where in {"exact", "bigcommerce"}:
            order = OrderSync(order_id=int(cause["orders"][0])) if explanation.where == "bigcommerce" else None
            page = page_of(explanation, connection, order)
        cause |= {
            "message": sentence(problem),
            "who": str(explanation.who),
            "page": f"{settings.PUBLIC_URL}{page}" if page.startswith("/") else page,
        }
    return found


def _shown(found: Mapping[str, Any], days: int) -> Iterator[str]:
    yield ngettext(
        "%(fit)s of %(orders)s orders of the last day would be posted, %(money)s, to the cent.",
        "%(fit)s of %(orders)s orders of the last %(days)s days would be posted, %(money)s, to the cent.",
        days,
    ) % {"fit": found["fit"], "orders": found["orders"], "days": days, "money": _money(found["totals"])}
    yield from in_lines(found)


def in_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Say what a try found: the money of each code and month, and the causes."""
    titles = {GL_ACCOUNT: _("GL account"), COST_CENTER: _("Cost centre"), VAT_CODE: _("VAT code")}
    for kind, title in titles.items():
        for code, sums in found[f"by_{kind}"].items():
            yield _("%(kind)s %(code)s: %(documents)s documents, net %(net)s, VAT %(vat)s") % {
                "kind": title,
                "code": code,
                "documents": sums["documents"],
                "net": _money(sums["nets"]),
                "vat": _money(sums["vats"]),
            }
    for month in found["months"]:
        yield (
            _(
                "%(month)s: the shop took %(shop)s %(currency)s; posted %(posted)s, held %(held)s, no document due "
                "%(skipped)s, difference %(difference)s"
            )
            % month
        )
    yield from _causes(_("Held"), found["causes"])
    yield from _causes(_("No document due"), found["skips"])


def _causes(title: str, causes: list[dict[str, Any]]) -> Iterator[str]:
    for cause in causes:
        yield _("%(title)s: %(count)s orders, %(money)s: %(message)s") % {
            "title": title,
            "count": cause["count"],
            "money": _money(cause["totals"]),
            "message": cause["message"],
        }
        yield "    " + _("%(who)s Page: %(page)s") % cause


def _money(amounts: Mapping[str, str]) -> str:
    return ", ".join(f"{value} {currency}" for currency, value in amounts.items()) or "0.00"
