"""Tests both sides of a connection, and says whether there is something to fix."""

from collections.abc import Iterable, Iterator

from connector.domain.choices import CustomerDirection, DocumentForm, ItemStrategy
from connector.flow.outbound.clients import LaneClients
from connector.flow.setup.connection_test import exact_side, store_side
from connector.flow.setup.connection_test.findings import EXACT_SIDE, STORE_SIDE, Finding, collect_findings
from connector.flow.setup.connection_test.used_codes import needs_products, used_codes
from connector.models import Connection


def check(connection: Connection) -> list[Finding]:
    """Test both sides with about ten calls to the store and fifteen to Exact, which change nothing.

    Each side ends early when its token is refused. A vendor's failure is a finding, and so is a credential that
    cannot be decrypted.
    """
    return [*collect_findings(STORE_SIDE, _store(connection)), *collect_findings(EXACT_SIDE, _exact(connection))]


def passed(findings: Iterable[Finding]) -> bool:
    """Return whether there is nothing to fix. Hints do not count."""
    return all(finding.ok is not False for finding in findings)


# These are generators, so that a failure to load rows or credentials is a finding too.
def _store(connection: Connection) -> Iterator[Finding]:
    clients = LaneClients(connection.division)
    yield from store_side.steps(
        connection.store,
        clients,
        needs_products=needs_products(connection),
        changes_customers=connection.customer_direction in {CustomerDirection.BOTH, CustomerDirection.TO_STORE},
    )


def _exact(connection: Connection) -> Iterator[Finding]:
    clients = LaneClients(connection.division)
    makes_items = (
        connection.item_strategy == ItemStrategy.SKU_THEN_CREATE and connection.document != DocumentForm.SALES_ENTRY
    )
    used = used_codes(connection)
    yield from exact_side.steps(connection.division, clients, used, connection.document, makes_items=makes_items)
