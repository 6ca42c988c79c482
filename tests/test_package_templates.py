"""The templates of packages lose their indentation, and nothing else."""

from pathlib import Path

import pytest
from django.template import Engine

from config import package_templates
from config.package_templates import PackageTemplates

TRANSLATED = "{% blocktranslate %}\n    Two\n    lines\n{% endblocktranslate %}"


@pytest.fixture
def loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackageTemplates:
    """A loader of the templates of one folder."""
    monkeypatch.setattr(package_templates.PackageTemplates, "get_dirs", lambda self: [tmp_path])
    return PackageTemplates(Engine())


@pytest.mark.parametrize(
    ("name", "text", "loaded"),
    [
        ("page.html", "<p>\n\n      a  b\n  </p>\n", "<p>\na  b\n</p>\n"),
        ("page.html", f"<p>\n    {TRANSLATED}\n  </p>", f"<p>\n{TRANSLATED}\n</p>"),
        ("mail.txt", "Hello\n\n  you\n", "Hello\n\n  you\n"),
    ],
)
def test_a_template_is_loaded(loader: PackageTemplates, tmp_path: Path, name: str, text: str, loaded: str) -> None:
    (tmp_path / name).write_text(text)
    (origin,) = loader.get_template_sources(name)
    assert loader.get_contents(origin) == loaded
