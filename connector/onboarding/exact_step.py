"""The step of Exact Online: the app is chosen or typed, a person consents at Exact and comes back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.flow.consent import authorize
from connector.flow.consent.authorize import Refusal
from connector.flow.setup import new_grant
from connector.flow.setup.progress import StepState
from connector.models import ConsentRequest, ExactGrant
from connector.onboarding.frame import StepForm, Visit, missing, secret, text

PORTAL, OWN = "portal", "own"
REGIONS = [
    ("nl", gettext_lazy("Netherlands: start.exactonline.nl")),
    ("be", gettext_lazy("Belgium: start.exactonline.be")),
    ("de", gettext_lazy("Germany: start.exactonline.de")),
    ("uk", gettext_lazy("United Kingdom: start.exactonline.co.uk")),
    ("fr", gettext_lazy("France: start.exactonline.fr")),
    ("es", gettext_lazy("Spain: start.exactonline.es")),
    ("us", gettext_lazy("United States: start.exactonline.com")),
]
EXAMPLES = {"client_id": "0c8d2a4e-7f15-4b9a-8e63-d1b7a5f09c42", "client_secret": "k2Jx8QmVt5Lp"}
# What the app's registration must tick, with the access and what it is for.
SCOPES = [
    (gettext_lazy("CRM accounts"), gettext_lazy("manage"), gettext_lazy("customers and delivery addresses")),
    (gettext_lazy("Sales invoices"), gettext_lazy("manage"), gettext_lazy("invoices and their templates")),
    (gettext_lazy("Logistics items"), gettext_lazy("read"), gettext_lazy("items")),
    (gettext_lazy("Financial general ledgers"), gettext_lazy("read"), gettext_lazy("GL accounts and journals")),
    (
        gettext_lazy("Financial accounting"),
        gettext_lazy("manage"),
        gettext_lazy("VAT codes, periods, sales entries and bank entries"),
    ),
    (gettext_lazy("Financial cost centres"), gettext_lazy("read"), gettext_lazy("cost centres and cost units")),
    (gettext_lazy("Financial cash flow"), gettext_lazy("read"), gettext_lazy("payment conditions")),
    (gettext_lazy("Financial currencies"), gettext_lazy("read"), gettext_lazy("currencies")),
    (gettext_lazy("Organisation administration"), gettext_lazy("read"), gettext_lazy("the names of the divisions")),
]
# What each refusal means, and the field at which it is put right.
REFUSED = {
    Refusal.CANCELLED: (
        "",
        gettext_lazy("Exact gave no access: it was refused or cancelled there. Connect once more and allow it."),
    ),
    Refusal.CLIENT: (
        "client_secret",
        gettext_lazy("Exact does not take this client secret with this client ID. Copy both from the app once more."),
    ),
    Refusal.REDIRECT: (
        "",
        gettext_lazy("The app is registered with another redirect address than the one here. Correct it at Exact."),
    ),
    Refusal.CODE: (
        "client_secret",
        gettext_lazy(
            "Exact gave no tokens and does not say why. The client secret may be wrong, or more than three minutes "
            "passed on the way back. Copy the secret once more, then connect."
        ),
    ),
    Refusal.LIMIT: (
        "",
        gettext_lazy("Exact issues no more tokens to this app for now. Wait for ten minutes, then connect."),
    ),
    Refusal.NO_ANSWER: (
        "",
        gettext_lazy("Exact was not reached, or its answer did not arrive. Everything is kept: connect once more."),
    ),
}


class ExactForm(StepForm):
    """The region and the app."""

    region = forms.ChoiceField(label=gettext_lazy("Where you log in to Exact Online"), choices=REGIONS, required=False)
    app = forms.ChoiceField(
        label=gettext_lazy("The app that may reach your books"),
        choices=[
            (PORTAL, gettext_lazy("The app of this portal: nothing to register")),
            (OWN, gettext_lazy("An app of your own")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    client_id = text(gettext_lazy("Client ID"))
    client_secret = secret(gettext_lazy("Client secret"))


def show(visit: Visit) -> dict[str, Any]:
    """Return the form, what Exact needs to know of us, and how the last try ended."""
    grant = visit.progress.grant
    ended = _last_try(visit, grant)
    typed = {**_proposed(visit), **_of_row(grant), **visit.draft.typed}
    has_secret = visit.draft.typed.get("client_secret") or (grant and typed["app"] == OWN)
    kept = ["client_secret"] if has_secret else []
    form = ExactForm.filled({**typed, "client_secret": ""}, {**ended, **visit.draft.errors}, kept)
    if not settings.EXACT_APPS:
        del form.fields["app"]
    errors = visit.draft.errors.get("", []) or ended.get("", [])
    return {
        "form": form,
        "errors": errors,
        "state": StepState.TROUBLE if ended or visit.draft.errors else visit.progress.states["exact"],
        "redirect_address": authorize.redirect_uri(),
        "scopes": SCOPES,
        "grant": grant,
        "connected": visit.progress.states["exact"] == StepState.DONE,
        "removable": grant is not None and not new_grant.has_documents(grant),
    }


def act(visit: Visit) -> bool | HttpResponse:
    """Save the app and lead to Exact, or remove the consent."""
    posted = visit.request.POST
    grant = visit.progress.grant and ExactGrant.objects.select_related("tenant").get(pk=visit.progress.grant.pk)
    if "remove" in posted:
        return _remove(visit, grant)
    form = ExactForm({**_proposed(visit), **_of_row(grant), **visit.draft.typed, **posted.dict()})
    typed = form.texts()
    errors = {name: [str(each) for each in texts] for name, texts in form.errors.items()}
    if typed["app"] == PORTAL and typed["region"] not in settings.EXACT_APPS:
        errors["app"] = [_("This portal has no app for that region. Choose an app of your own.")]
    elif typed["app"] != PORTAL:
        same_app = grant is not None and _of_row(grant)["app"] == OWN
        typed["client_secret"] = typed["client_secret"] or visit.draft.typed.get("client_secret", "")
        needed = {name: each for name, each in EXAMPLES.items() if name == "client_id" or not same_app}
        errors |= missing(typed, needed)
    if not errors:
        try:
            return _leave(visit, _app(typed), grant)
        except new_grant.NotSaved as refusal:
            errors = {refusal.field: [str(refusal)]}
        except authorize.ConsentRefused as refusal:
            errors = {"": [str(refusal)]}
    visit.draft.keep(typed=typed, errors=errors)
    return False


def _app(typed: Mapping[str, str]) -> new_grant.App:
    if typed["app"] == PORTAL:
        return new_grant.App(typed["region"], *settings.EXACT_APPS[typed["region"]])
    return new_grant.App(typed["region"], typed["client_id"], typed["client_secret"])


def _leave(visit: Visit, app: new_grant.App, grant: ExactGrant | None) -> HttpResponse:
    """Go to Exact. Raises NotSaved, and ConsentRefused when no consent can be given."""
    saved = new_grant.save(visit.tenant, app, grant)
    session_key = visit.request.session.session_key or ""
    visitor = authorize.Visitor(visit.user, session_key, visit.tenant)
    again = saved.consented_at is not None  # perhaps as another person
    secret_to_prove = new_grant.new_secret(saved, app)
    address = authorize.begin(saved, visitor, client_secret=secret_to_prove, getting_started=True, force_login=again)
    visit.draft.forget()
    return HttpResponseRedirect(address)


def _proposed(visit: Visit) -> dict[str, str]:
    store = visit.progress.store
    region = new_grant.propose_region(store.country if store else "")
    return {"region": region, "app": PORTAL if region in settings.EXACT_APPS else OWN, "client_id": ""}


def _of_row(grant: ExactGrant | None) -> dict[str, str]:
    if grant is None:
        return {}
    ours = settings.EXACT_APPS.get(grant.region, ("", ""))[0] == grant.client_id
    return {
        "region": grant.region,
        "app": PORTAL if ours else OWN,
        "client_id": "" if ours else grant.client_id,
    }


def _last_try(visit: Visit, grant: ExactGrant | None) -> dict[str, list[str]]:
    """Return how the last way to Exact ended, by field; {} when it ended well."""
    if grant is None:
        return {}
    tries = ConsentRequest.objects.filter(grant=grant, getting_started=True).defer("pair", "client_secret")
    tried = tries.order_by("-pk").first()
    if tried is None or _came_after(grant.consented_at, tried):
        return {}
    if tried.used_at is None:
        sentence = _(
            "Exact has not sent you back. When it says that it does not know the app, correct the client ID here. When "
            "it says that the redirect address is wrong, register the one above, letter for letter."
        )
        return {"client_id" if "client_id" in _own_fields(grant) else "": [sentence]}
    if not tried.refusal:
        return {}
    field, words = REFUSED[Refusal(tried.refusal)]
    return {field: [str(words)]}


def _came_after(consented_at: datetime | None, tried: ConsentRequest) -> bool:
    return consented_at is not None and consented_at >= tried.created_at


def _own_fields(grant: ExactGrant) -> tuple[str, ...]:
    return ("client_id", "client_secret") if _of_row(grant)["app"] == OWN else ()


def _remove(visit: Visit, grant: ExactGrant | None) -> bool:
    visit.draft.forget()
    if grant is not None:
        try:
            new_grant.remove(grant)
        except new_grant.NotSaved as refusal:
            visit.draft.keep(errors={refusal.field: [str(refusal)]})
    return False
