"""The functions that the queue calls by name. An argument is always an id."""

from connector.flow.actions import bulk_repost
from connector.flow.pipeline import run_lane
from connector.flow.setup import first_read
from connector.flow.setup.fit import run as fit_run
from connector.flow.setup.proposals import by_worker


def drain_lane(division_id: int) -> None:
    """Do the due work of one lane, then continue the bulk runs that waited for it."""
    run_lane.drain_lane(division_id)
    bulk_repost.advance()


def read_master_data(division_id: int) -> None:
    """Go on with the first read of a division's master data."""
    first_read.go_on(division_id)


def propose_mapping(division_id: int) -> None:
    """Propose the mapping of a division with the store of its organisation."""
    by_worker.make(division_id)


def try_orders(run_id: int) -> None:
    """Go on with a try of the rules."""
    fit_run.go_on(run_id)
