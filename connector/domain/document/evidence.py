"""The file of evidence: parts in one archive whose bytes follow from the parts alone, and the check of such a file.

The same parts make the same file. So a check makes the file again from its parts, and finds each byte that differs,
also one that no part has.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from connector.domain.document import chain, taken_out
from connector.domain.document.taken_out import TakenOut

MANIFEST, DELIVERIES, PAGE = "manifest.json", "deliveries.json", "index.html"
OF_A_DOCUMENT = ("document", "order_data", "draft", "exact_data", "rules", "history", "chain")
EXPIRES = frozenset({"order_data"})  # of the parts whose hash the chain has
# What says in a document's part which one it is, in the sequence of the chain.
NAMED = ("id", "order_id", "kind", "sequence", "division")
RULES = ("version", "mapping", "vat", "payment")
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first that the archive's format has
_BOMB = 256 * 1024 * 1024


class NotEvidence(Exception):
    """The file differs from what was written. `part` names the part; the message says how."""

    def __init__(self, part: str, text: str) -> None:
        super().__init__(text)
        self.part = part


def as_json(value: object) -> bytes:
    """Return a part: JSON that a person can read, with its keys in order."""
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def pack(about: Mapping[str, Any], parts: Mapping[str, bytes]) -> bytes:
    """Return the file. The manifest says what it is about, and has the hash of every part."""
    hashes = {name: chain.digest_of_bytes(body) for name, body in parts.items()}
    said = {"format": chain.FORMAT, "about": about, "parts": hashes}
    manifest = as_json({**said, "hash": chain.digest(said)})
    return _archive({**parts, MANIFEST: manifest})


def check(file: bytes) -> dict[str, Any]:
    """Return the manifest of a file in which nothing was changed. Raises NotEvidence."""
    parts = _read(file)
    manifest = _manifest(parts)
    for name, digest in manifest["parts"].items():
        if name not in parts:
            raise NotEvidence(name, "the part is missing")
        if chain.digest_of_bytes(parts[name]) != digest:
            raise NotEvidence(name, "the part is not as it was written")
    for name in parts.keys() - manifest["parts"].keys() - {MANIFEST}:
        raise NotEvidence(name, "the part was added")
    for name in _folders(manifest["about"], parts):
        _check_document(name, json.loads(parts[f"{name}chain.json"]), parts)
    if _archive(parts) != file:
        raise NotEvidence("the archive", "it has bytes that are of no part")
    return manifest


def _archive(parts: Mapping[str, bytes]) -> bytes:
    """Return the archive: parts by name, stored as they are, without a moment or a machine in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, parts[name])
    return file.getvalue()


def _read(file: bytes) -> dict[str, bytes]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(file))
    except Exception as error:  # zipfile raises errors of many kinds for a file that was changed
        raise NotEvidence("the archive", "it cannot be read") from error
    with archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > _BOMB:
            raise NotEvidence("the archive", "it is larger than any evidence")
        return {entry.filename: _part(archive, entry) for entry in entries}


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(entry)
    except Exception as error:  # as above
        raise NotEvidence(entry.filename, "the part is not as it was written") from error


def _manifest(parts: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(parts[MANIFEST])
        said = {name: manifest[name] for name in ("format", "about", "parts")}
        known = manifest["hash"] == chain.digest(said) and as_json(manifest) == parts[MANIFEST]
    except Exception as error:  # whatever a changed byte leads to
        raise NotEvidence(MANIFEST, "the part cannot be read") from error
    if not known:
        raise NotEvidence(MANIFEST, "the part is not as it was written")
    return manifest


def _folders(about: Mapping[str, Any], parts: Mapping[str, bytes]) -> list[str]:
    """Return the folders of the documents that the file is about. Each has every part, and there is no other part.

    Raises NotEvidence.
    """
    folders = {f"documents/{name}/": name for name in about.get("documents", ())}
    wanted = {MANIFEST, DELIVERIES, PAGE, *(f"{folder}{part}.json" for folder in folders for part in OF_A_DOCUMENT)}
    for name in sorted(wanted ^ parts.keys()):
        raise NotEvidence(name, "the part is missing" if name in wanted else "the part is of no document of the file")
    if not folders:
        raise NotEvidence(MANIFEST, "it is about no document")
    for folder, name in folders.items():
        document = json.loads(parts[f"{folder}document.json"])
        named = "-".join(str(document.get(part)) for part in ("store", "division", "kind", "sequence"))
        if named != name or document.get("order_id") != about.get("order"):
            raise NotEvidence(MANIFEST, "it is about another document than the part says")
    return list(folders)


def _check_document(folder: str, entries: list[dict[str, Any]], parts: Mapping[str, bytes]) -> None:
    """Hold the parts of a document against its entries of the chain. Raises NotEvidence."""
    taken = TakenOut.of(each["content"]["data"] for each in entries if each["content"]["kind"] == taken_out.KIND)
    document = json.loads(parts[f"{folder}document.json"])
    for text in _not_following(entries, taken):
        raise NotEvidence(f"{folder}chain.json", text)
    for text in _row_differing(entries, document):
        raise NotEvidence(f"{folder}document.json", text)
    _check_deliveries(entries, document.get("expired_before", {}).get("deliveries", ""), taken, parts)
    sealed = _last_said(entries, "hashes")
    for name in sealed.keys() - {"delivery"}:
        kept = json.loads(parts[f"{folder}{name}.json"])
        if name in document["expired"] and is_reduced(name, kept):
            continue
        if name == "rules" and kept is not None:  # the note of a version is no rule
            kept = {part: kept[part] for part in RULES}
        if sealed[name] != (None if kept is None else chain.digest(kept)):
            raise NotEvidence(f"{folder}{name}.json", "the part is not what the chain says")
    history = json.loads(parts[f"{folder}history.json"])
    for text in (*_lines_differing(entries, history, document["expired"], taken), *_added(entries, history)):
        raise NotEvidence(f"{folder}history.json", text)


def is_reduced(part: str, kept: object) -> bool:
    """Whether it is the copy of an order, which may expire, and nothing of it, or nothing but the refund, is left."""
    return part in EXPIRES and (kept is None or (isinstance(kept, dict) and kept.keys() <= {"refund"}))


def _not_following(entries: list[dict[str, Any]], taken: TakenOut) -> Iterator[str]:
    before: dict[str, Any] | None = None
    for entry in entries:
        content, number = entry["content"], entry["content"]["number"]
        follows = before is None or before["content"]["number"] + 1 != number or before["hash"] == entry["previous"]
        written = chain.chained(entry["previous"], content) == entry["hash"] or taken.has(number, 0, content)
        if not follows or not written:
            yield f"entry {number} is not as it was written"
        before = entry


def _row_differing(entries: list[dict[str, Any]], document: dict[str, Any]) -> Iterator[str]:
    for entry in entries[-1:]:
        if not chain.is_of(entry["content"]["seal"]["document"], [document[name] for name in NAMED]):
            yield "it is another document than the chain says"
    for name, value in _last_said(entries, "said").items():
        if name in document and document[name] != value:
            yield f"{name} is not what the chain says"


def _last_said(entries: list[dict[str, Any]], what: str) -> dict[str, Any]:
    """Return the last that the entries say of each column, or of its hash."""
    found: dict[str, Any] = {}
    for entry in entries:
        found |= entry["content"]["seal"][what]
    return found


def _check_deliveries(entries: list[dict[str, Any]], gone: str, taken: TakenOut, parts: Mapping[str, bytes]) -> None:
    """Look whether each delivery that an entry names is there as it came, unless it came before `gone`. Raises
    NotEvidence."""
    kept = json.loads(parts[DELIVERIES])
    there = {chain.delivery(each["received_at"], [each[name] for name in chain.DELIVERY]) for each in kept}
    for entry in entries:
        name = entry["content"]["seal"]["hashes"].get("delivery")
        received = str(name).partition(" ")[0]
        if name and taken.since(name) not in there and received >= gone:
            raise NotEvidence(DELIVERIES, f"the delivery of {received} is not what the chain says")


def _lines_differing(
    entries: list[dict[str, Any]], history: list[dict[str, Any]], expired: list[str], taken: TakenOut
) -> Iterator[str]:
    lines = {(line["number"], line["place"]): line for line in history if line["number"] is not None}
    for entry in entries:
        number = entry["content"]["number"]
        if not _is_shown(entry["content"], lines.get((number, 0))):
            yield f"entry {number} is not as the chain has it"
        for place, (kind, _at, digest) in enumerate(entry["content"]["seal"]["lines"], 1):
            line = lines.get((number, place))
            if line is None:
                if kind != "call" or "calls" not in expired:
                    yield f"line {place} of entry {number} is missing"
            elif not _is_as_written(line, digest, taken):
                yield f"line {place} of entry {number} is not as it was written"
            else:
                yield from _bodies_differing(line)


def _added(entries: list[dict[str, Any]], history: list[dict[str, Any]]) -> Iterator[str]:
    """Find lines that no entry covers. Calls might stand in none, until entries named the division."""
    covered = {
        (entry["content"]["number"], place)
        for entry in entries
        for place in range(len(entry["content"]["seal"]["lines"]) + 1)
    }
    whole = [entry["content"]["number"] for entry in entries if len(entry["content"]["seal"]["document"]) > 4]
    begun = calls_too = False
    for line in history:
        if line["number"] is None:
            added = calls_too or (begun and line["kind"] != "call")
        else:
            added = (line["number"], line["place"]) not in covered
            begun, calls_too = True, calls_too or (bool(whole) and line["number"] >= whole[0])
        if added:
            yield f"a line of {line['at']} stands in no entry of the chain"


def _is_shown(content: dict[str, Any], line: dict[str, Any] | None) -> bool:
    """Whether the history has an entry as the chain has it, and with who did it."""
    if line is None or line["who"] != content["seal"]["who"]:
        return False
    return all(line[name] == content[name] for name in ("kind", "at", "text", "data"))


def _is_as_written(line: dict[str, Any], digest: str, taken: TakenOut) -> bool:
    content = {name: line[name] for name in ("kind", "at", "text", "data")}
    return chain.digest(content) == digest or taken.has(line["number"], line["place"], content)


def _bodies_differing(line: dict[str, Any]) -> Iterator[str]:
    for name in ("sent", "answered"):
        if line[name] and chain.digest_of_text(line[name]) != line["data"].get(name):
            yield f"what was {name} in line {line['place']} of entry {line['number']} is not as it was"
