"""Asks both vendors what the check of a file needs: tokens, the divisions' master data, facts about the stores."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from connector.clients import errors
from connector.clients.bigcommerce.client import StoreInfo
from connector.clients.exact.client import ExactClient
from connector.clients.exact.master import MasterRecord
from connector.clients.exact.records import DivisionInfo
from connector.clients.rows import OddRow
from connector.flow import alerts
from connector.flow.clock import database_now
from connector.flow.outbound import access_tokens, clients
from connector.flow.outbound.within_budget import Tell
from connector.flow.setup.master_data import NO_ACCESS, pull
from connector.flow.setup.provision.schema import Refused
from connector.flow.setup.store_info import store_info
from connector.models import Alert, ExactGrant
from connector.models.credentials import Health
from connector.problems import odd_rows
from connector.problems.calls import in_words
from tenants.models import Tenant
from tenants.typed import on_one_line

# Country and currency of a region's divisions, for an app that may not read system/Divisions.
HOME = {"nl": ("NL", "EUR"), "be": ("BE", "EUR"), "de": ("DE", "EUR"), "uk": ("GB", "GBP")} | {
    "fr": ("FR", "EUR"),
    "es": ("ES", "EUR"),
    "us": ("US", "USD"),
}

# What an imported refresh token changes of a consent.
IMPORTED = (
    "client_id",
    "client_secret",
    "refresh_token",
    "credentials_set",
    "access_token",
    "access_expires_at",
    "imported_fingerprints",
    "state",
    "consented_at",
    "consented_by",
    "exact_user_id",
    "exact_user_name",
    "reachable",
)


@dataclass(slots=True)
class VendorAnswers:
    """The vendors' answers, by division code and by store hash."""

    divisions: dict[int, DivisionInfo] = field(default_factory=dict)
    master_data: dict[int, list[MasterRecord]] = field(default_factory=dict)
    account_codes: dict[int, set[str]] = field(default_factory=dict)
    stores: dict[str, StoreInfo] = field(default_factory=dict)


def ask(file: Mapping[str, Any], tell: Tell) -> VendorAnswers:
    """Ask both vendors. Raises Refused, which names the side that refused.

    A new pair of tokens is stored in its own transaction, so it stays when a later step fails.
    """
    answers = VendorAnswers()
    tenant = Tenant.objects.filter(slug=file["tenant"]["slug"]).first()
    for spec in file["stores"]:
        tell(_("Asking BigCommerce about store %(store)s") % {"store": spec["store_hash"]})
        answers.stores[spec["store_hash"]] = store_info(tenant, spec["store_hash"], spec["access_token"])
    for spec in file["exact"]:
        tell(_("Asking Exact for a token with the consent %(name)s") % {"name": spec["name"]})
        grant = _working_grant(file, spec)
        for code in spec["divisions"]:
            tell(_("Reading the master data of division %(division)s") % {"division": code})
            _division(answers, grant, clients.exact_client(grant, code), _collective_codes(file, code), tell)
    return answers


def _working_grant(file: Mapping[str, Any], spec: Mapping[str, Any]) -> ExactGrant:
    grant, new = _keep_grant(file, spec)
    source = clients.tokens_of(grant)
    try:
        try:
            source.token()
        except errors.Reconnect:
            _keep_grant(file, spec)  # the stored consent has ended, so now the file's refresh token is taken
            source.token()
    except errors.ClientError as error:
        if new:
            _delete_new_grant(grant)
        text = _("exact '%(name)s': no token could be had. %(error)s")
        raise Refused(text % {"name": spec["name"], "error": in_words(error)}) from None
    alerts.close_alert(grant.tenant, alerts.about(grant))
    if not grant.exact_user_id:
        _learn_user(grant)
    return ExactGrant.objects.select_related("tenant").get(pk=grant.pk)


def _learn_user(grant: ExactGrant) -> None:
    """Store which Exact user gave the consent. A later consent by another user is then noticed."""
    try:
        me = clients.exact_client(grant, 0).me()
    except errors.ClientError:
        return
    name = on_one_line(me.full_name)[:200]
    ExactGrant.objects.filter(pk=grant.pk).update(exact_user_id=me.user_id, exact_user_name=name)


@transaction.atomic
def _keep_grant(file: Mapping[str, Any], spec: Mapping[str, Any]) -> tuple[ExactGrant, bool]:
    """Store the consent before its refresh token is used, so that the new pair can be stored."""
    tenant, _made = Tenant.objects.get_or_create(
        slug=file["tenant"]["slug"],
        defaults={"name": file["tenant"]["name"], "timezone": file["tenant"]["timezone"]},
    )
    grant, new = ExactGrant.objects.get_or_create(
        tenant=tenant,
        name=spec["name"],
        defaults={
            "region": spec["region"],
            "client_id": spec["client_id"],
            "client_secret": spec["client_secret"],
            "consented_at": database_now(),
            "state": Health.RECONNECT,
        },
    )
    mark = access_tokens.fingerprint(spec["refresh_token"])
    if spec["refresh_token"] and grant.state == Health.RECONNECT and mark not in grant.imported_fingerprints:
        grant.client_id = spec["client_id"]
        grant.set_credential("client_secret", spec["client_secret"])
        grant.set_credential("refresh_token", spec["refresh_token"])
        grant.access_token, grant.access_expires_at = "", None
        grant.imported_fingerprints = [*grant.imported_fingerprints, mark]
        grant.state, grant.consented_at, grant.consented_by = Health.ACTIVE, database_now(), ""
        grant.exact_user_id, grant.exact_user_name, grant.reachable = "", "", []
        grant.save(update_fields=IMPORTED)
    return grant, new


@transaction.atomic
def _delete_new_grant(grant: ExactGrant) -> None:
    """Delete a consent that never worked, with its tenant when that has nothing else."""
    tenant, cause = grant.tenant, alerts.about(grant)
    grant.delete()
    if not (tenant.grants.exists() or tenant.stores.exists() or tenant.memberships.exists()):
        tenant.delete()
    else:
        Alert.objects.filter(tenant=tenant, cause=cause).delete()


def _division(
    answers: VendorAnswers, grant: ExactGrant, client: ExactClient, collective_codes: set[str], tell: Tell
) -> None:
    code = client.division
    try:
        answers.divisions[code] = _info(client, grant, code, tell)
        answers.master_data[code] = pull(client, tell)
        if collective_codes:
            # The pull of the accounts names those that cannot be read.
            known = (account.code.strip() for account in client.accounts_since(0, lambda row: None))
            answers.account_codes[code] = collective_codes.intersection(known)
    except errors.ClientError as error:
        text = _("Division %(division)s: Exact does not answer as it should. %(error)s")
        raise Refused(text % {"division": code, "error": in_words(error)}) from None


def _info(client: ExactClient, grant: ExactGrant, code: int, tell: Tell) -> DivisionInfo:
    def left_out(row: OddRow) -> None:
        text = _("A division is left out, because it cannot be read: %(row)s")
        tell(text % {"row": odd_rows.in_words(row)})

    country, currency = HOME[grant.region]
    try:
        found = {division.code: division for division in client.divisions(left_out)}
    except NO_ACCESS:
        return DivisionInfo(code, "", currency, country, status=1, blocking_status=0)
    if code not in found:
        text = (
            _("Division %(division)s is not among those that the consent '%(name)s' reaches: %(reached)s.")
            if found
            else _("Division %(division)s cannot be used: the consent '%(name)s' reaches none.")
        )
        reached = ", ".join(str(known) for known in sorted(found))
        raise Refused(text % {"division": code, "name": grant.name, "reached": reached})
    info = found[code]
    return replace(info, currency=info.currency or currency, country=info.country or country)


def _collective_codes(file: Mapping[str, Any], code: int) -> set[str]:
    of_division = (c["customers"] for c in file["connections"] if c["division"] == code)
    return {
        account.strip()
        for customers in of_division
        for account in (customers["collective_account"], *customers["collective_by_country"].values())
    } - {""}
