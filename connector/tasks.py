"""What the queue calls, by name. An argument is an id, nothing else."""

from connector.flow import sync


def drain_lane(division_id: int) -> None:
    """Do the due work of one lane."""
    sync.drain_lane(division_id)
