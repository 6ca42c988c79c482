"""Brings the texts of each language up to date: `make languages`, with `ARGS=de` to begin German.

Texts that are new wait for a translation, those that are gone are removed, and the .mo is made.
"""

import sys
from pathlib import Path

import django
from django.conf import settings

from tests.languages.catalogue import HEADER, compiled, read_po, write_po
from tests.languages.extract import messages


def bring_up_to_date(path: Path) -> int:
    """Bring one language up to date. Returns how many texts wait for a translation."""
    places, known = messages(), read_po(path)
    texts = {HEADER: known[HEADER]} | {each: known.get(each, ("",) * len(each)) for each in places}
    write_po(path, texts, places)
    path.with_suffix(".mo").write_bytes(compiled(texts))
    return sum(not all(each) for each in texts.values())


def main(new: list[str]) -> None:
    """Do it for all languages and for the new ones."""
    folder = Path(settings.LOCALE_PATHS[0])
    for language in sorted({path.name for path in folder.iterdir()} | set(new)):
        waiting = bring_up_to_date(folder / language / "LC_MESSAGES" / "django.po")
        sys.stdout.write(f"{language}: {waiting} texts wait for a translation\n")


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1:])
