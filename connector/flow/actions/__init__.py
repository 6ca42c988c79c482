"""What a person may do with documents, connections, divisions, stores and versions of the rules.

Each action takes who does it (None: from the shell) and why, and raises NotPossible with a sentence for a person
where the state does not allow it.
"""

from connector.flow.actions.change_decisions import credit_and_repost, credit_now, leave_it
from connector.flow.actions.connections import (
    pause,
    pull_master_data,
    repair_hooks,
    resume,
    rotate_hook_secret,
    run_now,
    try_endpoint,
)
from connector.flow.actions.documents import approve, re_post, refetch, retry, skip
from connector.flow.actions.link import link
from connector.flow.actions.rules import use_again
from connector.flow.actions.transaction import NotPossible

__all__ = [
    "NotPossible",
    "approve",
    "credit_and_repost",
    "credit_now",
    "leave_it",
    "link",
    "pause",
    "pull_master_data",
    "re_post",
    "refetch",
    "repair_hooks",
    "resume",
    "retry",
    "rotate_hook_secret",
    "run_now",
    "skip",
    "try_endpoint",
    "use_again",
]
