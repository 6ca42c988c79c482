"""`manage.py propose`: propose a connection's mapping from what a store sold and a division has."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from connector.clients.errors import ClientError
from connector.domain.rules.propose.proposal import Proposal
from connector.flow.setup.proposals.propose import Proposed, propose
from connector.flow.setup.provision.schema import Refused
from connector.flow.setup.recent_orders import ALL_DAYS
from connector.models import Division, Store
from connector.problems.calls import in_words
from connector.problems.proposals import CONFIDENCE
from connector.problems.proposals import in_words as reason_in_words
from tenants.models import Tenant


class Command(BaseCommand):
    """Reads the store and Exact, writes no connection, and says of each proposed value why and how sure."""

    help = _(
        "Propose the connection of a store with a division: document, journal, items, rules, VAT codes, payment "
        "conditions, rounding. The store and Exact are read, and nothing is set up. With --json, `connection` is what "
        "`provision` takes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the store, the division and how far back to look."""
        parser.add_argument("--tenant", required=True, help=_("the tenant's slug"))
        parser.add_argument("--store", required=True, help=_("the store hash"))
        parser.add_argument("--division", required=True, type=int, help=_("the division's code"))
        parser.add_argument("--days", type=int, default=90, help=_("how many days of orders count (90)"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Propose it. Raises CommandError when a side cannot be read, or the division lacks what each mapping needs."""
        store, division = _sides(options["tenant"], options["store"], options["division"])
        if not 1 <= options["days"] <= ALL_DAYS:
            raise CommandError(_("--days is from 1 to %(most)s.") % {"most": ALL_DAYS})
        try:
            found = propose(store, division, days=options["days"], tell=self.stderr.write)
        except ClientError as error:
            raise CommandError(_("A side could not be read. %(error)s") % {"error": in_words(error)}) from None
        except Refused as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps({"connection": found.connection, "why": _why(found)}))
        else:
            self.stdout.write("\n".join(_shown(found)))


def _sides(tenant: str, store: str, division: int) -> tuple[Store, Division]:
    if not Tenant.objects.filter(slug=tenant).exists():
        raise CommandError(_("There is no tenant '%(tenant)s'.") % {"tenant": tenant})
    own = Store.objects.select_related("tenant").filter(tenant__slug=tenant, store_hash=store).first()
    if own is None:
        raise CommandError(_("The tenant has no store '%(store)s'.") % {"store": store})
    lanes = Division.objects.select_related("grant__tenant").filter(grant__tenant__slug=tenant, code=division)
    if (lane := lanes.first()) is None:
        raise CommandError(_("The tenant has no division %(division)s.") % {"division": division})
    return own, lane


def _why(found: Proposed) -> dict[str, Any]:
    return {
        each.key: {
            "reason": reason_in_words(each.reason),
            "confidence": each.confidence.value,
            "alternatives": [other.code for other in each.alternatives],
        }
        for each in found.proposals
    }


def _shown(found: Proposed) -> Iterator[str]:
    for each in found.proposals:
        value = each.value if isinstance(each.value, str) else json.dumps(each.value)
        yield f"{each.key}: {value}  ({CONFIDENCE[each.confidence]})"
        yield f"    {reason_in_words(each.reason)}"
        if others := _others(each):
            yield "    " + _("Or: %(others)s") % {"others": others}


def _others(each: Proposal) -> str:
    return ", ".join(f"{other.code} ({other.name})" if other.name else other.code for other in each.alternatives)
