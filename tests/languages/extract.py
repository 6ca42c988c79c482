"""Finds the texts that gettext is asked for, in code and templates. It needs no program but Python."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import django
import unfold
from django.apps import apps
from django.conf import settings
from django.utils.translation import override, templatize

from tenants.column_words import names_of
from tests.languages.catalogue import Message, texts_of
from tests.test_words import GETTEXT

ROOT = Path(settings.BASE_DIR)
OURS = ("config", "connector", "tenants", "templates")
COMMANDS = ROOT / "connector/management"  # what a shell says is English, for scripts and for who helps from afar
UNFOLD = Path(unfold.__file__).parent  # it has no languages of its own
_LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(?:_|gettext|ngettext)\({_LITERAL}(?:,\s*{_LITERAL})?")


def in_python(source: str) -> Iterator[Message]:
    """Yield the texts of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in GETTEXT:
            several = ast.unparse(node.func).startswith("ngettext")
            texts = [arg.value for arg in node.args[: 2 if several else 1] if isinstance(arg, ast.Constant)]
            if texts and all(isinstance(text, str) and text for text in texts):
                yield tuple(map(str, texts))


def in_template(source: str) -> Iterator[Message]:
    """Yield the texts of a template."""
    for found in _IN_TEMPLATE.finditer(templatize(source)):
        yield tuple(ast.literal_eval(text) for text in found.groups() if text)


def _in_files(paths: Iterable[Path]) -> dict[Message, str]:
    found: dict[Message, str] = {}
    for path in sorted(paths):
        source = path.read_text(encoding="utf-8")
        for message in in_python(source) if path.suffix == ".py" else in_template(source):
            found.setdefault(message, path.name)
    return found


def _sources(folder: Path) -> Iterator[Path]:
    for ending in ("*.py", "*.html", "*.txt"):
        yield from (path for path in folder.rglob(ending) if "migrations" not in path.parts)


def _of_tables() -> dict[Message, str]:
    """Return the names of our tables and columns that follow from the code's own."""
    found: dict[Message, str] = {}
    for app in ("connector", "tenants"):
        for model in apps.get_app_config(app).get_models():
            for place, name in names_of(model):
                with override(None):
                    found.setdefault((str(getattr(place, name)),), f"table {model.__name__}")
    return found


@cache
def messages() -> dict[Message, str]:
    """Return each text with the name of the first file that has it: ours, and Unfold's that Django does not have."""
    ours = _in_files(path for folder in OURS for path in _sources(ROOT / folder) if COMMANDS not in path.parents)
    theirs = {each: name for each, name in _in_files(_sources(UNFOLD)).items() if each not in of_django()}
    return {each: f"unfold, {name}" for each, name in theirs.items()} | _of_tables() | ours


@cache
def of_django() -> frozenset[Message]:
    """Return the texts that Django has in Dutch, and so in the languages of about that many people."""
    found: set[Message] = set()
    for path in Path(django.__file__).parent.rglob("locale/nl/LC_MESSAGES/django.mo"):
        with path.open("rb") as file:
            found |= {(english,) for english in texts_of(file) if isinstance(english, str)}
    return frozenset(found)
