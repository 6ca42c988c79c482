"""What a person may do with a document: by POST, after a confirmation, with a reason that stays in the history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from connector.clients.errors import ClientError
from connector.domain.document.states import LONGEST_REASON, State
from connector.flow.actions import bulk_repost
from connector.flow.actions.change_decisions import credit_and_repost, credit_now, leave_it
from connector.flow.actions.documents import approve, re_post, refetch, retry, skip
from connector.flow.actions.link import link
from connector.flow.actions.transaction import NotPossible
from connector.flow.leases import LeaseLost
from connector.models import OrderSync
from tenants.models import Role, Tenant, User
from tenants.roles import ACCOUNTANTS, OPERATORS
from tenants.scope import active_tenant, may
from tenants.scoped_admin import ScopedModelAdmin

S = State
# These are done while the person waits; re-posts of many are spread out (flow/bulk).
MOST_AT_ONCE = 200
LONGEST_ID = 18  # digits that fit the database's column


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: for whom, from which states, and what it means in a sentence."""

    name: str
    title: str
    meaning: str
    roles: frozenset[Role]
    states: frozenset[State]
    act: Callable[[OrderSync, User | None, str], None] | None = None  # None: it asks for more than a reason
    of_change: bool = False  # only for what changed after it was posted

    def fits(self, document: OrderSync) -> bool:
        """Whether it makes sense for a document as it stands."""
        return document.state in self.states and (document.change_pending or not self.of_change)


ACTIONS = {
    action.name: action
    for action in (
        Action(
            "retry",
            "Retry",
            "The same data again, now.",
            OPERATORS,
            frozenset({S.WAITING, S.UNCERTAIN}),
            retry,
        ),
        Action(
            "refetch",
            "Refetch",
            "Read the order again from BigCommerce. What was posted is compared, never altered.",
            OPERATORS,
            frozenset({S.POSTED, S.WAITING, S.BLOCKED, S.SKIPPED, S.AWAITING_APPROVAL}),
            refetch,
        ),
        Action(
            "re_post",
            "Re-post",
            "Send it through again: the order is read and translated anew. An invoice that is in Exact already is "
            "never made twice.",
            OPERATORS,
            frozenset({S.BLOCKED, S.SKIPPED}),
            re_post,
        ),
        Action(
            "approve",
            "Approve",
            "Post the draft exactly as it is shown.",
            ACCOUNTANTS,
            frozenset({S.AWAITING_APPROVAL}),
            approve,
        ),
        Action(
            "link",
            "Link",
            "Name the invoice or entry that was typed by hand in Exact; its amounts are compared first.",
            ACCOUNTANTS,
            frozenset({S.BLOCKED, S.SKIPPED}),
        ),
        Action(
            "skip",
            "Skip",
            "Make no document of this order; it does not come back by itself.",
            OPERATORS,
            frozenset({S.PENDING, S.AWAITING_APPROVAL, S.BLOCKED}),
            skip,
        ),
        Action(
            "credit_now",
            "Credit now",
            "Credit what was refunded; of a cancelled or edited order, all that remains of its invoice.",
            ACCOUNTANTS,
            frozenset({S.POSTED}),
            credit_now,
            of_change=True,
        ),
        Action(
            "credit_and_repost",
            "Credit and re-post",
            "Credit what remains of the invoice of an edited order, and post the order as it is now.",
            ACCOUNTANTS,
            frozenset({S.POSTED}),
            credit_and_repost,
            of_change=True,
        ),
        Action(
            "leave_it",
            "Leave it",
            "Do nothing about this change. The next change is told again.",
            ACCOUNTANTS,
            frozenset({S.POSTED}),
            leave_it,
            of_change=True,
        ),
    )
}


class DocumentActionsMixin(ScopedModelAdmin):
    """Gives the ledger its actions: on one document's page, and on those that are ticked in the list."""

    def get_urls(self) -> list[Any]:
        """Add the actions' address before the page's own, which takes whatever is left."""
        view = self.admin_site.admin_view(self.act_view)
        vars(view)["model_admin"] = self
        return [
            path("<path:object_id>/do/<slug:name>/", view, name="connector_ordersync_do"),
            *super().get_urls(),
        ]

    def buttons(self, request: HttpRequest, document: OrderSync) -> list[Action]:
        """Return the actions that fit this document and this person."""
        return [a for a in ACTIONS.values() if a.fits(document) and may(request, a.roles)]

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Ask for the reason, then act. GET only asks."""
        action = _action(request, name)
        document: OrderSync = self.get_object(request, unquote(object_id))
        page = reverse("admin:connector_ordersync_change", args=[document.pk])
        if not action.fits(document):
            messages.error(request, f"{action.title} does not fit a document that is {document.get_state_display()}.")
            return HttpResponseRedirect(page)
        if request.method != "POST":
            return self._confirm(request, action, [document], page)
        reason = request.POST.get("reason", "").strip()
        try:
            if action.act is None:
                link(document, request.POST.get("number", "").strip(), actor_of(request), reason)
            else:
                action.act(document, actor_of(request), reason)
        except (NotPossible, ClientError, LeaseLost) as error:
            messages.error(request, str(error))
            return self._confirm(request, action, [document], page)
        messages.success(request, f"{action.title}: {document}. The history has your reason.")
        return HttpResponseRedirect(page)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer what the person may do with several documents at once."""
        fitting = [a for a in ACTIONS.values() if a.act is not None and may(request, a.roles)]
        return {a.name: (_for_many(a), a.name, f"{a.title} the selected documents") for a in fitting}

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *where: Any, **how: Any) -> Any:
        """Refuse ids that no row can have, before the database is asked for them."""
        ticked = request.POST.getlist("_selected_action")
        if not all(one.isascii() and one.isdecimal() and len(one) <= LONGEST_ID for one in ticked):
            messages.error(request, "These are no documents.")
            return None
        return super().response_action(request, queryset, *where, **how)

    def act_on_many(self, request: HttpRequest, action: Action, rows: QuerySet[OrderSync]) -> HttpResponse | None:
        """Ask for one reason for all, then act on each; what does not fit is told and left alone."""
        if not may(request, action.roles):
            raise PermissionDenied
        documents = list(rows[: MOST_AT_ONCE + 1])
        if len(documents) > MOST_AT_ONCE and action.name != "re_post":
            messages.error(request, f"At most {MOST_AT_ONCE} documents at once; only re-posts may be more.")
            return None
        reason = request.POST.get("reason", "").strip()
        if not reason:
            return self._confirm(request, action, documents, request.get_full_path())
        if action.name == "re_post" and len(documents) > 1 and (tenant := active_tenant(request)):
            return _re_post_all(request, tenant, rows, reason)
        failed = [told for document in documents if (told := _try(action, document, actor_of(request), reason))]
        messages.success(request, f"{action.title}: {len(documents) - len(failed)} of {len(documents)} documents.")
        for told in failed[:10]:
            messages.warning(request, told)
        return None

    def _confirm(
        self, request: HttpRequest, action: Action, documents: Sequence[OrderSync], back: str
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{action.title}: {documents[0] if len(documents) == 1 else f'{len(documents)} documents'}",
            "action": action,
            "documents": documents,
            "many": "_selected_action" in request.POST,
            "back": back,
            "longest_reason": LONGEST_REASON,
        }
        return TemplateResponse(request, "admin/connector/confirm_action.html", context)


def _action(request: HttpRequest, name: str) -> Action:
    if name not in ACTIONS:
        raise Http404("There is no such action.")
    if not may(request, ACTIONS[name].roles):
        raise PermissionDenied
    return ACTIONS[name]


def actor_of(request: HttpRequest) -> User | None:
    """Return who presses the button."""
    return request.user if isinstance(request.user, User) else None


def _re_post_all(request: HttpRequest, tenant: Tenant, rows: QuerySet[OrderSync], reason: str) -> HttpResponse | None:
    """Begin a bulk re-post and show how far it is."""
    try:
        run = bulk_repost.start(tenant, rows, actor_of(request), reason)
    except NotPossible as error:
        messages.error(request, str(error))
        return None
    if left_out := rows.count() - run.total:
        messages.warning(request, f"{left_out} of the selected documents are neither blocked nor skipped: left alone.")
    return HttpResponseRedirect(reverse("admin:connector_bulkrun_change", args=[run.pk]))


def _try(action: Action, document: OrderSync, actor: User | None, reason: str) -> str:
    """Act on one of many; returns why it was not possible, or nothing."""
    if action.act is None:
        return ""
    try:
        action.act(document, actor, reason)
    except (NotPossible, ClientError, LeaseLost) as error:
        return f"{document}: {error}"
    return ""


def _for_many(action: Action) -> Callable[..., HttpResponse | None]:
    def act(admin: DocumentActionsMixin, request: HttpRequest, rows: QuerySet[OrderSync]) -> HttpResponse | None:
        return admin.act_on_many(request, action, rows)

    return act
