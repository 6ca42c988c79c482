"""The divisions of a consent: those that it reaches at Exact, those in use, and their master data."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from connector.clients import errors
from connector.clients.exact.records import DivisionInfo
from connector.clients.rows import OddRow
from connector.flow import odd_rows
from connector.flow.clock import database_now
from connector.flow.invoice import booking_date
from connector.flow.order import master_rows
from connector.flow.outbound import clients
from connector.flow.setup import codes, master_data
from connector.flow.setup.provision import ask_vendors
from connector.flow.setup.provision.schema import Refused
from connector.models import Division, ExactGrant
from connector.problems.calls import in_words
from tenants.typed import on_one_line


class NotYours(Exception):
    """This consent may not use the division. The text says why, and names no other organisation."""


def as_rows(grant: ExactGrant, found: Iterable[DivisionInfo]) -> list[dict[str, Any]]:
    """Return Exact's divisions as plain rows, sorted by code.

    A division without country or currency gets the region's.
    """
    country, currency = ask_vendors.HOME[grant.region]
    return [
        {
            "code": info.code,
            "name": on_one_line(info.description)[:200],
            "country": info.country or country,
            "currency": info.currency or currency,
        }
        for info in sorted(found, key=lambda info: info.code)
    ]


def read_reachable(grant: ExactGrant) -> None:
    """Ask Exact which divisions the consent reaches, and store the answer. Raises ClientError."""
    division, odd = clients.exact_client(grant, 0).me().current_division, list[OddRow]()
    grant.reachable = as_rows(grant, clients.exact_client(grant, division).divisions(odd.append))
    odd_rows.report(grant.tenant, grant, "divisions", odd)
    ExactGrant.objects.filter(pk=grant.pk).update(reachable=grant.reachable)


@transaction.atomic
def take(grant: ExactGrant, chosen: Collection[int]) -> list[Division]:
    """Make the rows of the chosen divisions, all or none; returns those without master data.

    Raises NotYours when the consent does not reach a division, or when it belongs to another consent.
    """
    reachable = {row["code"]: row for row in grant.reachable}
    taken = []
    for code in sorted(set(chosen)):
        if code not in reachable:
            text = _("This consent does not reach division %(division)s. Read the list from Exact again.")
            raise NotYours(text % {"division": code})
        division, _created = Division.objects.select_related("grant").get_or_create(
            region=grant.region, code=code, defaults={**reachable[code], "grant": grant}
        )
        if division.grant_id != grant.pk:
            raise NotYours(_whose(division, grant))
        taken.append(division)
    return [division for division in taken if division.master_data_at is None]


def _whose(division: Division, grant: ExactGrant) -> str:
    if division.grant.tenant_id == grant.tenant_id:
        text = _("Division %(division)s already belongs to the consent %(name)s.")
        return text % {"division": division.code, "name": division.grant.name}
    text = _("Division %(division)s is in use elsewhere in this installation and cannot be used here.")
    return text % {"division": division.code}


def pull_master_data(division: Division) -> None:
    """Read the division's master data. It does not wait when the call budget is used up.

    Raises ClientError. Raises provision.schema.Refused when needed data may not be read.
    """
    client = clients.exact_client(division.grant, division.code)
    answers = ask_vendors.VendorAnswers(master_data={division.code: master_data.pull(client, _ignore, patience=0)})
    with transaction.atomic():
        master_rows.replace(division, codes.rows(answers, division.code))
        Division.objects.filter(pk=division.pk).update(master_data_at=database_now())
        booking_date.reopen(division)


def try_to_pull(division: Division) -> str:
    """Read the master data; returns why that was not possible, or ""."""
    try:
        pull_master_data(division)
    except (errors.ClientError, Refused) as error:
        text = _("Division %(division)s can be used, but its master data could not be read yet. %(error)s")
        return text % {"division": division.code, "error": in_words(error)}
    return ""


def _ignore(line: str) -> None:
    """Show no progress: a person waits for the page."""
