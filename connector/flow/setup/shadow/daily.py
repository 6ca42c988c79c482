"""While a connection is in shadow mode, its drafts are compared once a day."""

from datetime import timedelta
from functools import partial
from typing import Final

from django.db.models import Exists, OuterRef

from connector.domain.choices import DocumentKind, Mode
from connector.domain.document.states import SkipReason, State
from connector.flow.clock import database_now
from connector.flow.isolate import isolate
from connector.flow.setup.shadow import run as shadow_run
from connector.models import Connection, OrderSync, ShadowRun

EVERY: Final = timedelta(days=1)


def begin() -> int:
    """Begin a comparison of every connection in shadow mode that had none for a day and has drafts. Returns how many.

    One statement finds them; a connection that fails keeps no other from its turn.
    """
    lately = ShadowRun.objects.filter(connection=OuterRef("pk"), created_at__gt=database_now() - EVERY)
    drafts = OrderSync.objects.filter(
        connection=OuterRef("pk"), state=State.SKIPPED, reason=SkipReason.SHADOW, kind=DocumentKind.INVOICE
    )
    due = Connection.objects.filter(
        ~Exists(lately), Exists(drafts), mode=Mode.SHADOW, store__tenant__suspended=False
    ).select_related("store__tenant")
    found = [isolate(partial(shadow_run.start, each, None), "shadow_not_begun", connection=each.pk) for each in due]
    return sum(run is not None for run in found)
