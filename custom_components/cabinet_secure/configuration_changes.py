"""What was changed in the set-up of a practice, and by whom, without any secret."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from homeassistant.auth.models import User
from homeassistant.components.websocket_api.connection import current_connection
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback
from homeassistant.helpers.http import current_request

from .const import CONF_MAY_MANAGE, CONF_MAY_OPEN, CONF_MAY_OVERRIDE, CONF_ON_CALL
from .practice.people import Actor, ActorKind

# Lists of identifiers of users: who was given a role, or had it taken away, is on record.
_ROLES = frozenset({CONF_MAY_MANAGE, CONF_MAY_OPEN, CONF_MAY_OVERRIDE, CONF_ON_CALL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The set-up of a practice at one time: its own, and that of its equipment."""

    practice: Mapping[str, Any]
    equipment: Mapping[str, tuple[str, Mapping[str, Any]]]

    @classmethod
    def of(cls, entry: ConfigEntry) -> Self:
        """Return the set-up of now."""
        return cls(
            practice={"title": entry.title, **entry.data, **entry.options},
            equipment={
                subentry_id: (subentry.title, dict(subentry.data))
                for subentry_id, subentry in entry.subentries.items()
            },
        )

    def changes_since(
        self, before: Configuration
    ) -> Iterator[tuple[str | None, dict[str, Any]]]:
        """Yield what differs: of which equipment (None: the practice), and what."""
        if changed := _changes(before.practice, self.practice):
            yield None, {"changed": changed}
        for subentry_id in before.equipment.keys() - self.equipment.keys():
            yield before.equipment[subentry_id][0], {"removed": True}
        for subentry_id, (title, data) in self.equipment.items():
            if subentry_id not in before.equipment:
                yield title, {"added": True}
                continue
            former_title, former = before.equipment[subentry_id]
            if changed := _changes(
                {"title": former_title, **former}, {"title": title, **data}
            ):
                yield title, {"changed": changed}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _change(key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    }


def _change(key: str, before: Any, after: Any) -> dict[str, Any]:
    """Return how a value differs. Texts are left out: they may be addresses or secrets."""
    if key in _ROLES:
        had, has = set(before or ()), set(after or ())
        return {"added": sorted(has - had), "removed": sorted(had - has)}
    told = {"from": before, "to": after}
    return {
        name: value
        for name, value in told.items()
        if isinstance(value, bool | int | float)
    }


@callback
def async_person_at_work() -> Actor | None:
    """Return whose request is being carried out, or None where nobody can be told."""
    user: User | None = None
    if connection := current_connection.get():
        user = connection.user
    elif request := current_request.get():
        user = request.get("hass_user")
    if user is None:
        return None
    return Actor(kind=ActorKind.USER, id=user.id, name=user.name or user.id)
