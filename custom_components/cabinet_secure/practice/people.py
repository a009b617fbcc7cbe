"""Who acts, and what they may do (DOMAIN: who, where, what)."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What stands behind an act."""

    USER = "user"  # a person signed in to Home Assistant
    AUTOMATION = "automation"  # Home Assistant acting without a person
    PHONE = "phone"  # a desk phone that the door station called
    CODE = "code"  # somebody known to the door station: code, card, finger
    DEVICE = "device"  # the door station by itself: exit button, time profile
    SCHEDULE = "schedule"  # the hours of the practice
    SYSTEM = "system"  # this integration


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One who acts. `id` is that of the Home Assistant user, where there is one."""

    kind: ActorKind
    name: str
    id: str | None = None

    def is_same_as(self, other: Actor) -> bool:
        """Whether both are one; a person may have been renamed in between."""
        return (self.kind, self.id) == (other.kind, other.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A Home Assistant user, and what the practice lets them do."""

    name: str
    may_open: bool = False
    may_manage: bool = False
    on_call: bool = False
    # Whether they may open a door during a lockdown.
    may_override: bool = False


SYSTEM = Actor(kind=ActorKind.SYSTEM, name="Cabinet Secure")
SCHEDULE = Actor(kind=ActorKind.SCHEDULE, name="schedule")
AUTO_OPEN = Actor(kind=ActorKind.SYSTEM, name="auto_open")
FIRE = Actor(kind=ActorKind.DEVICE, name="fire")
AUTOMATION = Actor(kind=ActorKind.AUTOMATION, name="Home Assistant")
DESK_PHONE = Actor(kind=ActorKind.PHONE, name="phone")
