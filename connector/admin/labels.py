"""Coloured words: a state, a mode."""

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from connector.models.credentials import Health

HEALTH_COLOURS = {Health.ACTIVE.value: "success", Health.RECONNECT.value: "danger"}


def label(value: str, text: str, colours: Mapping[str, str]) -> SafeString:
    """Write a value's text in the colour of the value; grey when it has none. For lists and for pages."""
    return render_to_string("unfold/helpers/label.html", {"text": text, "type": colours.get(value, "")})
