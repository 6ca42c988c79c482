"""The first two pages of Get started: the account that is asked for, and the code that was mailed."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.core.ratelimit import consume
from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from connector.onboarding import pages
from tenants.accounts import sign_up as accounts
from tenants.accounts.models import SignUp
from tenants.accounts.sign_up import Outcome, Verdict
from tenants.models import Tenant, User
from tenants.scope import active_tenant
from tenants.typed import ADDRESS_LENGTH, on_one_line

SESSION_KEY, REFUSED = "sign_up", "sign_up_refused"
TOO_MANY = gettext_lazy("Too many tries. Wait a few minutes, then press the button again.")


class SignUpForm(forms.Form):
    """Asks for the company, and for what its first person logs in with."""

    company = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=200,
        error_messages={"required": gettext_lazy("Give your company's name, such as Acme BV.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        max_length=ADDRESS_LENGTH,
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("A code goes there. You log in with this address."),
        error_messages={
            "required": gettext_lazy("Give your e-mail address, such as robin@acme.example."),
            "invalid": gettext_lazy("This is no e-mail address. One looks like robin@acme.example."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=200,
        error_messages={"required": gettext_lazy("Choose a password of at least eight characters.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=43)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(map(str, password_validators_help_texts()[1:2]))

    def clean_company(self) -> str:
        """Return the name on one line."""
        return on_one_line(str(self.cleaned_data["company"]))

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules, with what it must not resemble."""
        typed = super().clean() or self.cleaned_data
        if typed.get("password"):
            resembling = User(email=typed.get("email", ""), name=typed.get("company", ""))
            try:
                validate_password(typed["password"], resembling)
            except ValidationError as error:
                self.add_error("password", error)
        return typed


class CodeForm(forms.Form):
    """Asks for the code. The key makes a second press find the same sign-up when the session is a new one."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        error_messages={"required": gettext_lazy("Type the six digits from the mail, such as 493 027.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code"}),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=43)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for company, address and password. Nothing but the request is kept until the code was right."""
    if request.user.is_authenticated:
        return _onward(request)
    if not accounts.is_open():
        return render(request, "onboarding/closed.html", status=403 if request.method == "POST" else 200)
    before = accounts.pending(request.session.get(SESSION_KEY, ""))
    if request.method == "POST":
        return _ask(request, before)
    form = _form(request, SignUpForm, _typed_before(before))
    return render(request, "onboarding/sign_up.html", {"form": form, "step": "sign-up", "state": _state(form)})


def _ask(request: HttpRequest, before: SignUp | None) -> HttpResponse:
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _refuse(request, form, "get-started")
    typed = form.cleaned_data
    if not _may_ask(request, typed["email"]):
        form.add_error(None, TOO_MANY)
        return _refuse(request, form, "get-started")
    same = before is not None and before.email == typed["email"].lower()
    key = before.key if before and same else _key_of(typed["key"])
    asked = {name: typed[name] for name in ("company", "email", "password")}
    request.session[SESSION_KEY] = accounts.ask(key, **asked).key
    request.session.pop(REFUSED, None)
    return redirect("get-started-verify")


@never_cache
@require_http_methods(["GET", "POST"])
def check_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; when it is right, let the person in. The same for an address that has an account."""
    if request.user.is_authenticated:
        return _onward(request)
    key = request.POST.get("key") or request.session.get(SESSION_KEY, "")
    if request.method == "POST":
        return _check(request, key)
    waiting = accounts.pending(key)
    if waiting is None:
        return redirect("get-started")
    form = _form(request, CodeForm, {"key": key})
    shown = {"form": form, "address": waiting.email, "failed": waiting.mailed_at is None}
    state = "trouble" if shown["failed"] else _state(form)
    return render(request, "onboarding/verify.html", {**shown, "step": "verify", "state": state})


def _check(request: HttpRequest, key: str) -> HttpResponse:
    form = CodeForm(request.POST)
    if "again" not in request.POST and form.is_valid():
        verdict = accounts.check(key, form.cleaned_data["code"])
        if verdict.person is not None:
            return _enter(request, verdict.person)
        form.add_error("code", _why(verdict))
    waiting = accounts.pending(key)
    if waiting is None:
        return redirect("get-started")
    request.session[SESSION_KEY] = key
    if "again" not in request.POST:
        return _refuse(request, form, "get-started-verify")
    request.session.pop(REFUSED, None)
    if said := _mail_again(request, waiting):
        messages.info(request, said)
    return redirect("get-started-verify")


def _refuse(request: HttpRequest, form: forms.Form, page: str) -> HttpResponse:
    """Lead back to the page, which shows what was typed but for the password, and why it was refused."""
    typed = {name: str(form.data.get(name, ""))[:300] for name in form.fields if name != "password"}
    errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    request.session[REFUSED] = {"page": type(form).__name__, "typed": typed, "errors": errors}
    return redirect(page)


def _form(request: HttpRequest, form_class: type[forms.Form], initial: dict[str, str]) -> forms.Form:
    """Return the form, as it was refused until the next try."""
    refused = request.session.get(REFUSED, {})
    if refused.get("page") != form_class.__name__:
        return form_class(initial=initial)
    form = form_class({**initial, **refused["typed"]})
    form.errors.clear()
    for name, texts in refused["errors"].items():
        form.add_error(name if name in form.fields else None, texts)
    return form


def _onward(request: HttpRequest) -> HttpResponse:
    """Lead a person who is logged in to the first step that is due."""
    tenant = active_tenant(request)
    return redirect(pages.next_address(tenant) if tenant else "admin:index")


def _enter(request: HttpRequest, person: User) -> HttpResponse:
    for name in (SESSION_KEY, REFUSED):
        request.session.pop(name, None)
    first = Tenant.objects.filter(memberships__user=person).order_by("pk")[0]
    answer: HttpResponse = perform_login(request, person, redirect_url=pages.next_address(first))
    return answer


def _typed_before(sign_up: SignUp | None) -> dict[str, str]:
    """Return what the page shows when a person comes back to it. A password is typed again."""
    if sign_up is None:
        return {"key": accounts.new_key()}
    return {"key": accounts.new_key(), "company": sign_up.company, "email": sign_up.email}


def _key_of(posted: str) -> str:
    """Return the page's own key, so that a double click asks once; a new one for a key that is used up or none."""
    known = SignUp.objects.filter(key=posted).exclude(person=None).exists()
    return posted if len(posted) == len(accounts.new_key()) and not known else accounts.new_key()


def _may_ask(request: HttpRequest, email: str) -> bool:
    return bool(consume(request, action="sign_up") and consume(request, action="sign_up_mail", key=email.lower()))


def _mail_again(request: HttpRequest, sign_up: SignUp) -> str:
    if not consume(request, action="sign_up_mail", key=sign_up.email):
        return str(TOO_MANY)
    left = accounts.mail_code(sign_up.pk)
    sign_up.refresh_from_db()
    return _("A new code is on its way. The one before counts no more.") if left else ""


def _why(verdict: Verdict) -> str:
    if verdict.outcome == Outcome.WRONG:
        left = ngettext("%(left)s try is left.", "%(left)s tries are left.", verdict.left) % {"left": verdict.left}
        return _("This is not the code of the last mail, which has six digits, such as 493 027.") + f" {left}"
    if verdict.outcome == Outcome.SPENT:
        return _("No try is left for this code. Press the button for a new one.")
    if verdict.outcome == Outcome.CLOSED:
        return _("New organisations come by invitation here since a short while. Ask who runs this portal.")
    return _("This code is too old. Press the button for a new one.")


def _state(form: forms.Form) -> str:
    return "trouble" if form.is_bound and form.errors else "todo"
