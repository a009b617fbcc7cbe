"""Triggers: what the practice announces, for automations."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Final, override

from homeassistant.const import CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .announcements import (
    SIGNAL_ANNOUNCEMENT,
    Announcement,
    door_payload,
    equipment_payload,
    hours_payload,
    intrusion_payload,
    mode_payload,
    ring_payload,
)
from .const import CONF_DOOR, CONF_DRILL, CONF_EVENTS, CONF_KIND
from .grants_view import grant_payload
from .panic_announcements import panic_payload
from .practice.effects import (
    AnnounceDoor,
    AnnounceEquipment,
    AnnounceMode,
    AnnounceRing,
    DoorEventKind,
    Effect,
    EquipmentEventKind,
    RingEvent,
)
from .practice.grants.effects import AnnounceGrant, GrantEvent
from .practice.hours.effects import AnnounceHours, HoursEventKind
from .practice.intrusion.effects import AnnounceIntrusion, IntrusionEvent
from .practice.panic.effects import AnnouncePanic, PanicEvent
from .practice.panic.state import PanicKind

# What happens at a door while all is well is told by its `access` entity.
DOOR_EVENTS: Final = (
    DoorEventKind.FORCED,
    DoorEventKind.HELD_OPEN,
    DoorEventKind.CLOSED,
    DoorEventKind.OPEN_FAILED,
    DoorEventKind.OPENED_LATE,
    DoorEventKind.TAMPERED,
    DoorEventKind.OPENED,
    DoorEventKind.DENIED_REPEATEDLY,
)


def _events(kinds: Iterable[str]) -> dict[vol.Marker, Any]:
    """Return the option that filters on what happened; without it, everything does."""
    names = [str(kind) for kind in kinds]
    return {
        vol.Optional(CONF_EVENTS, default=names): vol.All(
            cv.ensure_list, vol.Length(min=1), [vol.In(names)]
        )
    }


_DOOR: Final[dict[vol.Marker, Any]] = {
    vol.Optional(CONF_DOOR, default=list): vol.All(cv.ensure_list, [cv.string])
}


class PracticeTrigger(Trigger):
    """Fires on what a practice announces; its payload is `trigger.<name>`."""

    name: ClassVar[str]
    effect: ClassVar[type[Effect]]
    payload: ClassVar[Callable[..., dict[str, Any]]]
    options: ClassVar[dict[vol.Marker, Any]]

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        schema = vol.Schema({vol.Required(CONF_OPTIONS, default=dict): cls.options})
        validated: ConfigType = schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Remember the filters."""
        super().__init__(hass, config)
        options = config.options or {}
        self._events = frozenset(options.get(CONF_EVENTS, ()))
        self._doors = frozenset(options.get(CONF_DOOR, ()))
        self._kinds = frozenset(options.get(CONF_KIND, ()))
        self._drills: bool = options.get(CONF_DRILL, False)

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        cls = type(self)

        @callback
        def announced(announcement: Announcement) -> None:
            if not isinstance(announcement.effect, cls.effect):
                return
            payload = cls.payload(announcement.coordinator, announcement.effect)
            if not self._concerns(payload):
                return
            run_action({cls.name: payload}, f"{cls.name} of {payload['practice']}")

        return async_dispatcher_connect(self._hass, SIGNAL_ANNOUNCEMENT, announced)

    def _concerns(self, payload: dict[str, Any]) -> bool:
        """Whether the options let this through."""
        return (
            (not self._events or payload["event"] in self._events)
            and (not self._doors or payload["door"] in self._doors)
            and (not self._kinds or payload["kind"] in self._kinds)
            and (self._drills or not payload.get("drill"))
        )


class RingTrigger(PracticeTrigger):
    """Something happened to a ring."""

    name = "ring"
    effect = AnnounceRing
    payload = staticmethod(ring_payload)
    options = _events(RingEvent) | _DOOR


class DoorTrigger(PracticeTrigger):
    """Something happened at a door."""

    name = "door"
    effect = AnnounceDoor
    payload = staticmethod(door_payload)
    options = _events(DOOR_EVENTS) | _DOOR


class ModeChangedTrigger(PracticeTrigger):
    """The mode of the practice changed."""

    name = "mode"
    effect = AnnounceMode
    payload = staticmethod(mode_payload)
    options: ClassVar[dict[vol.Marker, Any]] = {}


class HoursTrigger(PracticeTrigger):
    """Nobody came to open, or the hours were changed by way of exception."""

    name = "hours"
    effect = AnnounceHours
    payload = staticmethod(hours_payload)
    options = _events(HoursEventKind)


class EquipmentTrigger(PracticeTrigger):
    """Equipment was lost, is back, or has a fault."""

    name = "equipment"
    effect = AnnounceEquipment
    payload = staticmethod(equipment_payload)
    options = _events(EquipmentEventKind)


class PanicTrigger(PracticeTrigger):
    """Something happened to a panic. Drills concern only who asks for them."""

    name = "panic"
    effect = AnnouncePanic
    payload = staticmethod(panic_payload)
    options = _events(PanicEvent) | {
        vol.Optional(CONF_KIND, default=list): vol.All(
            cv.ensure_list, [vol.In([kind.value for kind in PanicKind])]
        ),
        vol.Optional(CONF_DRILL, default=False): cv.boolean,
    }


class IntrusionTrigger(PracticeTrigger):
    """Something happened to the alarm."""

    name = "intrusion"
    effect = AnnounceIntrusion
    payload = staticmethod(intrusion_payload)
    options = _events(IntrusionEvent)


class GrantTrigger(PracticeTrigger):
    """Something happened to a grant."""

    name = "grant"
    effect = AnnounceGrant
    payload = staticmethod(grant_payload)
    options = _events(GrantEvent)


TRIGGERS: dict[str, type[Trigger]] = {
    "door": DoorTrigger,
    "equipment": EquipmentTrigger,
    "hours": HoursTrigger,
    "intrusion": IntrusionTrigger,
    "grant": GrantTrigger,
    "mode_changed": ModeChangedTrigger,
    "panic": PanicTrigger,
    "ring": RingTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of practices."""
    return TRIGGERS
