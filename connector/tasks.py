"""The functions that the queue calls by name. An argument is always an id. Each hands the work to a thread."""

from connector.flow.actions import comparison
from connector.flow.customer.runs import run as customer_run
from connector.flow.lane import wakeup
from connector.flow.setup import first_read
from connector.flow.setup.fit import old_orders
from connector.flow.setup.fit import run as fit_run
from connector.flow.setup.proposals import by_worker
from connector.flow.setup.shadow import run as shadow_run
from connector.flow.worker import turns


def drain_lane(division_id: int) -> None:
    """Do one turn of a lane."""
    turns.give_lane(division_id)


def read_master_data(division_id: int) -> None:
    """Go on with the first read of a division's master data."""
    turns.give_long(wakeup.READ_MASTER_DATA, first_read.go_on, division_id)


def propose_mapping(division_id: int) -> None:
    """Propose the mapping of a division with the store of its organisation."""
    turns.give_long(wakeup.PROPOSE_MAPPING, by_worker.make, division_id)


def try_orders(run_id: int) -> None:
    """Go on with a try of the rules."""
    turns.give_long(wakeup.TRY_ORDERS, fit_run.go_on, run_id)


def backfill(run_id: int) -> None:
    """Go on with a backfill."""
    turns.give_long(wakeup.BACKFILL, old_orders.work_on, run_id)


def compare_books(run_id: int) -> None:
    """Compare a period with Exact, as a person asked."""
    turns.give_long(wakeup.COMPARE_BOOKS, comparison.go_on, run_id)


def compare_shadow(run_id: int) -> None:
    """Go on with a comparison in shadow mode."""
    turns.give_long(wakeup.COMPARE_SHADOW, shadow_run.go_on, run_id)


def customers(run_id: int) -> None:
    """Go on with a pull or a push of customers."""
    turns.give_long(wakeup.CUSTOMERS, customer_run.work_on, run_id)
