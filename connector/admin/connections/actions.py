"""The actions on a connection: run now, pause, resume, pull Exact's codes, repair its hooks."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.documents import tried
from connector.admin.documents.actions import actor_of
from connector.clients.errors import ClientError
from connector.domain.choices import Mode
from connector.flow.actions.connections import (
    pause,
    pull_master_data,
    repair_hooks,
    resume,
    rotate_hook_secret,
    run_now,
)
from connector.flow.actions.transaction import NotPossible
from connector.models import Connection
from connector.problems.calls import in_words
from tenants.models import Role, User
from tenants.roles import ACCOUNTANTS, OPERATORS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin


@dataclass(frozen=True, slots=True)
class Button:
    """One action on a connection: who may do it, what it means, and the sentence that says it was done."""

    name: str
    title: Promise
    meaning: Promise
    done: Promise
    roles: frozenset[Role]
    act: Callable[[Connection, User | None, str], object]


def _pull(connection: Connection, actor: User | None, reason: str) -> object:
    return pull_master_data(connection.division, actor, reason)


def _repair(connection: Connection, actor: User | None, reason: str) -> object:
    return repair_hooks(connection.store, actor, reason)


def _rotate(connection: Connection, actor: User | None, reason: str) -> object:
    return rotate_hook_secret(connection.store, actor, reason)


BUTTONS = {
    button.name: button
    for button in (
        Button(
            "run_now",
            gettext_lazy("Run now"),
            gettext_lazy("Releases the orders that have come so far. Later orders wait for the schedule."),
            gettext_lazy("The orders that have come so far are on their way."),
            OPERATORS,
            run_now,
        ),
        Button(
            "pause",
            gettext_lazy("Pause"),
            gettext_lazy(
                "Posts nothing more until somebody resumes. Deliveries are kept. The current order is finished."
            ),
            gettext_lazy("The connection is paused. Deliveries are kept."),
            ACCOUNTANTS,
            pause,
        ),
        Button(
            "resume",
            gettext_lazy("Resume"),
            gettext_lazy("Goes on in the mode from before the pause, with the orders that came meanwhile."),
            gettext_lazy("The connection goes on."),
            ACCOUNTANTS,
            resume,
        ),
        Button(
            "pull",
            gettext_lazy("Pull master data"),
            gettext_lazy("Reads the division's codes from Exact again, and retries held orders."),
            gettext_lazy("The division's codes were read again."),
            ACCOUNTANTS,
            _pull,
        ),
        Button(
            "hooks",
            gettext_lazy("Repair hooks"),
            gettext_lazy("Makes or corrects the store's webhooks, so that BigCommerce reports orders here."),
            gettext_lazy("The store's hooks are in order."),
            OPERATORS,
            _repair,
        ),
        Button(
            "secret",
            gettext_lazy("New hook secret"),
            gettext_lazy("Gives the store's webhooks a new secret. The old one stays valid for three days."),
            gettext_lazy("The hooks have a new secret."),
            frozenset({Role.OWNER}),
            _rotate,
        ),
    )
}


def buttons_for(request: HttpRequest, connection: Connection) -> list[Button]:
    """Return the buttons for this connection that this person may press."""
    unfit = {"resume"} if connection.mode != Mode.OFF else {"run_now", "pause"}
    return [button for button in BUTTONS.values() if button.name not in unfit and may(request, button.roles)]


def act_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Do one action by POST, with the person's reason.

    Raises Http404 for an unknown action, PermissionDenied when the person's role may not do it.
    """
    if name not in BUTTONS:
        raise Http404(_("There is no such action."))
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    button = BUTTONS[name]
    if not may(request, button.roles):
        raise PermissionDenied
    connection: Connection = admin.get_object(request, unquote(object_id))
    page = ""
    try:
        with tried.watch(connection.store.tenant) as watched:
            button.act(connection, actor_of(request), request.POST.get("reason", "").strip())
        page = watched.page
    except (NotPossible, ClientError) as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, f"{button.title}: {button.done}")
    return HttpResponseRedirect(page or reverse("admin:connector_connection_change", args=[connection.pk]))
