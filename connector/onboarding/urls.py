"""The addresses of the landing page and of Get started."""

from django.urls import path
from django.views.generic import TemplateView

from connector.onboarding import pages, sign_up

urlpatterns = [
    path("", TemplateView.as_view(template_name="onboarding/landing.html"), name="home"),
    path("get-started/", sign_up.sign_up, name="get-started"),
    path("get-started/verify/", sign_up.check_code, name="get-started-verify"),
    *(path(f"get-started/{step}/", pages.step_view, {"step": step}, name="get-started-step") for step in pages.PAGES),
]
