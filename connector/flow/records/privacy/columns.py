"""In which columns a customer may stand among other things. They are read in all rows of the organisation.

What is about the customer alone is in the other modules here. tests/flow/records/privacy/test_columns.py says of every
column of texts or JSON whether it is forgotten, searched or kept, and docs/privacy.md says it for people.
"""

from collections.abc import Mapping
from typing import Final

from django.contrib.admin.models import LogEntry
from django.db.models import Model

from connector.models import (
    Alert,
    BackfillOrder,
    BackfillRun,
    Breaker,
    BulkRun,
    ClosedMonth,
    CustomerMatch,
    CustomerRun,
    Discrepancy,
    Division,
    FitOrder,
    FitRun,
    ReconciliationRun,
    RuleVersion,
    ShadowRun,
)

SEARCHED: Final[Mapping[type[Model], tuple[str, tuple[str, ...]]]] = {
    Alert: ("tenant", ("text", "params")),
    BulkRun: ("tenant", ("reason", "causes", "current", "message")),
    FitRun: ("tenant", ("result", "moves", "problems")),
    FitOrder: ("run__tenant", ("outcome", "before")),
    BackfillRun: ("tenant", ("result", "problems", "cursor")),
    BackfillOrder: ("run__tenant", ("marks", "not_due", "tried")),
    ShadowRun: ("tenant", ("result", "problems", "cursor")),
    ReconciliationRun: ("tenant", ("cursor", "figures", "problem")),
    Discrepancy: ("run__tenant", ("expected", "found", "reason")),
    CustomerRun: ("tenant", ("problems", "cursor")),
    CustomerMatch: ("division__grant__tenant", ("candidates", "problems")),
    ClosedMonth: ("connection__store__tenant", ("reason", "opened_because")),
    RuleVersion: ("connection__store__tenant", ("note",)),
    Breaker: ("division__grant__tenant", ("cause", "last_error")),
    Division: ("grant__tenant", ("odd_accounts", "pull")),
    LogEntry: ("user__memberships__tenant", ("object_repr", "change_message")),
}
"""By table: the path to the organisation, and the columns."""
