"""What the queue calls, by name. An argument is an id, nothing else."""

from connector.flow import bulk, sync


def drain_lane(division_id: int) -> None:
    """Do the due work of one lane, then see whether a bulk run waited for how it came out."""
    sync.drain_lane(division_id)
    bulk.advance()
