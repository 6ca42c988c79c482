"""The test of a connection: both sides, and whether anything has to be mended."""

from collections.abc import Iterable, Iterator

from connector.flow.outbound.clients import LaneClients
from connector.flow.setup.connection_test import exact_side, store_side
from connector.flow.setup.connection_test.findings import EXACT_SIDE, STORE_SIDE, Finding, gathered
from connector.flow.setup.connection_test.used_codes import needs_products, used_codes
from connector.models import Connection


def check(connection: Connection) -> list[Finding]:
    """Test both sides of one connection by reading; some ten calls to the store and fifteen to Exact.

    Each side ends early when its token is refused. Never raises for what a vendor answers or fails to answer, nor for
    a credential that cannot be decrypted.
    """
    return [*gathered(STORE_SIDE, _store(connection)), *gathered(EXACT_SIDE, _exact(connection))]


def passed(findings: Iterable[Finding]) -> bool:
    """Whether nothing has to be mended; a hint does not."""
    return all(finding.ok is not False for finding in findings)


# Generators, so that also loading the rows and their credentials is part of the test.
def _store(connection: Connection) -> Iterator[Finding]:
    clients = LaneClients(connection.division)
    yield from store_side.steps(connection.store, clients, needs_products=needs_products(connection))


def _exact(connection: Connection) -> Iterator[Finding]:
    clients = LaneClients(connection.division)
    yield from exact_side.steps(connection.division, clients, used_codes(connection), connection.document)
