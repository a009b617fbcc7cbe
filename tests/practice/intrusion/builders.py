"""A practice with an alarm: a door to come in by, a way, a window, a room, a store."""

from datetime import timedelta
from typing import Any

from custom_components.cabinet_secure.practice.effects import Effect
from custom_components.cabinet_secure.practice.intrusion.config import (
    IntrusionConfig,
    SensorConfig,
    SensorRole,
)
from custom_components.cabinet_secure.practice.intrusion.effects import (
    AnnounceIntrusion,
    IntrusionEvent,
)
from custom_components.cabinet_secure.practice.intrusion.events import (
    ArmRequested,
    CodeHolder,
    CodePresented,
    DisarmRequested,
    SensorLost,
    SensorRestored,
    SensorTripped,
    TriggerRequested,
)
from custom_components.cabinet_secure.practice.intrusion.state import (
    AlarmPhase,
    ArmMode,
    IntrusionState,
)
from custom_components.cabinet_secure.practice.people import Actor

from ..builders import ENTRANCE, SECRETARY, Story

DOOR, HALL, WINDOW, ROOM, STORE = "door", "hall", "window", "room", "store"
SENSORS = {
    DOOR: SensorConfig(role=SensorRole.ENTRY, door=ENTRANCE),
    HALL: SensorConfig(role=SensorRole.ROUTE, momentary=True),
    WINDOW: SensorConfig(role=SensorRole.PERIMETER, may_be_bypassed=True),
    ROOM: SensorConfig(role=SensorRole.INTERIOR, momentary=True),
    STORE: SensorConfig(role=SensorRole.ALWAYS),
}
ALARM = IntrusionConfig(sensors=SENSORS)
LOCUM = CodeHolder(label="Locum", person="locum")


class AlarmStory(Story):
    """A practice whose sensors all tell that nothing is the matter."""

    def __init__(self, **settings: Any) -> None:
        config = settings.pop("intrusion", ALARM)
        super().__init__(intrusion=config, **settings)
        self.look_around()

    def look_around(self, *tripped: str) -> None:
        """Have every sensor tell how it is, as it does after a restart."""
        for sensor in self.config.intrusion.sensors:
            if sensor in tripped:
                self.trip(sensor)
            else:
                self.restore_sensor(sensor)

    def trip(self, sensor: str) -> list[Effect]:
        return self.hear(SensorTripped(sensor=sensor))

    def restore_sensor(self, sensor: str) -> list[Effect]:
        return self.hear(SensorRestored(sensor=sensor))

    def lose_sensor(self, sensor: str) -> list[Effect]:
        return self.hear(SensorLost(sensor=sensor))

    def arm(
        self,
        actor: Actor = SECRETARY,
        mode: ArmMode = ArmMode.AWAY,
        *,
        bypass: bool = False,
    ) -> list[Effect]:
        return self.hear(ArmRequested(actor=actor, mode=mode, bypass=bypass))

    def disarm(self, actor: Actor = SECRETARY) -> list[Effect]:
        return self.hear(DisarmRequested(actor=actor))

    def report_intrusion(self, actor: Actor) -> list[Effect]:
        return self.hear(TriggerRequested(actor=actor))

    def enter_code(
        self,
        actor: Actor,
        holder: CodeHolder | None,
        wish: ArmRequested | DisarmRequested | None = None,
    ) -> list[Effect]:
        return self.hear(
            CodePresented(
                actor=actor,
                source=actor.id or actor.kind,
                holder=holder,
                wish=wish or DisarmRequested(actor=actor),
            )
        )

    def leave(self) -> None:
        """Arm with nobody inside, and wait until it is."""
        self.arm()
        self.tick(60)
        assert self.alarm.phase is AlarmPhase.ARMED

    @property
    def alarm(self) -> IntrusionState:
        return self.state.intrusion

    @property
    def phase(self) -> AlarmPhase:
        return self.state.intrusion.phase

    @property
    def announced(self) -> list[AnnounceIntrusion]:
        return self.done(AnnounceIntrusion)

    @property
    def alarm_events(self) -> list[IntrusionEvent]:
        return [each.event for each in self.announced]


def delays(**seconds: float) -> dict[str, timedelta]:
    """Return times of the alarm."""
    return {name: timedelta(seconds=each) for name, each in seconds.items()}
