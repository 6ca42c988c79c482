"""Proposes the mapping of a store and a division. Both are read, within their limits; no connection is written.

It works before there is a connection, and without a worker. What is proposed, and why, the domain decides.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from connector.domain.choices import DocumentForm
from connector.domain.document.result import Needs
from connector.domain.invoice.trial import try_amounts
from connector.domain.rules.propose import mapping
from connector.domain.rules.propose.amounts import Tried, propose_amounts
from connector.domain.rules.propose.booking import rounding_account
from connector.domain.rules.propose.document import form_of
from connector.domain.rules.propose.facts import Facts
from connector.domain.rules.propose.proposal import Proposal
from connector.domain.vat.sold import sales_of, tells_its_rates
from connector.flow.clock import database_now
from connector.flow.order.chart import chart_from
from connector.flow.order.fetch import Fetched
from connector.flow.outbound import clients
from connector.flow.setup import codes, master_data
from connector.flow.setup.filed_terms import terms_of_filed
from connector.flow.setup.proposals.facts import facts_of
from connector.flow.setup.proposals.latest_invoices import read_latest
from connector.flow.setup.proposals.orders import read_orders, with_tables
from connector.flow.setup.provision.ask_vendors import VendorAnswers
from connector.flow.setup.within_budget import Tell
from connector.models import Division, MasterData, Store

# What the form requires of a connection, before anything is proposed.
_BARE = {"mode": "shadow", "journal": "", "payments": "off"}


@dataclass(frozen=True, slots=True)
class Proposed:
    """The connection in the provision file's form, and each proposed value with its reason, the unsure ones first."""

    connection: dict[str, Any]
    proposals: tuple[Proposal, ...]


def propose(store: Store, division: Division, *, days: int, tell: Tell) -> Proposed:
    """Propose a mapping from the division's codes and latest invoices, and the store's orders of the last `days`.

    Raises ClientError, and provision's Refused when the division's codes may not be read.
    """
    rows, client = _codes_of(division, tell), clients.store_client(store)
    terms = terms_of_filed(store, division, _BARE, chart_from(division.country, rows))
    now = database_now()
    orders = [each for each in read_orders(client, store, days, tell) if not terms.why_not_due(each.order, now)]

    def is_unclear(each: Fetched) -> bool:
        return not tells_its_rates(sales_of(each.order, terms.settings, terms.chart))

    orders = with_tables(orders, client, is_unclear, tell)
    tell(_("Reading the latest invoices of division %(division)s") % {"division": division.code})
    latest = read_latest(clients.exact_client(division.grant, division.code), tell)
    facts = facts_of(store, terms, rows, latest, [each.order for each in orders])
    found = mapping.propose(facts)
    with_rules = terms_of_filed(store, division, mapping.as_filed(found), terms.chart)
    orders = with_tables(orders, client, lambda each: isinstance(with_rules.draft(each.order), Needs), tell)
    account = rounding_account(facts)
    tried = try_amounts(
        [each.order for each in orders],
        with_rules.settings,
        with_rules.rules,
        terms.chart,
        rounding_account=account.code if account else "",
    )
    return _complete(store, division, facts, (*found, *_amounts(facts, tried)))


def _amounts(facts: Facts, tried: Tried) -> tuple[Proposal, ...]:
    return tuple(propose_amounts(facts, tried, entry=form_of(facts) == DocumentForm.SALES_ENTRY))


def _complete(store: Store, division: Division, facts: Facts, proposals: tuple[Proposal, ...]) -> Proposed:
    filed = {"store": store.store_hash, "division": division.code, "schedule": "immediate"}
    return Proposed({**filed, **mapping.as_filed(proposals)}, mapping.unsure_first(proposals))


def _codes_of(division: Division, tell: Tell) -> list[MasterData]:
    """The division's codes as they are kept here; read from Exact when they never were, and not kept."""
    if division.master_data_at is not None:
        return list(division.master_data.order_by("kind", "pk"))
    tell(_("Reading the master data of division %(division)s") % {"division": division.code})
    pulled = master_data.pull(clients.exact_client(division.grant, division.code), tell)
    return codes.rows(VendorAnswers(master_data={division.code: pulled}), division.code)
