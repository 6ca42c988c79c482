"""What is kept of an account, a contact person and an address that were made."""

from collections.abc import Iterable, Mapping

from connector.domain.document.result import Problem, to_json
from connector.models import CustomerEvent, CustomerLink


def note(
    row: CustomerLink,
    kind: CustomerEvent.Kind,
    *,
    origin: CustomerEvent.Origin = CustomerEvent.Origin.ORDER,
    after: Mapping[str, str],
    problems: Iterable[Problem] = (),
    group: str = "",
) -> None:
    """Add to the history of a link's customer what was written, and what Exact has otherwise than the store."""
    CustomerEvent.objects.create(
        tenant_id=row.store.tenant_id,
        store_id=row.store_id,
        division_id=row.division_id,
        customer_key=row.customer_key,
        account_id=row.account_id,
        kind=kind,
        origin=origin,
        group=group,
        after=dict(after),
        problems=to_json(problems),
    )
