"""What an account gets beside itself, a contact person or an invoice address, never holds an order.

A right that the consent lacks, or an endpoint that is closed, concerns that endpoint alone. The document goes on
without, and the next order of the customer asks again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from connector.clients import errors

log = structlog.get_logger(__name__)
# Any other error meets the document's own calls too.
_OF_THE_ENDPOINT = (errors.Forbidden, errors.NotFound, errors.EndpointClosed, errors.UnexpectedResponse)


@contextmanager
def holding_nothing(link: int) -> Iterator[None]:
    """Do without what an endpoint does not give; `link` is the customer's row, for the log."""
    try:
        yield
    except _OF_THE_ENDPOINT as error:
        log.warning("customer_detail_left_out", link=link, error=type(error).__name__, endpoint=error.endpoint)
