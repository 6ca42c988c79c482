"""The whole mapping that is proposed, in the form of a connection of the provision file."""

from collections.abc import Iterable
from typing import Any

from connector.domain.choices import DocumentForm
from connector.domain.rules.propose.amounts import propose_vat_rounding
from connector.domain.rules.propose.booking import propose_rules
from connector.domain.rules.propose.customer import propose_customers, propose_payment
from connector.domain.rules.propose.document import form_of, propose_document
from connector.domain.rules.propose.facts import Facts
from connector.domain.rules.propose.items import propose_items
from connector.domain.rules.propose.proposal import Confidence, Proposal, Reason, Why
from connector.domain.rules.propose.vat import propose_vat


def propose(facts: Facts) -> tuple[Proposal, ...]:
    """Return every proposal but those of `amounts`, for which orders are tried with these."""
    entry = form_of(facts) == DocumentForm.SALES_ENTRY
    return (
        Proposal("mode", "shadow", Reason(Why.BEGINS_IN_SHADOW), Confidence.CERTAIN),
        Proposal("start_date", facts.today.isoformat(), Reason(Why.BEGINS_TODAY), Confidence.CERTAIN),
        *propose_document(facts),
        *propose_customers(facts),
        *(() if entry else propose_items(facts)),
        propose_vat_rounding(facts),
        *propose_rules(facts),
        *propose_vat(facts, entry=entry),
        *propose_payment(facts),
    )


def unsure_first(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Return the proposals in the order in which a person looks at them."""
    order = list(reversed(Confidence))
    return tuple(sorted(proposals, key=lambda each: order.index(each.confidence)))


def as_filed(proposals: Iterable[Proposal]) -> dict[str, Any]:
    """Return the proposed values in the form of a connection of the provision file."""
    filed: dict[str, Any] = {"rules": [], "vat": [], "payment_conditions": []}
    for each in proposals:
        group, _, name = each.key.rpartition(".")
        if name.isdigit():
            filed[group].append(each.value)
        elif group:
            filed.setdefault(group, {})[name] = each.value
        else:
            filed[name] = each.value
    return filed
