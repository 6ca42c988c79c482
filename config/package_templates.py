"""Loads the templates of packages without their indentation, which is a third of each page of the portal."""

import re

from django.template.base import Origin
from django.template.loaders.app_directories import Loader

# A line's end with the next one's indentation. What is to be translated is found by its text, so it stays as it is.
_KEPT_OR_INDENT = re.compile(r"({%\s*blocktrans.*?{%\s*endblocktrans)|\n\s+", re.DOTALL)


class PackageTemplates(Loader):
    """Finds the templates of installed apps, as Django's own loader does."""

    def get_contents(self, origin: Origin) -> str:
        """Return a template's text. A mail's is as it was written."""
        text = super().get_contents(origin)
        return text if not origin.name.endswith(".html") else _KEPT_OR_INDENT.sub(_lean, text)


def _lean(found: re.Match[str]) -> str:
    return found[1] or "\n"
