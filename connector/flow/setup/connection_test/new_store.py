"""Asks a store that is not saved yet who it is and what its API account may do, by ten calls, which only read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connector.clients import errors
from connector.clients.bigcommerce.client import BigCommerceClient, StoreInfo
from connector.flow.clock import database_now
from connector.flow.outbound.clients import trial_client
from connector.flow.setup.connection_test import store_side
from connector.flow.setup.connection_test.findings import (
    STORE_SIDE,
    Finding,
    collect_findings,
    compare_clocks,
    named_elsewhere,
)
from connector.flow.setup.provision.schema import Refused
from connector.flow.setup.store_info import in_known_zone
from connector.problems.calls import in_words
from tenants.models import Tenant

ANSWER_WITHIN = 10.0  # seconds for each call: a person waits
DAYS = 30
# Without these nothing can be read, so the store is not saved.
NEEDED = (store_side.INFORMATION, store_side.ORDERS)


@dataclass(slots=True)
class Answer:
    """What the store answered: `facts` are label and text. `refused` says why it cannot be used, at a `field`."""

    info: StoreInfo | None = None
    facts: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    field: str = ""
    refused: str = ""


def ask(tenant: Tenant, store_hash: str, access_token: str) -> Answer:
    """Ask a store. A failure is part of the answer: which field is wrong, or that BigCommerce does not answer."""
    answer = Answer()
    try:
        client = trial_client(tenant, store_hash, access_token, deadline=ANSWER_WITHIN)
        client.hooks(named_elsewhere)  # this call needs no scope: a refusal is about the token
    except (errors.ClientError, ValueError) as error:
        answer.field, answer.refused = _refusal(error, store_hash)
        return answer
    answer.findings = collect_findings(STORE_SIDE, _findings(client, answer))
    lacking = [finding.name for finding in answer.findings if finding.ok is False and finding.name in NEEDED]
    if lacking and not answer.refused:
        text = _("This API account lacks the scope %(scope)s. Make one that has it, and paste its file.")
        answer.field, answer.refused = "access_token", text % {"scope": ", ".join(lacking)}
    elif answer.info is None and not answer.refused:
        answer.refused = _no_answer(answer.findings[-1].text if answer.findings else "")
    elif answer.info is not None:
        _check_zone(answer, store_hash, answer.info)
    return answer


def _check_zone(answer: Answer, store_hash: str, info: StoreInfo) -> None:
    try:
        answer.info = in_known_zone(store_hash, info)
    except Refused as refusal:
        answer.refused = str(refusal)


def _refusal(error: Exception, store_hash: str) -> tuple[str, str]:
    match error:
        case errors.Unauthorized() | errors.Forbidden():
            text = _(
                "BigCommerce does not take this access token for the store %(store)s. Copy the whole token, and the "
                "API path from the same API account."
            )
            return "access_token", text % {"store": store_hash}
        case errors.NotFound() | ValueError():
            text = _("BigCommerce has no store %(store)s. Copy the API path, such as %(example)s.")
            return "store_hash", text % {
                "store": store_hash,
                "example": "https://api.bigcommerce.com/stores/abc123/v3/",
            }
    return "", _no_answer(in_words(error))


def _no_answer(error: str) -> str:
    text = _("BigCommerce does not answer as it should. What you typed is kept: try again in some minutes. %(error)s")
    return (text % {"error": error}).strip()


def _findings(client: BigCommerceClient, answer: Answer) -> Iterator[Finding]:
    """Yield a finding for each scope and the clock, and fill in the answer's facts."""
    try:
        off = datetime.now(UTC) - client.time()
        answer.info = client.store()
    except errors.Forbidden:
        yield store_side.missing(store_side.INFORMATION, str(store_side.INFORMATION_FOR))
    else:
        yield store_side.present(store_side.INFORMATION, str(store_side.INFORMATION_FOR))
        yield compare_clocks(STORE_SIDE, off)
        answer.facts += _facts(answer.info)
    yield from store_side.scopes(client, 1, needs_products=False)
    answer.facts.append((_("Orders of the last %(days)s days") % {"days": DAYS}, _placed(client)))


def _facts(info: StoreInfo) -> list[tuple[str, str]]:
    basis = _("entered including tax") if info.prices_include_tax else _("entered excluding tax")
    return [
        (_("Store"), info.name),
        (_("Currency"), info.currency),
        (_("Prices"), basis),
        (_("Time zone"), info.timezone),
        (_("Plan"), info.plan or _("not known")),
    ]


def _placed(client: BigCommerceClient) -> str:
    try:
        number, more = client.count_placed(database_now() - timedelta(days=DAYS))
    except errors.Forbidden:
        return _("not known")
    if more:
        return _("%(number)s or more") % {"number": number}
    return ngettext("%(number)s order", "%(number)s orders", number) % {"number": number}
