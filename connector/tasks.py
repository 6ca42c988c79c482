"""What the queue calls, by name. An argument is an id, nothing else."""

from connector.flow.actions import bulk_repost
from connector.flow.pipeline import run_lane


def drain_lane(division_id: int) -> None:
    """Do the due work of one lane, then see whether a bulk run waited for how it came out."""
    run_lane.drain_lane(division_id)
    bulk_repost.advance()
