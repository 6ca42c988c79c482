"""What a person may do with a connection: run now, pause, resume, read Exact's codes anew, repair its hooks."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

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
from tenants.models import Role, User
from tenants.roles import ACCOUNTANTS, OPERATORS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to do with a connection, for whom, with the sentences that say what it does and that it was done."""

    name: str
    title: str
    meaning: str
    done: str
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
            "Run now",
            "Releases what has come so far, whatever the schedule says. Later orders wait for it again.",
            "What has come so far is on its way.",
            OPERATORS,
            run_now,
        ),
        Button(
            "pause",
            "Pause",
            "Posts nothing more until somebody resumes. Deliveries are kept; the order in hand is finished.",
            "It is paused; deliveries are kept.",
            ACCOUNTANTS,
            pause,
        ),
        Button(
            "resume",
            "Resume",
            "Goes on in the mode that was in force before the pause, with what has come meanwhile.",
            "It goes on.",
            ACCOUNTANTS,
            resume,
        ),
        Button(
            "pull",
            "Pull master data",
            "Reads the division's accounts, items, codes and templates from Exact anew, and tries held orders again.",
            "The division's codes were read anew.",
            ACCOUNTANTS,
            _pull,
        ),
        Button(
            "hooks",
            "Repair hooks",
            "Makes or corrects the store's webhooks, so that BigCommerce reports orders here.",
            "The store's hooks are in order.",
            OPERATORS,
            _repair,
        ),
        Button(
            "secret",
            "New hook secret",
            "Gives the store's webhooks another secret, say after it leaked. Both are good for three days.",
            "The hooks carry a new secret.",
            frozenset({Role.OWNER}),
            _rotate,
        ),
    )
}


def buttons_for(request: HttpRequest, connection: Connection) -> list[Button]:
    """The buttons that fit the connection and the person."""
    unfit = {"resume"} if connection.mode != Mode.OFF else {"run_now", "pause"}
    return [button for button in BUTTONS.values() if button.name not in unfit and may(request, button.roles)]


def act_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Do one thing, with the reason that was given. Nothing is done by GET."""
    if name not in BUTTONS:
        raise Http404("There is no such action.")
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    button = BUTTONS[name]
    if not may(request, button.roles):
        raise PermissionDenied
    connection: Connection = admin.get_object(request, unquote(object_id))
    try:
        button.act(connection, actor_of(request), request.POST.get("reason", "").strip())
    except (NotPossible, ClientError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{button.title}: {button.done}")
    return HttpResponseRedirect(reverse("admin:connector_connection_change", args=[connection.pk]))
