"""The daily comparisons that nobody needs any more. What a person asked for, or a closed month rests on, stays."""

from datetime import datetime, timedelta

from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields import DateTimeField

from connector.models import ClosedMonth, Discrepancy, ReconciliationRun
from tenants.models import Tenant

State = ReconciliationRun.State
# One of so many days or more may be that of a month.
OF_A_MONTH = timedelta(days=27)


def old_runs(tenant: Tenant, before: datetime) -> QuerySet[ReconciliationRun]:
    """Return the ended comparisons of a few days that began by themselves before a moment, the oldest first.

    One stays while it says until when changes were watched for, while a difference of it is accepted, and while one is
    open that it or an earlier run of the connection found: what is open is settled by what was compared since.
    """
    own = ReconciliationRun.objects.filter(connection=OuterRef("connection"))
    watch = own.filter(figures__has_key="modified").exclude(figures__modified="").order_by("-figures__modified", "-id")
    differences = Discrepancy.objects.filter(run__connection=OuterRef("connection"))
    is_open = differences.filter(state=Discrepancy.State.OPEN, created_at__lte=OuterRef("created_at"))
    accepted = Discrepancy.objects.filter(run=OuterRef("pk")).exclude(state=Discrepancy.State.RESOLVED)
    kept = Exists(ClosedMonth.objects.filter(run=OuterRef("pk"))) | Exists(is_open) | Exists(accepted)
    length = ExpressionWrapper(F("first") + OF_A_MONTH, output_field=DateTimeField())
    rows = ReconciliationRun.objects.filter(tenant=tenant, actor=None, by_worker=False, created_at__lt=before)
    ended = rows.filter(state__in=[State.FINISHED, State.FAILED], last__lt=length)
    newest = ~Q(pk=Subquery(watch.values("pk")[:1]))
    return ended.filter(~kept, newest | ~Exists(watch)).order_by("created_at", "pk")
