"""`manage.py repost`: post blocked documents again, as the bulk action of the ledger does."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.domain.document.states import BlockedReason, State
from connector.flow.actions import bulk_repost, discrepancies
from connector.flow.actions.transaction import NotPossible
from connector.models import BulkRun, OrderSync
from tenants.models import Tenant


class Command(BaseCommand):
    """Begins a bulk re-post and prints it as one JSON object. A worker or `drain` posts within the call budgets."""

    help = _("Post documents again, grouped by cause: one per cause first, the rest when that succeeded.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the documents."""
        parser.add_argument("--tenant", required=True, help=_("the tenant's slug"))
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--order", nargs="+", type=int, action="extend", metavar="ID", help=_("these orders"))
        which.add_argument("--state", choices=[State.BLOCKED.value], help=_("all documents in this state"))
        parser.add_argument(
            "--reason", choices=[each.value for each in BlockedReason], help=_("only documents blocked for this reason")
        )
        parser.add_argument("--note", default=_("From the shell."), help=_("the reason, for the history"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Begin it. Progress goes to standard error. Raises CommandError when a document cannot be re-posted."""
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": options["tenant"]})
        if options["reason"] and not options["state"]:
            raise CommandError(_("--reason goes with --state blocked."))
        documents = OrderSync.objects.filter(connection__store__tenant=tenant)
        refused = []
        if options["order"]:
            documents = _of_orders(documents, options["order"])
            again = _post_again(tenant, options["order"], options["note"])
            refused = _unfit(documents.exclude(pk__in=again))
        else:
            documents = documents.filter(state=State.BLOCKED)
            documents = documents.filter(reason=options["reason"]) if options["reason"] else documents
        run = _start(tenant, documents, options["note"])
        self._tell(run)
        self.stdout.write(json.dumps(_summary(run, refused), indent=1))
        if refused:
            text = ngettext(
                "%(count)s could not be re-posted; only a blocked or skipped one can.",
                "%(count)s could not be re-posted; only blocked and skipped ones can.",
                len(refused),
            )
            raise CommandError(text % {"count": len(refused)})

    def _tell(self, run: BulkRun | None) -> None:
        for cause in run.causes if run else []:
            count = len(cause["left"]) + len(cause["going"])
            self.stderr.write(f"{count} {cause['reason']}: {cause['text'].splitlines()[0] if cause['text'] else ''}")
        if run:
            text = _("It takes about %(time)s, live orders going first.")
            self.stderr.write(text % {"time": bulk_repost.in_words(bulk_repost.remaining(run))})


def _of_orders(documents: QuerySet[OrderSync], orders: list[int]) -> QuerySet[OrderSync]:
    found = documents.filter(order_id__in=orders)
    missing = sorted(set(orders) - set(found.values_list("order_id", flat=True)))
    if missing:
        text = ngettext("The ledger has no order %(orders)s.", "The ledger has no orders %(orders)s.", len(missing))
        raise CommandError(text % {"orders": ", ".join(map(str, missing))})
    return found


def _post_again(tenant: Tenant, orders: list[int], note: str) -> list[int]:
    """Post what a reconciliation found deleted in Exact once more; returns the documents. Raises CommandError."""
    gone = discrepancies.deleted_in_exact(orders, tenant.pk)
    try:
        for each in gone:
            discrepancies.carry_out(each, None, note)
    except NotPossible as error:
        raise CommandError(str(error)) from None
    return [each.document_id for each in gone if each.document_id]


def _unfit(documents: QuerySet[OrderSync]) -> list[dict[str, str]]:
    others = documents.exclude(state__in=bulk_repost.SENDABLE).order_by("order_id")
    return [{"order_id": str(order_id), "state": state} for order_id, state in others.values_list("order_id", "state")]


def _start(tenant: Tenant, documents: QuerySet[OrderSync], note: str) -> BulkRun | None:
    if not documents.filter(state__in=bulk_repost.SENDABLE).exists():
        return None
    try:
        return bulk_repost.start(tenant, documents, None, note)
    except NotPossible as error:
        raise CommandError(str(error)) from None


def _summary(run: BulkRun | None, refused: list[dict[str, str]]) -> dict[str, Any]:
    causes = run.causes if run else []
    return {
        "run": str(run.pk) if run else None,
        "documents": run.total if run else 0,
        "seconds": round(bulk_repost.remaining(run).total_seconds()) if run else 0,
        "causes": [
            {
                "reason": cause["reason"],
                "text": bulk_repost.cause_in_words(cause),
                "division": str(cause["division"]),
                "documents": len(cause["left"]) + len(cause["going"]) + cause["refused"],
            }
            for cause in causes
        ],
        "refused": refused,
    }
