"""What the practice was told when it was set up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from .cameras.config import CameraConfig
from .door_watch.config import DoorWatchConfig
from .grants.config import GrantsConfig
from .hours.config import Hours
from .intrusion.config import IntrusionConfig
from .panic.config import PanicConfig
from .people import Actor, ActorKind, Person
from .sirens.config import SirenConfig

# A strike has to report within this time, and a release that is decided goes out within
# it. A door station tells within a second; the rest is for a slow network.
STRIKE_REPORTS_WITHIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorConfig:
    """A door: which equipment drives it, and what that equipment can prove."""

    name: str
    equipment: str
    has_contact: bool = False
    # How long the strike stays released after a pulse.
    strike_time: timedelta = timedelta(seconds=5)
    # Whether it can stay released until somebody secures it.
    can_hold: bool = True
    # Whether the strike tells that it is released, and how long that may take.
    strike_reports: bool = True
    strike_reports_within: timedelta = STRIKE_REPORTS_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeConfig:
    """The people, equipment and doors of a practice, and its times."""

    people: Mapping[str, Person] = field(default_factory=dict)
    equipment: frozenset[str] = frozenset()
    doors: Mapping[str, DoorConfig] = field(default_factory=dict)
    cameras: Mapping[str, CameraConfig] = field(default_factory=dict)
    # Whether Home Assistant may open without a person behind the request.
    automations_may_open: bool = False
    ring_life: timedelta = timedelta(seconds=120)
    # When the second, third … step of escalation begins, counted from the press.
    escalation: tuple[timedelta, ...] = (
        timedelta(seconds=20),
        timedelta(seconds=45),
    )
    sirens: Mapping[str, SirenConfig] = field(default_factory=dict)
    panic: PanicConfig = field(default_factory=PanicConfig)
    intrusion: IntrusionConfig = field(default_factory=IntrusionConfig)

    door_watch: DoorWatchConfig = field(default_factory=DoorWatchConfig)
    # Doors that open by themselves to a visitor in consultation hours.
    auto_open: frozenset[str] = frozenset()
    # When the practice is open; None: whoever may chooses the mode by hand.
    hours: Hours | None = None
    grants: GrantsConfig = field(default_factory=GrantsConfig)

    def doors_of(self, equipment: str) -> frozenset[str]:
        """Return the doors that this equipment drives."""
        return frozenset(
            door for door, config in self.doors.items() if config.equipment == equipment
        )

    def may_open(self, actor: Actor) -> bool:
        """Whether this actor may ask for a door to be opened. Unknown: no."""
        if actor.kind is ActorKind.AUTOMATION:
            return self.automations_may_open
        person = self._person(actor)
        return person is not None and person.may_open

    def may_arm(self, actor: Actor) -> bool:
        """Whether this actor may arm the alarm, or report an intrusion to it."""
        return actor.kind is ActorKind.AUTOMATION or self._person(actor) is not None

    def may_manage(self, actor: Actor) -> bool:
        """Whether this actor is one of those who manage the practice."""
        person = self._person(actor)
        return person is not None and person.may_manage

    def has_role(self, actor: Actor) -> bool:
        """Whether this actor is a person who may open or manage."""
        person = self._person(actor)
        return person is not None and (person.may_open or person.may_manage)

    def may_override(self, actor: Actor) -> bool:
        """Whether this actor may open during a lockdown, one visitor at a time."""
        person = self._person(actor)
        return person is not None and person.may_open and person.may_override

    def belongs(self, actor: Actor) -> bool:
        """Whether this actor is one of the practice's people, whatever they may do."""
        return self._person(actor) is not None

    def _person(self, actor: Actor) -> Person | None:
        if actor.kind is not ActorKind.USER or actor.id is None:
            return None
        return self.people.get(actor.id)
