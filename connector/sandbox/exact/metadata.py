"""Exact Online's entities: their properties, with types and verbs (metadata.json).

Condensed from the public REST reference: endpoint -> property -> [Edm type, verbs, mandatory, filterable].
Verbs are G (GET), P (POST), U (PUT). Where the reference has no reliable filter list, every scalar counts as
filterable.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    type: str
    verbs: str
    required: bool
    filterable: bool

    @property
    def is_collection(self) -> bool:
        return self.type.startswith("Collection")


@dataclass(frozen=True, slots=True)
class Entity:
    """One endpoint: `model` is the type name in __metadata, `methods` the verbs that this fake answers."""

    endpoint: str
    model: str
    key: str
    methods: str
    properties: dict[str, Property]
    page_size: int = 60

    @property
    def key_is_guid(self) -> bool:
        return self.properties[self.key].type == "Guid"


def _load() -> dict[str, Entity]:
    raw = json.loads(Path(__file__).with_name("metadata.json").read_text("utf-8"))
    entities = {
        endpoint: Entity(
            endpoint,
            entry["model"],
            entry["key"],
            entry["methods"],
            {
                name: Property(name, type_, verbs, bool(required), bool(filterable))
                for name, (type_, verbs, required, filterable) in entry["properties"].items()
            },
        )
        for endpoint, entry in raw.items()
    }
    entities[SYNC_ACCOUNTS] = _sync_twin(entities["crm/Accounts"])
    return entities


def _sync_twin(entity: Entity) -> Entity:
    """The sync endpoint: read only, filtered by Timestamp alone, 1000 a page."""
    properties = {name: replace(one, filterable=False) for name, one in entity.properties.items()}
    properties["Timestamp"] = Property("Timestamp", "Int64", "G", required=False, filterable=True)
    model = entity.model.replace("Models.", "Models.Sync.")
    return Entity(SYNC_ACCOUNTS, model, entity.key, "G", properties, page_size=1000)


SYNC_ACCOUNTS, DELETED = "sync/CRM/Accounts", "sync/Deleted"
# They are in the order of their timestamps, a thousand a page.
SYNC = {SYNC_ACCOUNTS, DELETED}
ENTITIES = _load()
