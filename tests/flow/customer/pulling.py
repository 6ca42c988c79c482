"""Pulls and pushes over Acme's customers: forty generated ones, and the accounts that they have in Exact."""

import pytest

from connector.flow.customer.runs import run as customer_run
from connector.flow.customer.runs.run_turn import Turn
from connector.models import CustomerRun
from tests.acme import Acme
from tests.bench.customers.generator import World, generate
from tests.bench.customers.placed import place

MANY = 40


class Killed(BaseException):
    """A worker dies."""


def furnish(acme: Acme, customers: int = MANY) -> World:
    """Put generated customers and accounts into the fakes."""
    world = generate(customers)
    place(acme, world)
    return world


def begin(acme: Acme, what: str = "pull") -> CustomerRun:
    """Begin a run that a worker does."""
    return customer_run.start(acme.connection, None, what)


def turns(run: CustomerRun, most: int = 9) -> CustomerRun:
    """Let a worker have some turns."""
    for _turn in range(most):
        customer_run.go_on(run.pk)
    run.refresh_from_db()
    return run


def one_step(run: CustomerRun) -> None:
    """Let a worker do one page or batch, and die."""
    do_some = Turn._do_some

    def do_some_and_die(turn: Turn) -> bool:
        do_some(turn)
        turn._keep()
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Turn, "_do_some", do_some_and_die)
        with pytest.raises(Killed):
            customer_run.go_on(run.pk)
    run.refresh_from_db()
