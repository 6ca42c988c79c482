"""What a person does with one customer: pull, push, unlink, link to an account, merge, decide about a conflict.

GET asks, POST acts. What was done stands in the customer's history, with the person and the reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.admin.customers import choices
from connector.admin.customers.pairs import Pair, pair_of
from connector.admin.documents.actions import LONGEST_ID, actor_of
from connector.domain.document.states import LONGEST_REASON
from connector.flow.actions import customers
from connector.flow.actions.transaction import NotPossible
from connector.flow.customer.both_ways.in_step import Result
from connector.models import CustomerConflict
from tenants.roles import OPERATORS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin

Act = Callable[[ScopedModelAdmin, HttpRequest, Pair], str]


@dataclass(frozen=True, slots=True)
class Action:
    """One action: its title, what it means in a sentence, for whom it fits, and what it does.

    `act` returns what was done, in a sentence, and raises NotPossible. `offers`: what is chosen from, by a search.
    """

    name: str
    title: Promise
    meaning: Promise
    fits: Callable[[Pair], bool]
    act: Act
    offers: Callable[[ScopedModelAdmin, HttpRequest, Pair, str], Sequence[choices.Choice]] | None = None
    at_once: bool = False  # the page has the button itself, because nothing is lost


def _pull(_admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> str:
    assert pair.link is not None
    return _said(customers.pull_now(pair.link, actor_of(request)))


def _push(_admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> str:
    assert pair.link is not None
    return _said(customers.push_now(pair.link, actor_of(request)))


def _unlink(_admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> str:
    assert pair.link is not None
    customers.unlink(pair.link, actor_of(request), _reason(request))
    return _("The customer has no account any more. The next order finds or makes another one.")


def _link(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> str:
    assert pair.customer is not None
    account = choices.accounts_for(admin, request, pair).filter(pk=_chosen(request)).first()
    if account is None:
        raise NotPossible(_("Choose an account."))
    customers.link_to(pair.customer, account, actor_of(request), _reason(request))
    return _("The customer is linked to %(account)s.") % {"account": account}


def _merge(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> str:
    assert pair.link is not None
    into = choices.others_for(admin, request, pair).filter(pk=_chosen(request)).first()
    if into is None:
        raise NotPossible(_("Choose a customer."))
    customers.merge(pair.link, into, actor_of(request), _reason(request))
    return _("Orders of both customers go to %(account)s from now on.") % {
        "account": f"{into.account_code} {into.account_name}".strip()
    }


def _decide(_admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> str:
    decision, wanted = request.POST.get("decision", ""), request.POST.get("conflict", "")
    conflict = next((each for each in pair.conflicts if str(each.pk) == wanted), None)
    if conflict is None or decision not in CustomerConflict.Decision.values:
        raise NotPossible(_("Somebody has decided this already."))
    customers.decide(conflict, decision, actor_of(request), _reason(request))
    return _("Decided: %(decision)s. It is carried out within a minute.") % {
        "decision": CustomerConflict.Decision(decision).label
    }


ACTIONS: Final = {
    action.name: action
    for action in (
        Action(
            "pull",
            gettext_lazy("Pull now"),
            gettext_lazy("Read both sides again, and carry over what changed since."),
            lambda pair: pair.linked,
            _pull,
            at_once=True,
        ),
        Action(
            "push",
            gettext_lazy("Push now"),
            gettext_lazy(
                "Read both sides again, and make equal what differs. Who decides about the details says which side is "
                "written. The value that gives way stays in the history."
            ),
            lambda pair: pair.linked,
            _push,
        ),
        Action(
            "link",
            gettext_lazy("Link to an account"),
            gettext_lazy("Orders go to this account from now on. Documents that are posted stay where they are."),
            lambda pair: pair.customer is not None and not pair.forgotten,
            _link,
            choices.accounts,
        ),
        Action(
            "merge",
            gettext_lazy("Merge"),
            gettext_lazy(
                "Two customers of the store are one: orders of this one go to the account of the other from now on. "
                "Nothing is merged in Exact, and documents that are posted stay where they are."
            ),
            lambda pair: pair.link is not None,
            _merge,
            choices.others,
        ),
        Action(
            "unlink",
            gettext_lazy("Unlink"),
            gettext_lazy(
                "Take the account away from the customer. It is not linked to it again by itself. Neither side is "
                "changed."
            ),
            lambda pair: pair.linked,
            _unlink,
        ),
        Action(
            "decide",
            gettext_lazy("Decide"),
            gettext_lazy("Say which side is right."),
            lambda pair: bool(pair.conflicts),
            _decide,
        ),
    )
}


def buttons(request: HttpRequest, pair: Pair) -> list[Action]:
    """Return what this person may do with the customer now, besides deciding."""
    if not may(request, OPERATORS):
        return []
    return [each for each in ACTIONS.values() if each.name != "decide" and each.fits(pair)]


def act_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
    """Ask by GET, act by POST.

    Raises Http404 for an unknown customer or action, PermissionDenied for a person who is no operator.
    """
    pair = pair_of(admin, request, object_id)
    if not may(request, OPERATORS):
        raise PermissionDenied
    if name not in ACTIONS:
        raise Http404(_("There is no such action."))
    action, page = ACTIONS[name], page_of(pair)
    if not action.fits(pair):
        messages.error(request, _("%(action)s does not fit this customer any more.") % {"action": action.title})
        return HttpResponseRedirect(page)
    if request.method == "POST":
        try:
            messages.success(request, action.act(admin, request, pair))
        except NotPossible as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path() if action.offers else page)
        return HttpResponseRedirect(page_after(admin, request, pair))
    return HttpResponseRedirect(page) if name == "decide" else _ask(admin, request, pair, action)


def page_of(pair: Pair) -> str:
    """Return the address of a customer's page."""
    if pair.link is not None:
        return reverse("admin:connector_customerlink_change", args=[pair.link.pk])
    assert pair.customer is not None
    return reverse("admin:connector_storecustomer_change", args=[pair.customer.pk])


def page_after(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair) -> str:
    """Return the address of the page after an action: a customer may have a link by now."""
    row = pair.link or pair.customer
    assert row is not None
    if pair.link is None:
        return page_of(pair_of(admin, request, str(row.pk)))
    return page_of(pair)


def _ask(admin: ScopedModelAdmin, request: HttpRequest, pair: Pair, action: Action) -> TemplateResponse:
    term = request.GET.get("q", "").replace("\x00", "").strip()
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": f"{action.title}: {pair.name or pair.key}",
        "action": action,
        "pair": pair,
        "term": term,
        "choices": action.offers(admin, request, pair, term) if action.offers else None,
        "back": page_of(pair),
        "longest_reason": LONGEST_REASON,
    }
    return TemplateResponse(request, "admin/connector/customers/act.html", context)


def _chosen(request: HttpRequest) -> int:
    given = request.POST.get("chosen", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID else 0


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:LONGEST_REASON]


def _said(result: Result) -> str:
    """Return in words what a pull or a push came to."""
    parts = []
    for number, one, more in (
        (result.to_exact, _("One group was written to Exact."), _("%(number)s groups were written to Exact.")),
        (result.to_store, _("One group was written to the store."), _("%(number)s groups were written to the store.")),
    ):
        if number:
            parts.append(one if number == 1 else more % {"number": number})
    if result.conflicts:
        parts.append(_("Both sides changed the same details: decide below."))
    if result.refused:
        parts.append(_("Something was refused: the history says what."))
    return " ".join(parts) or _("Both sides were read. There was nothing to carry over.")
