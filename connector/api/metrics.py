"""`/metrics`: the figures of the installation as Prometheus reads them. prometheus_client writes the text.

Nothing is kept in the process: several web processes and workers give the same figures, since all come from the
database.
"""

from collections.abc import Iterable, Iterator

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from connector.api.access import may_see_figures
from connector.flow.clock import database_now
from connector.flow.monitor.metrics import Figure, Kind, figures
from connector.flow.worker import worker_missing

log = structlog.get_logger(__name__)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Give all figures: 401 without the token, 403 to other machines when there is none, 503 without the database."""
    if not may_see_figures(request):
        if not settings.METRICS_TOKEN:
            return HttpResponse(_("Set METRICS_TOKEN to ask from another machine."), "text/plain", status=403)
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    try:
        found = list(figures())
        worker_missing.notice(database_now())
    except DatabaseError as error:
        log.warning("figures_not_read", error=type(error).__name__)
        return HttpResponse(_("The database does not answer."), "text/plain", status=503)
    return HttpResponse(_as_text(found), CONTENT_TYPE_PLAIN_0_0_4)


class _Figures(Collector):
    def __init__(self, found: Iterable[Figure]) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        return map(_family, self._found)


def _as_text(found: Iterable[Figure]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Figures(found))
    return generate_latest(registry)


def _family(figure: Figure) -> Metric:
    family_of = CounterMetricFamily if figure.kind == Kind.COUNTER else GaugeMetricFamily
    family = family_of(figure.name, figure.help, labels=figure.label.split(",") if figure.label else ())
    for values, sample in figure.samples.items():
        family.add_metric(values.split(",") if figure.label else [], sample)
    return family
