"""The page on which a person chooses the language of pages and mails."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from tenants.languages import known
from tenants.models import User

if TYPE_CHECKING:  # generic for the type checker only
    UserForm = ModelForm[User]
else:
    UserForm = ModelForm


class LanguageForm(UserForm):
    """Asks for a language, each by its own name."""

    class Meta:
        model = User
        fields = ("language",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = ChoiceField(
            label=_("Language"),
            choices=[("", _("The browser's language")), *settings.LANGUAGES],
            required=False,
            help_text=_("Of the pages, and of the mails that you get."),
        )


@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Show the form, or keep the choice and show the page in the language that was chosen."""
    assert isinstance(request.user, User)
    form = LanguageForm(request.POST if request.method == "POST" else None, instance=request.user)
    if not form.is_valid():
        return render(request, "account/language.html", {"form": form})
    person = form.save()
    with override(known(person.language) or get_language()):
        messages.success(request, _("The language is kept."))
    return redirect("account_language")
