"""What became of the orders: each exactly once with its total, and how long each organisation waited."""

from collections import Counter
from datetime import datetime
from statistics import median

from django.db.models import Min

from connector.models import Delivery, OrderSync
from tests.bench.crowd.world import World

# The longest that an organisation should wait in the crowd, as a multiple of the longest wait alone.
MOST_TIMES = 2


def states() -> Counter[str]:
    """How many documents there are by state."""
    return Counter(OrderSync.objects.values_list("state", flat=True))


def differences(world: World) -> list[str]:
    """Every order that is not exactly one invoice with its total in Exact, and every invoice without an order."""
    wanted, found = world.expected(), world.invoices()
    wrong = [
        f"{name}: {found.get(name, [])}, not {total}" for name, total in wanted.items() if found.get(name) != [total]
    ]
    return wrong + [f"{name}: no such order" for name in found if name not in wanted]


def first_waits(first_order: int) -> list[float]:
    """For each organisation the seconds from the delivery of its first order to its posting, shortest first."""
    received: dict[int, datetime] = dict(
        Delivery.objects.filter(order_id__gte=first_order).values_list("store").annotate(Min("received_at"))
    )
    posted: dict[int, datetime] = dict(
        OrderSync.objects.filter(order_id__gte=first_order, state="posted")
        .values_list("connection__store")
        .annotate(Min("posted_at"))
    )
    return sorted((posted[store] - at).total_seconds() for store, at in received.items())


def in_words(waits: list[float]) -> str:
    return f"median {median(waits):.1f} s, longest {waits[-1]:.1f} s"


def compared(alone: list[float], among_all: list[float]) -> str:
    """How many waited more than twice as long as the longest of those who were alone."""
    late = sum(wait > MOST_TIMES * alone[-1] for wait in among_all)
    return f"{late} of {len(among_all)} more than {MOST_TIMES} times the longest alone"
