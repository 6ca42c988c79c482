"""The addresses of the landing page and of Get started."""

from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [
    path("", TemplateView.as_view(template_name="onboarding/landing.html"), name="home"),
]
