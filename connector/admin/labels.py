"""Coloured words for states and modes."""

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from connector.models.credentials import Health

HEALTH_COLOURS = {Health.ACTIVE.value: "success", Health.RECONNECT.value: "danger"}


def label(value: str, text: str, colours: Mapping[str, str]) -> SafeString:
    """Return the text in the colour of its value; grey when the value has no colour."""
    return render_to_string("unfold/helpers/label.html", {"text": text, "type": colours.get(value, "")})
