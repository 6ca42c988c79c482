"""The actions on a document. Each is a POST after a confirmation, and the history keeps the person's reason."""

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
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from connector.admin.documents.credit_amount import CreditAmountForm
from connector.admin.documents.evidence import EvidenceMixin
from connector.clients.errors import ClientError
from connector.domain.document.states import LONGEST_REASON, State
from connector.flow.actions import bulk_repost
from connector.flow.actions.change_decisions import credit_and_repost, credit_now, leave_it
from connector.flow.actions.credit_amount import rest_of
from connector.flow.actions.documents import approve, re_post, refetch, retry, skip
from connector.flow.actions.link import link
from connector.flow.actions.settle import settle
from connector.flow.actions.transaction import NotPossible
from connector.flow.leases import LeaseLost
from connector.models import OrderSync
from connector.problems.calls import in_words
from tenants.models import Role, Tenant, User
from tenants.roles import ACCOUNTANTS, OPERATORS
from tenants.scope import active_tenant, may

S = State
# A person waits while so many are done. Bulk re-posts run in the background (flow/actions/bulk_repost).
MOST_AT_ONCE = 200
LONGEST_ID = 18  # digits that fit into the database's column


@dataclass(frozen=True, slots=True)
class Action:
    """One action: who may do it, in which states, and what it means in a sentence."""

    name: str
    title: Promise
    meaning: Promise
    roles: frozenset[Role]
    states: frozenset[State]
    act: Callable[[OrderSync, User | None, str], None] | None = None  # None: the action needs more than a reason
    of_change: bool = False  # only for a document whose order changed after posting
    of_settling: bool = False  # only for a document with an amount to settle by hand

    def fits(self, document: OrderSync) -> bool:
        """Return whether the document's state allows the action."""
        is_asked = document.change_pending or not self.of_change
        is_open = document.to_settle is not None or not self.of_settling
        return document.state in self.states and is_asked and is_open


ACTIONS = {
    action.name: action
    for action in (
        Action(
            "retry",
            gettext_lazy("Retry"),
            gettext_lazy("Try again now, with the same data."),
            OPERATORS,
            frozenset({S.WAITING, S.UNCERTAIN}),
            retry,
        ),
        Action(
            "refetch",
            gettext_lazy("Refetch"),
            gettext_lazy("Read the order again from BigCommerce. A posted document is compared, never changed."),
            OPERATORS,
            frozenset({S.POSTED, S.WAITING, S.BLOCKED, S.SKIPPED, S.AWAITING_APPROVAL}),
            refetch,
        ),
        Action(
            "re_post",
            gettext_lazy("Re-post"),
            gettext_lazy("Read and translate the order again, and post it. No invoice is made twice."),
            OPERATORS,
            frozenset({S.BLOCKED, S.SKIPPED}),
            re_post,
        ),
        Action(
            "approve",
            gettext_lazy("Approve"),
            gettext_lazy("Post the draft exactly as it is shown."),
            ACCOUNTANTS,
            frozenset({S.AWAITING_APPROVAL}),
            approve,
        ),
        Action(
            "link",
            gettext_lazy("Link"),
            gettext_lazy("Name the invoice or entry that was made by hand in Exact. Its amounts are compared first."),
            ACCOUNTANTS,
            frozenset({S.BLOCKED, S.SKIPPED}),
        ),
        Action(
            "skip",
            gettext_lazy("Skip"),
            gettext_lazy("Make no document of this order. It does not come back by itself."),
            OPERATORS,
            frozenset({S.PENDING, S.AWAITING_APPROVAL, S.BLOCKED}),
            skip,
        ),
        Action(
            "credit_now",
            gettext_lazy("Credit now"),
            gettext_lazy("Credit the refund. For a cancelled or edited order, credit the rest of its invoice."),
            ACCOUNTANTS,
            frozenset({S.POSTED}),
            credit_now,
            of_change=True,
        ),
        Action(
            "credit_amount",
            gettext_lazy("Credit an amount"),
            gettext_lazy("Credit what you type of the invoice. Without lines it is for the order as a whole."),
            ACCOUNTANTS,
            frozenset({S.POSTED}),
            of_change=True,
        ),
        Action(
            "credit_and_repost",
            gettext_lazy("Credit and re-post"),
            gettext_lazy("Credit the rest of the edited order's invoice, and post the order as it is now."),
            ACCOUNTANTS,
            frozenset({S.POSTED}),
            credit_and_repost,
            of_change=True,
        ),
        Action(
            "leave_it",
            gettext_lazy("Leave it"),
            gettext_lazy("Do nothing about this change. The next change is reported again."),
            ACCOUNTANTS,
            frozenset({S.POSTED}),
            leave_it,
            of_change=True,
        ),
        Action(
            "settle",
            gettext_lazy("Settle"),
            gettext_lazy("The amount to settle by hand is booked in Exact. It is not listed any more."),
            ACCOUNTANTS,
            frozenset({S.POSTED, S.SKIPPED}),
            settle,
            of_settling=True,
        ),
    )
}


class DocumentActionsMixin(EvidenceMixin):
    """Adds the actions to the ledger: to one document's page, and to the ticked documents of the list."""

    def get_urls(self) -> list[Any]:
        """Add the actions' address before the page's own, which matches every other address."""
        view = self.admin_site.admin_view(self.act_view)
        vars(view)["model_admin"] = self
        return [
            path("<path:object_id>/do/<slug:name>/", view, name="connector_ordersync_do"),
            *super().get_urls(),
        ]

    def buttons(self, request: HttpRequest, document: OrderSync) -> list[Action]:
        """Return the actions that this person may do with this document now."""
        return [a for a in ACTIONS.values() if a.fits(document) and may(request, a.roles)]

    def act_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Ask for the reason by GET, act by POST.

        Raises Http404 for an unknown document or action, PermissionDenied when the person's role may not do it.
        """
        action = _action(request, name)
        document: OrderSync = self.get_object(request, unquote(object_id))
        page = reverse("admin:connector_ordersync_change", args=[document.pk])
        if not action.fits(document):
            text = _("%(action)s does not fit a document that is %(state)s.")
            messages.error(request, text % {"action": action.title, "state": document.get_state_display()})
            return HttpResponseRedirect(page)
        if action.name == "credit_amount":
            return self._credit_amount(request, action, document, page)
        if request.method != "POST":
            return self._confirm(request, action, [document], page)
        reason = request.POST.get("reason", "").strip()
        try:
            if action.act is None:
                link(document, request.POST.get("number", "").strip(), actor_of(request), reason)
            else:
                action.act(document, actor_of(request), reason)
        except (NotPossible, ClientError, LeaseLost) as error:
            messages.error(request, in_words(error))
            return self._confirm(request, action, [document], page)
        return _done(request, action, document, page)

    def _credit_amount(self, request: HttpRequest, action: Action, document: OrderSync, page: str) -> HttpResponse:
        """Show the form of the amount, or credit what was typed in it."""
        try:
            form = CreditAmountForm(request.POST or None, document=document, rest=rest_of(document))
            if request.method == "POST" and form.act(actor_of(request)):
                return _done(request, action, document, page)
        except (NotPossible, LeaseLost) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(page)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{action.title}: {document}",
            "action": action,
            "form": form,
            "back": page,
        }
        return TemplateResponse(request, "admin/connector/credit_amount.html", context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the actions that this person may do with several documents at once."""
        fitting = [a for a in ACTIONS.values() if a.act is not None and may(request, a.roles)]
        return {a.name: (_for_many(a), a.name, a.title) for a in fitting}

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *where: Any, **how: Any) -> Any:
        """Refuse impossible ids without asking the database."""
        ticked = request.POST.getlist("_selected_action")
        if not all(one.isascii() and one.isdecimal() and len(one) <= LONGEST_ID for one in ticked):
            messages.error(request, _("These are not documents."))
            return None
        return super().response_action(request, queryset, *where, **how)

    def act_on_many(self, request: HttpRequest, action: Action, rows: QuerySet[OrderSync]) -> HttpResponse | None:
        """Ask for one reason, then act on each document. A document that does not allow it is reported and unchanged.

        Raises PermissionDenied when the person's role may not do it.
        """
        if not may(request, action.roles):
            raise PermissionDenied
        documents = list(rows[: MOST_AT_ONCE + 1])
        if len(documents) > MOST_AT_ONCE and action.name != "re_post":
            text = _("Choose at most %(most)s documents. Only a re-post may have more.")
            messages.error(request, text % {"most": MOST_AT_ONCE})
            return None
        reason = request.POST.get("reason", "").strip()
        if not reason:
            return self._confirm(request, action, documents, request.get_full_path())
        if action.name == "re_post" and len(documents) > 1 and (tenant := active_tenant(request)):
            return _re_post_all(request, tenant, rows, reason)
        failed = [text for document in documents if (text := _try(action, document, actor_of(request), reason))]
        text = _("%(action)s: %(done)s of %(total)s documents.")
        counts = {"done": len(documents) - len(failed), "total": len(documents)}
        messages.success(request, text % {"action": action.title, **counts})
        for text in failed[:10]:
            messages.warning(request, text)
        return None

    def _confirm(
        self, request: HttpRequest, action: Action, documents: Sequence[OrderSync], back: str
    ) -> TemplateResponse:
        number = len(documents)
        what = documents[0] if number == 1 else _("%(number)s documents") % {"number": number}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{action.title}: {what}",
            "action": action,
            "documents": documents,
            "many": "_selected_action" in request.POST,
            "back": back,
            "longest_reason": LONGEST_REASON,
        }
        return TemplateResponse(request, "admin/connector/confirm_action.html", context)


def _action(request: HttpRequest, name: str) -> Action:
    if name not in ACTIONS:
        raise Http404(_("There is no such action."))
    if not may(request, ACTIONS[name].roles):
        raise PermissionDenied
    return ACTIONS[name]


def _done(request: HttpRequest, action: Action, document: OrderSync, page: str) -> HttpResponse:
    text = _("%(action)s: %(document)s. The history has your reason.")
    messages.success(request, text % {"action": action.title, "document": document})
    return HttpResponseRedirect(page)


def actor_of(request: HttpRequest) -> User | None:
    """Return the person who makes the request."""
    return request.user if isinstance(request.user, User) else None


def _re_post_all(request: HttpRequest, tenant: Tenant, rows: QuerySet[OrderSync], reason: str) -> HttpResponse | None:
    """Begin a bulk re-post and go to its page."""
    chosen = rows.count()  # before the first document is sent: a filter by state may leave it out then
    try:
        run = bulk_repost.start(tenant, rows, actor_of(request), reason)
    except NotPossible as error:
        messages.error(request, str(error))
        return None
    if left_out := chosen - run.total:
        text = ngettext(
            "%(number)s selected document is neither blocked nor skipped. It is left as it is.",
            "%(number)s selected documents are neither blocked nor skipped. They are left as they are.",
            left_out,
        )
        messages.warning(request, text % {"number": left_out})
    return HttpResponseRedirect(reverse("admin:connector_bulkrun_change", args=[run.pk]))


def _try(action: Action, document: OrderSync, actor: User | None, reason: str) -> str:
    """Act on one document; returns why that was not possible, or ""."""
    if action.act is None:
        return ""
    try:
        action.act(document, actor, reason)
    except (NotPossible, ClientError, LeaseLost) as error:
        return f"{document}: {in_words(error)}"
    return ""


def _for_many(action: Action) -> Callable[..., HttpResponse | None]:
    def act(admin: DocumentActionsMixin, request: HttpRequest, rows: QuerySet[OrderSync]) -> HttpResponse | None:
        return admin.act_on_many(request, action, rows)

    return act
