"""The page "Match report": which customers are linked, and for whom a person chooses an account."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from connector.admin.customers.reasons import reason_in_words
from connector.admin.customers.sides import DETAILS
from connector.admin.documents.actions import LONGEST_ID, actor_of
from connector.admin.fit_result import notice
from connector.domain.document.result import from_json
from connector.flow.actions import customer_matches
from connector.flow.actions.customer_matches import candidates
from connector.flow.actions.transaction import NotPossible
from connector.flow.customer.both_ways.sides import of_account, of_customer
from connector.flow.customer.runs import run as runs
from connector.flow.customer.runs.scope import Refused
from connector.models import Connection, CustomerLink, CustomerMatch, CustomerRun, DirectoryAccount
from tenants.roles import OPERATORS
from tenants.scope import may
from tenants.scoped_admin import ScopedModelAdmin

PER_PAGE: Final = 20
SURE: Final = 90
"""The score from which on the best candidate is offered for all at once."""
Outcome = CustomerMatch.Outcome
TITLES: Final = {
    Outcome.AMBIGUOUS: gettext_lazy("A person chooses"),
    Outcome.NEW: gettext_lazy("New"),
    Outcome.HELD: gettext_lazy("Cannot be matched"),
}


def matches_view(admin: ScopedModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show what the match of each customer came to; keep what a person chose, or begin to match all customers.

    Raises PermissionDenied when a person who is no operator sends the form.
    """
    connection: Connection = admin.get_object(request, unquote(object_id))
    if request.method == "POST":
        if not may(request, OPERATORS):
            raise PermissionDenied
        return HttpResponseRedirect(_done(request, connection))
    wanted = request.GET.get("outcome", "")
    outcome = Outcome(wanted) if wanted in Outcome.values else Outcome.AMBIGUOUS
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Match report: %(connection)s") % {"connection": connection},
        "connection": connection,
        "may": may(request, OPERATORS),
        "outcome": outcome,
        "sure": SURE,
        **_counts(connection, outcome),
        **_page(request, connection, outcome),
    }
    return TemplateResponse(request, "admin/connector/customers/matches.html", context)


def _done(request: HttpRequest, connection: Connection) -> str:
    """Do what was pressed, and return the address of the page that shows it."""
    try:
        if "report" in request.POST:
            runs.start(connection, actor_of(request), CustomerRun.What.REPORT)
            messages.success(request, _("It has begun. Live orders go first."))
            return reverse("admin:connector_connection_customers", args=[connection.pk])
        _act(request, connection)
    except (NotPossible, Refused) as error:
        messages.error(request, str(error))
    return request.get_full_path()


def _act(request: HttpRequest, connection: Connection) -> None:
    """Keep the choices of the page, or one for many. Raises NotPossible."""
    actor = actor_of(request)
    if "best" in request.POST:
        typed = request.POST.get("at_least", "").strip()
        if not (typed.isascii() and typed.isdecimal() and int(typed) <= 100):
            raise NotPossible(_("Type a number from 0 to 100."))
        number = customer_matches.choose_best(connection, int(typed), actor)
    elif "new" in request.POST:
        number = customer_matches.choose_new(connection, _ids(request.POST.getlist("ticked")), actor)
    else:
        given = {name.removeprefix("choice-"): str(value) for name, value in request.POST.items() if "choice-" in name}
        chosen = {int(key): value for key, value in given.items() if _ids([key])}
        number = customer_matches.choose(connection, chosen, actor)
    text = ngettext(
        "%(number)s choice is kept. The next run links it.",
        "%(number)s choices are kept. The next run links them.",
        number,
    )
    messages.success(request, text % {"number": number})


def _ids(given: Collection[str]) -> list[int]:
    return [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) <= LONGEST_ID]


def _rows(connection: Connection) -> Any:
    return CustomerMatch.objects.filter(division=connection.division_id, customer__store=connection.store_id)


def _counts(connection: Connection, chosen: Outcome) -> dict[str, Any]:
    """Return how many customers are linked, and how many came to each outcome."""
    links = CustomerLink.objects.filter(store=connection.store_id, division=connection.division_id)
    rows = _rows(connection)
    return {
        "linked": links.exclude(account_id="").count(),
        "held": customer_matches.held_orders(connection),
        "undecided": customer_matches.open_matches(connection).filter(choice="").count(),
        "tabs": [
            {
                "outcome": outcome.value,
                "title": title,
                "number": rows.filter(outcome=outcome).count(),
                "chosen": outcome == chosen,
            }
            for outcome, title in TITLES.items()
        ],
    }


def _page(request: HttpRequest, connection: Connection, outcome: Outcome) -> dict[str, Any]:
    """Return a page of the customers with an outcome; who waits for a choice comes first."""
    rows = _rows(connection).filter(outcome=outcome).order_by("choice", "pk")
    rows = rows.select_related("customer", "chosen_by").defer("chosen_by__password")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    ids = {str(each.get("account_id")) for row in page for each in candidates(row)}
    found = DirectoryAccount.objects.filter(division=connection.division_id, account_id__in=ids)
    accounts = {account.account_id: account for account in found}
    return {
        "matches": [_row(connection, row, accounts) for row in page],
        "page": page.number,
        "pages": page.paginator.num_pages,
    }


def _row(connection: Connection, row: CustomerMatch, accounts: Mapping[str, DirectoryAccount]) -> dict[str, Any]:
    customer = row.customer
    own = {
        "name": customer.name,
        "email": customer.email,
        "vat_number": customer.vat_number,
        "place": _place(of_customer(customer).addresses),
    }
    problems = from_json(row.problems) if isinstance(row.problems, list) else ()
    return {
        "row": row,
        "customer": customer,
        "facts": _facts(own, own),
        "candidates": [_candidate(each, accounts.get(str(each.get("account_id"))), own) for each in candidates(row)],
        "problems": [notice(connection, each) for each in problems],
        "new": row.choice == CustomerMatch.NEW_ACCOUNT,
    }


def _candidate(kept: Mapping[str, Any], account: DirectoryAccount | None, own: Mapping[str, str]) -> dict[str, Any]:
    """Return an account in question beside the customer: which of its details are the customer's."""
    theirs = {"name": str(kept.get("name") or ""), "email": "", "vat_number": "", "place": ""}
    if account is not None:
        place = _place(of_account(account).addresses)
        theirs = {"name": account.name, "email": account.email, "vat_number": account.vat_number, "place": place}
    return {
        "id": kept.get("account_id"),
        "code": kept.get("code"),
        "score": kept.get("score"),
        "reason": reason_in_words(str(kept.get("reason") or "")),
        "facts": _facts(theirs, own),
        "blocked": account is not None and account.blocked,
    }


def _facts(values: Mapping[str, str], own: Mapping[str, str]) -> list[dict[str, Any]]:
    labels = {**DETAILS, "place": gettext_lazy("Place")}
    return [
        {"label": labels[name], "value": value, "same": value.casefold() == own[name].casefold()}
        for name, value in values.items()
        if value
    ]


def _place(address: Mapping[str, str]) -> str:
    """Return where an address is, in one line."""
    town = f"{address['postcode']} {address['city']}".strip()
    return ", ".join(part for part in (address["street_1"], town, address["country"]) if part)
