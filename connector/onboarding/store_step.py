"""The step of the store: its API account is pasted or typed, tried, and saved."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connector.clients.bigcommerce.credentials_file import read_credentials_file, read_store_hash
from connector.flow.setup import new_store
from connector.flow.setup.connection_test import new_store as trial
from connector.models import Store
from connector.onboarding.frame import StepForm, Visit, as_row, missing, secret, text
from tenants.typed import on_one_line
from tenants.unreadable import UnreadableSecret

SECRETS = ("client_secret", "access_token")
EXAMPLES = {
    "store_hash": "https://api.bigcommerce.com/stores/abc123/v3/",
    "client_id": "6f1d3c0a5b7e4e0c",
    "client_secret": "3b9a51f2d7c8e10a",
    "access_token": "q7x2m9c4d1k8",
}


class StoreForm(StepForm):
    """The API account of a store."""

    credentials = forms.CharField(
        label=gettext_lazy("The whole file that BigCommerce let you download"),
        help_text=gettext_lazy("Open the file of the API account, select everything, copy it and paste it here."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )
    store_hash = text(gettext_lazy("API path or store hash"), gettext_lazy("Such as %s.") % EXAMPLES["store_hash"])
    client_id = text(gettext_lazy("Client ID"))
    client_secret = secret(gettext_lazy("Client secret"))
    access_token = secret(gettext_lazy("Access token"))
    name = text(gettext_lazy("Name of the store"), gettext_lazy("As your colleagues call it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In the class, this name would be the form's own prefix.
        self.fields["prefix"] = text(
            gettext_lazy("Prefix"),
            gettext_lazy("Begins your reference on every invoice, such as ACME-1042. 2 to 10 of A-Z and 0-9."),
            longest=20,
        )


def show(visit: Visit) -> dict[str, Any]:
    """Return the form, and what the store answered."""
    store, draft = visit.progress.store, visit.draft
    typed = {**_of_row(store), **draft.typed}
    kept = {name for name in SECRETS if draft.typed.get(name) or store}
    form = StoreForm.filled({**typed, **dict.fromkeys(SECRETS, "")}, draft.errors, kept)
    return {
        "form": form,
        "facts": draft.values.get("facts", []),
        "findings": draft.values.get("findings", []),
        "removable": store is not None and not new_store.has_documents(store),
    }


def act(visit: Visit) -> bool:
    """Try the API account, save the store, or remove it."""
    posted = visit.request.POST
    if "remove" in posted:
        return _remove(visit)
    form = StoreForm({**_of_row(visit.progress.store), **visit.draft.typed, **posted.dict()})
    typed, errors = _typed(visit, form)
    errors |= missing(typed, {name: example for name, example in EXAMPLES.items() if name not in errors})
    if errors:
        visit.draft.keep(typed=typed, errors=errors)
        return False
    answer = trial.ask(visit.tenant, typed["store_hash"], typed["access_token"])
    if answer.info:
        typed["name"] = typed["name"] or on_one_line(answer.info.name)[:200] or typed["store_hash"]
        typed["prefix"] = typed["prefix"] or new_store.propose_prefix(visit.tenant, typed["name"])
    if answer.refused:
        errors = {answer.field: [answer.refused]}
    elif "go" in posted and answer.info:
        try:
            new_store.save(visit.tenant, typed, answer.info, instead_of=_present(visit))
        except new_store.NotSaved as refusal:
            errors = {refusal.field: [str(refusal)]}
        else:
            return True
    found = [as_row(finding) for finding in answer.findings]
    visit.draft.keep(typed=typed, errors=errors, facts=answer.facts, findings=found)
    return False


def _typed(visit: Visit, form: StoreForm) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the columns of the store: pasted, else typed, else as they were kept. And what is wrong with them."""
    typed = form.texts()
    errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    pasted = typed.pop("credentials")
    read = read_credentials_file(pasted)
    if pasted and not read:
        words = _("There is no line such as %(example)s in it. Paste the whole file, or fill in the fields below.")
        errors["credentials"] = [words % {"example": f"ACCESS TOKEN: {EXAMPLES['access_token']}"}]
    typed |= read
    given, typed["store_hash"] = typed["store_hash"], read_store_hash(typed["store_hash"])
    if given and not typed["store_hash"]:
        typed["store_hash"] = given
        words = _("There is no store hash in it. Paste the API path, such as %(example)s.")
        errors["store_hash"] = [words % {"example": EXAMPLES["store_hash"]}]
    typed["prefix"] = typed["prefix"].upper()
    return typed | {name: value for name, value in _kept(visit).items() if not typed[name]}, errors


def _kept(visit: Visit) -> dict[str, str]:
    """Return the secrets of the last try, else those that are stored."""
    store = _present(visit)
    try:
        stored = {name: str(getattr(store, name, "")) for name in SECRETS}
    except UnreadableSecret:
        stored = dict.fromkeys(SECRETS, "")
    return {name: visit.draft.typed.get(name) or stored[name] for name in SECRETS}


def _present(visit: Visit) -> Store | None:
    store = visit.progress.store
    return Store.objects.select_related("tenant").get(pk=store.pk) if store else None


def _of_row(store: Store | None) -> dict[str, str]:
    names = ("store_hash", "client_id", "name", "prefix")
    return {name: str(getattr(store, name)) for name in names} if store else {}


def _remove(visit: Visit) -> bool:
    store = _present(visit)
    if store is not None:
        try:
            new_store.remove(store)
        except new_store.NotSaved as refusal:
            visit.draft.keep(typed=visit.draft.typed, errors={refusal.field: [str(refusal)]})
    return False
