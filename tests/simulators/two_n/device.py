"""The station as a whole: its parts, wired together, and its power."""

from collections.abc import Callable

from .access import Access
from .calls import Calls
from .clock import StationClock
from .config import Json, PortType, StationConfig
from .directory import Directory
from .door import Door
from .log import EventLog
from .ports import Ports
from .switches import Originator, Switch, Switchboard

KEYPAD = frozenset("0123456789*#")


class Station:
    """One station. Everything that happens at the door is a method of it."""

    def __init__(self, config: StationConfig, clock: StationClock) -> None:
        self.config = config
        self.clock = clock
        self.powered = True
        self.registered = True
        self.registered_at = int(clock.time())
        self.on_power_cut: list[Callable[[], None]] = []
        self.log = EventLog(
            clock, tz_shift_min=config.tz_shift_min, named_only=config.named_only
        )
        self.switchboard = Switchboard(config, clock, self.log)
        self.ports = Ports(config, self.log)
        self.door = Door(
            clock,
            self.log,
            released=self._door_released,
            open_limit_s=config.door_open_limit_s,
        )
        self.calls = Calls(clock, self.log, ring_limit_s=config.ring_limit_s)
        self.directory = Directory()
        self.access = Access(config, clock, self.log, self.directory, self.switchboard)
        self._wire()
        self._boot()

    def press(self, key: str) -> None:
        """Press and let go one key: `0-9 * #`, or `%1`-`%150` for a call button.

        Raises ValueError for any other key.
        """
        if not self.powered:
            return
        is_button = key.startswith("%") and key[1:].isdecimal()
        if not (key in KEYPAD or (is_button and 1 <= int(key[1:]) <= 150)):
            raise ValueError(f"no such key: {key}")
        self.log.emit("KeyPressed", {"key": key})
        self.log.emit("KeyReleased", {"key": key})
        if not is_button:
            self.access.key(key)
            return
        peer = self.config.buttons.get(key)
        # While it still rings, a second press starts no second call.
        if peer and all(call.peer != peer for call in self.calls.running.values()):
            self.calls.dial(peer)

    def type_code(self, code: str) -> None:
        """Press the keys of a code one after the other."""
        for key in code:
            self.press(key)

    def set_input(self, name: str, *, state: bool) -> None:
        """Change what is wired to an input; raises ValueError where there is none."""
        port = self.config.port(name)
        if port is None or port.kind is not PortType.INPUT:
            raise ValueError(f"no such input: {name}")
        if self.powered:
            self.ports.set(name, state=state)
        else:
            self.ports.states[name] = state

    def set_door(self, *, is_open: bool) -> None:
        """Push the door open or closed; its contact, where there is one, follows."""
        if not self.powered:
            self.door.is_open = is_open
            if self.config.door_input is not None:
                self.ports.states[self.config.door_input] = is_open
        elif self.config.door_input is not None:
            self.ports.set(self.config.door_input, state=is_open)
        else:
            self.door.move(is_open=is_open)

    def dtmf(self, code: str) -> None:
        """Dial a code on the phone that the station talks to."""
        call = self.calls.latest()
        if call is None or not self.powered:
            raise ValueError("nobody is on the phone")
        switch = next(
            (s for s in self.switchboard.all if s.config.dtmf_code == code), None
        )
        self.log.emit(
            "DtmfEntered",
            {
                "code": code,
                "type": "uni",
                "call": call.id,
                "valid": switch is not None,
            },
        )
        if switch is not None:
            switch.activate(Originator.DTMF)

    def set_registered(self, *, registered: bool) -> None:
        """Lose or regain the registration at the phone exchange."""
        if self.registered == registered:
            return
        self.registered = registered
        self.registered_at = int(self.clock.time())
        steps = ("registering", "registered") if registered else ("unregistered",)
        for step in steps:
            self.log.emit("RegistrationStateChanged", {"sipAccount": 1, "state": step})

    def set_power(self, *, on: bool) -> None:
        """Cut or restore the power.

        A cut loses history, channels, holds and calls; locks, the tamper block and
        the directory are stored.
        """
        if self.powered == on:
            return
        if on:
            self._boot()
            return
        self.powered = False
        self.switchboard.lose_power()
        self.ports.lose_power()
        self.calls.lose_power()
        self.access.lose_power()
        self.door.lose_power()
        self.log.forget()
        for callback in self.on_power_cut:
            callback()

    def restart(self) -> None:
        """Do what system/restart asks: off, and on again."""
        self.set_power(on=False)
        self.set_power(on=True)

    def users(self) -> list[Json]:
        """Return the active users without their codes and cards."""
        return [
            {
                "uuid": user["uuid"],
                "name": user["name"],
                "owner": user["owner"],
                "validFrom": user["access"]["validFrom"],
                "validTo": user["access"]["validTo"],
            }
            for user in self.directory.active()
        ]

    def _boot(self) -> None:
        self.powered = True
        self.log.start()
        self.log.emit("DeviceState", {"state": "startup"})
        self.switchboard.power_up()

    def _wire(self) -> None:
        config = self.config
        for switch in self.switchboard.all:
            if switch.config.output is not None:
                switch.changed.append(self._drive_output)
        wiring: list[tuple[str | None, Callable[[bool], None]]] = [
            (config.door_input, lambda state: self.door.move(is_open=state)),
            (config.rex_input, self._on_rex),
            (config.tamper_input, self._on_tamper),
        ]
        for name, callback in wiring:
            if name is not None:
                self.ports.wired[name] = callback

    def _drive_output(self, switch: Switch) -> None:
        if (output := switch.config.output) is None or not self.powered:
            return
        self.ports.set(output, state=switch.active)

    def _on_rex(self, pressed: bool) -> None:
        if pressed:
            self.access.rex()

    def _on_tamper(self, raised: bool) -> None:
        self.log.emit("TamperSwitchActivated", {"state": "in" if raised else "out"})
        if raised:
            self.switchboard.block()

    def _door_released(self) -> bool:
        return any(
            switch.active
            or (
                switch.config.output is not None
                and self.ports.states.get(switch.config.output, False)
            )
            for switch in self.switchboard.all
            if switch.config.opens_door
        )
