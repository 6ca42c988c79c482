"""The last step: the connection begins, and the first real delivery confirms that orders come."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.documents.state_counts import CAP, OF_CONNECTION, OF_STATE
from connector.admin.fields.days import DayField
from connector.admin.fields.schedule import ScheduleField
from connector.domain.choices import DocumentKind, Mode
from connector.domain.document.states import SkipReason, State
from connector.flow.actions.go_live import Plan, go_live
from connector.flow.actions.transaction import NotPossible
from connector.flow.inbox import webhooks
from connector.flow.setup.progress import StepState
from connector.flow.setup.provision.apply import today
from connector.models import Connection, Delivery, OrderSync
from connector.onboarding.frame import Visit
from tenants.typed import validate_address

REFRESH_SECONDS = 5


class LiveForm(forms.Form):
    """How the connection begins."""

    mode = forms.ChoiceField(
        label=gettext_lazy("What happens with an order"),
        choices=[
            (Mode.LIVE.value, gettext_lazy("Live: it is posted")),
            (Mode.APPROVAL.value, gettext_lazy("Approval: a person looks at each draft first")),
            (Mode.SHADOW.value, gettext_lazy("Shadow: its draft is shown, and nothing is posted")),
        ],
    )
    start_date = DayField(
        label=gettext_lazy("From which day on"),
        help_text=gettext_lazy("Orders that were placed before this day are skipped."),
    )
    schedule = ScheduleField(label=gettext_lazy("When orders are posted"))
    alert_emails = forms.CharField(
        label=gettext_lazy("Who gets a mail when a person must act"),
        help_text=gettext_lazy("One address a line."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def clean_alert_emails(self) -> list[str]:
        """Return the addresses. Raises ValidationError with the one that is none."""
        found = str(self.cleaned_data["alert_emails"]).replace(",", " ").replace(";", " ").split()
        for address in found:
            try:
                validate_address(address)
            except ValidationError:
                text = _("%(address)s is no e-mail address. It looks like %(example)s.")
                raise ValidationError(text % {"address": address, "example": "books@acme.example"}) from None
        return found


def show(visit: Visit) -> dict[str, Any]:
    """Return the form; once the connection has begun, what came since."""
    connection, draft = visit.progress.connection, visit.draft
    assert connection is not None
    form = LiveForm(draft.typed) if draft.typed else LiveForm(initial=_proposed(visit, connection))
    for name, texts in draft.errors.items():
        if name in form.fields and name not in form.errors:
            form.add_error(name, texts)
    state = StepState.TROUBLE if draft.errors else visit.progress.states["live"]
    shown: dict[str, Any] = {"form": form, "state": state, "hooks_possible": webhooks.possible(), "next": ""}
    if connection.mode == Mode.SHADOW and _in_shadow(connection).exists():
        shown["compare_page"] = reverse("admin:connector_connection_shadow", args=[connection.pk])
    if state == StepState.RUNNING:
        shown["refresh"] = REFRESH_SECONDS
    if visit.progress.states["live"] != StepState.TODO:
        shown |= _seen_before(connection)
    if state == StepState.DONE:
        shown |= _first(connection)
    return shown


def act(visit: Visit) -> bool | HttpResponse:
    """Let the connection begin. In shadow mode nothing more is waited for."""
    connection, posted = visit.progress.connection, visit.request.POST
    assert connection is not None
    form = LiveForm(posted)
    typed = {name: str(value) for name, value in posted.items() if name != "csrfmiddlewaretoken"}
    if not form.is_valid():
        errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
        visit.draft.keep(typed=typed, errors=errors)
        return False
    made = form.cleaned_data
    plan = Plan(Mode(made["mode"]), made["start_date"], made["schedule"], made["alert_emails"])
    try:
        go_live(Connection.objects.select_related("store__tenant").get(pk=connection.pk), plan, visit.user)
    except NotPossible as refusal:
        visit.draft.keep(typed=typed, errors={"mode": [str(refusal)]})
        return False
    visit.draft.forget()
    return redirect("admin:index") if plan.mode == Mode.SHADOW else True


def _proposed(visit: Visit, connection: Connection) -> dict[str, Any]:
    """Return what the form begins with: the connection's own settings once it posts, else live from today on."""
    posts = visit.progress.states["live"] != StepState.TODO
    emails = visit.tenant.alert_emails or [visit.user.email]
    return {
        "mode": connection.mode if posts else Mode.LIVE.value,
        "start_date": connection.start_date if posts else today(connection.store),
        "schedule": connection.schedule,
        "alert_emails": "\n".join(emails),
    }


def _in_shadow(connection: Connection) -> QuerySet[OrderSync]:
    return OrderSync.objects.filter(connection=connection, state=State.SKIPPED, reason=SkipReason.SHADOW)


def _seen_before(connection: Connection) -> dict[str, Any]:
    """Return how many documents were only shown, before the connection began, and where they are listed."""
    query = urlencode({OF_CONNECTION: connection.pk, OF_STATE: State.SKIPPED, "reason__exact": SkipReason.SHADOW})
    address = f"{reverse('admin:connector_ordersync_changelist')}?{query}"
    return {"seen_before": _in_shadow(connection).order_by()[:CAP].count(), "seen_page": address}


def _first(connection: Connection) -> dict[str, Any]:
    """Return the first order that BigCommerce has reported, and what became of it so far.

    One that came since the connection began stands before those that were only shown.
    """
    reported = Delivery.objects.filter(store=connection.store_id).exclude(proof=Delivery.Proof.POLL).order_by("id")
    since = reported.exclude(order_id__in=_in_shadow(connection).values("order_id"))
    delivery, document = since.first() or reported.first(), None
    if delivery is not None and delivery.order_id is not None:
        rows = OrderSync.objects.filter(connection=connection, order_id=delivery.order_id, kind=DocumentKind.INVOICE)
        document = rows.defer("order_data", "draft", "exact_data").order_by("sequence").first()
    return {"delivery": delivery, "document": document}
