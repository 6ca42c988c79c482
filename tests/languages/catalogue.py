"""Reads and writes the texts of a language: django.po for people, django.mo for the program."""

import ast
import re
import struct
from collections.abc import Iterator, Mapping
from gettext import GNUTranslations
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

Message: TypeAlias = tuple[str, ...]
"""A text, or a text for one with the text for several."""

Texts: TypeAlias = Mapping[Message, Message]
"""The translation of each text, of one with a plural all its forms; of one that waits for a translation empty texts."""

HEADER: Message = ("",)
_NEW_HEADER = (
    "Language: {language}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
)
_LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr)(?:\[\d\])? )?(".*")')


def read_po(path: Path) -> dict[Message, Message]:
    """Return the texts of a file, with its header; those of a new language where there is no file yet."""
    if not path.exists():
        return {HEADER: (_NEW_HEADER.format(language=path.parts[-3]),)}
    found: dict[Message, Message] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        english: list[str] = []
        translated: list[str] = []
        for line in filter(None, map(_LINE.fullmatch, block.splitlines())):
            into = translated if line[1] == "msgstr" or (line[1] is None and translated) else english
            if line[1]:
                into.append("")
            into[-1] += ast.literal_eval(line[2])
        if english:
            found[tuple(english)] = tuple(translated)
    return found


def write_po(path: Path, texts: Texts, places: Mapping[Message, str]) -> None:
    """Write the texts in the order of the alphabet, so that two people's changes seldom meet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = ["\n".join(_block(each, texts[each], places.get(each, ""))) for each in sorted(texts)]
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _block(english: Message, translated: Message, place: str) -> Iterator[str]:
    if place:
        yield f"#: {place}"
    yield f"msgid {_quoted(english[0])}"
    if len(english) == 1:
        yield f"msgstr {_quoted(translated[0])}"
        return
    yield f"msgid_plural {_quoted(english[1])}"
    for number, form in enumerate(translated):
        yield f"msgstr[{number}] {_quoted(form)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    if "\n" not in escaped.rstrip("\n"):
        return '"{}"'.format(escaped.replace("\n", "\\n"))
    lines = [line.replace("\n", "\\n") for line in escaped.splitlines(keepends=True)]
    return "\n".join(['""', *(f'"{line}"' for line in lines)])


def compiled(texts: Texts) -> bytes:
    """Return the bytes of the .mo: the texts that are translated, as gettext reads them."""
    done = {"\0".join(each).encode(): "\0".join(texts[each]).encode() for each in texts if all(texts[each])}
    ids = sorted(done)
    start = 28 + 16 * len(ids)
    tables: list[list[int]] = [[], []]
    body = b""
    for table, strings in zip(tables, (ids, [done[each] for each in ids]), strict=True):
        for string in strings:
            table += [len(string), start + len(body)]
            body += string + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(ids), 28, 28 + 8 * len(ids), 0, start)
    return head + struct.pack(f"<{4 * len(ids)}I", *tables[0], *tables[1]) + body


def texts_of(file: BinaryIO) -> dict[Any, str]:
    """Return the texts of a .mo by their English, those with a plural by the English and the number of the form."""
    catalogue: dict[Any, str] = vars(GNUTranslations(file))["_catalog"]
    return catalogue
