"""Proposes the mapping of a store and a division. Both are read, within their limits; no connection is written.

It works before there is a connection, and without a worker. What is proposed, and why, the domain decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from connector.domain.choices import ScheduleKind
from connector.domain.document.result import Needs
from connector.domain.invoice.trial import try_amounts
from connector.domain.order.model import Order
from connector.domain.rules.propose import mapping
from connector.domain.rules.propose.amounts import propose_amounts
from connector.domain.rules.propose.booking import rounding_account
from connector.domain.rules.propose.facts import Facts
from connector.domain.rules.propose.proposal import Proposal
from connector.domain.vat.sold import sales_of, tells_its_rates
from connector.flow.clock import database_now
from connector.flow.order.chart import chart_from
from connector.flow.order.fetch import Fetched
from connector.flow.order.terms import Terms
from connector.flow.outbound import clients
from connector.flow.outbound.within_budget import PATIENCE, Tell
from connector.flow.setup import codes, master_data
from connector.flow.setup.filed_terms import terms_of_filed
from connector.flow.setup.proposals.facts import facts_of
from connector.flow.setup.proposals.latest_invoices import read_latest
from connector.flow.setup.proposals.orders import read_orders, read_table, with_tables
from connector.flow.setup.provision.ask_vendors import VendorAnswers
from connector.flow.setup.provision.schema import Unfit
from connector.models import Division, MasterData, Store

# What the form requires of a connection, before anything is proposed.
_BARE = {"mode": "shadow", "journal": "", "payments": "off"}


@dataclass(frozen=True, slots=True)
class Proposed:
    """The connection in the provision file's form, and each proposed value with its reason, the unsure ones first."""

    connection: dict[str, Any]
    proposals: tuple[Proposal, ...]

    @property
    def by_key(self) -> dict[str, Proposal]:
        """Each proposal by its path in the connection: `journal`, `items.default`, `vat.3`."""
        return {each.key: each for each in self.proposals}


def propose(store: Store, division: Division, *, days: int, tell: Tell, patience: int = PATIENCE) -> Proposed:
    """Propose a mapping from the division's codes and latest invoices, and the store's orders of the last `days`.

    `patience`: how many times a call waits for its vendor's next window; 0 for a worker, which tries again later.
    Raises ClientError, and provision's Unfit when the division's codes may not be read, or it has no sales journal.
    """
    rows, client = _codes_of(division, tell, patience), clients.store_client(store)
    terms = terms_of_filed(store, division, _BARE, chart_from(division.country, rows))
    now, read = database_now(), partial(read_table, client, tell=tell, patience=patience)
    orders = [
        each for each in read_orders(client, store, days, tell, patience) if not terms.why_not_due(each.order, now)
    ]
    orders = with_tables(orders, partial(_hides_its_rates, terms), read)
    tell(_("Reading the latest invoices of division %(division)s") % {"division": division.code})
    latest = read_latest(clients.exact_client(division.grant, division.code), tell, patience)
    facts = facts_of(store, terms, rows, latest, [each.order for each in orders])
    found = mapping.propose(facts)
    filed = mapping.as_filed(found)
    if "journal" not in filed:
        words = gettext_noop("Division %(division)s has no sales journal that is open and takes %(currency)s.")
        raise Unfit(words, {"division": division.code, "currency": store.currency})
    proposed = terms_of_filed(store, division, filed, terms.chart)
    orders = with_tables(orders, lambda each: isinstance(proposed.draft(each.order), Needs), read)
    amounts = _amounts(facts, proposed, [each.order for each in orders])
    return _complete(store, division, (*found, *amounts))


def _hides_its_rates(terms: Terms, order: Fetched) -> bool:
    """Whether only the order's tax table tells the rate of a line."""
    return not tells_its_rates(sales_of(order.order, terms.settings, terms.chart))


def _amounts(facts: Facts, terms: Terms, orders: Sequence[Order]) -> Iterator[Proposal]:
    """The proposals for cents: the orders are tried with each way to treat them."""
    account = rounding_account(facts)
    tried = try_amounts(orders, terms.settings, terms.rules, terms.chart, account.code if account else "")
    return propose_amounts(facts, tried, entry=terms.settings.is_entry)


def _complete(store: Store, division: Division, proposals: tuple[Proposal, ...]) -> Proposed:
    filed = {"store": store.store_hash, "division": division.code, "schedule": ScheduleKind.IMMEDIATE.value}
    return Proposed({**filed, **mapping.as_filed(proposals)}, mapping.unsure_first(proposals))


def _codes_of(division: Division, tell: Tell, patience: int) -> list[MasterData]:
    """The division's codes as they are kept here; read from Exact when they never were, and not kept."""
    if division.master_data_at is not None:
        return list(division.master_data.order_by("kind", "code"))
    tell(_("Reading the master data of division %(division)s") % {"division": division.code})
    pulled = master_data.pull(clients.exact_client(division.grant, division.code), tell, patience)
    rows = codes.rows(VendorAnswers(master_data={division.code: pulled}), division.code)
    return sorted(rows, key=lambda row: (row.kind, row.code))
