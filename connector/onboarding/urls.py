"""The addresses of the landing page and of Get started."""

from django.urls import path
from django.views.generic import TemplateView

from connector.onboarding import pages

urlpatterns = [
    path("", TemplateView.as_view(template_name="onboarding/landing.html"), name="home"),
    *(path(f"get-started/{step}/", pages.step_view, {"step": step}, name="get-started-step") for step in pages.PAGES),
]
