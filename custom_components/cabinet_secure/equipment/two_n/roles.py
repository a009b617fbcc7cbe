"""What the parts of a door station are for, as set up by a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...practice.panic.config import PanicSource

# A door's contact may be the one that the station itself reports on.
STATION_CONTACT = "station"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorRole:
    """A door: the switch that releases it, its call buttons, its contact."""

    switch: int
    name: str
    # `%1` to `%150`; none named means that every call button rings this door.
    buttons: frozenset[str] = frozenset()
    # An input (on = the door stands open), STATION_CONTACT, or None.
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRoles:
    """All that a door station does for the practice."""

    doors: tuple[DoorRole, ...]
    camera: bool = True
    panic_inputs: Mapping[str, PanicSource] = field(default_factory=dict)
    tamper_inputs: frozenset[str] = frozenset()
    # On while there is a fire.
    fire_inputs: frozenset[str] = frozenset()
    siren_outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    @property
    def free_inputs(self) -> tuple[str, ...]:
        """The inputs that have no role."""
        taken = {*self.panic_inputs, *self.tamper_inputs, *self.fire_inputs} | {
            door.contact for door in self.doors
        }
        return tuple(port for port in self.inputs if port not in taken)

    @property
    def free_outputs(self) -> tuple[str, ...]:
        """The outputs that have no role.

        Relays are not among them: a relay may release a door, and only the practice
        decides on that.
        """
        return tuple(
            port
            for port in self.outputs
            if port not in self.siren_outputs and not port.startswith("relay")
        )
