"""Switches: the strike and whatever else the station drives ("2N HTTP API, api/switch")."""

from collections.abc import Callable
from enum import StrEnum

from .clock import StationClock, Timer
from .config import Json, StationConfig, SwitchConfig, SwitchMode
from .errors import ApiError, ErrorCode
from .log import EventLog

_NEWER_ACTIONS = frozenset({"lock", "unlock", "hold", "release"})


class Originator(StrEnum):
    """Who made a switch change, as SwitchStateChanged reports it."""

    PROFILE = "profile"
    API = "api"
    ACCESS_POINT = "ap"
    REX = "rex"
    IDT = "idt"
    DTMF = "dtmf"
    AUTH = "auth"
    UNI = "uni"
    ZONE = "zone"
    AUTOMATION = "automation"


class Switch:
    """One switch. Lock beats hold; lock outlives a power cut, hold does not."""

    def __init__(
        self, config: SwitchConfig, clock: StationClock, log: EventLog
    ) -> None:
        self.config = config
        self.active = False
        self.locked = False
        self.held = False
        self.blocked = False
        self.changed: list[Callable[[Switch], None]] = []
        self._clock = clock
        self._log = log
        self._on = False
        self._originator = Originator.API
        self._off_timer: Timer | None = None
        self._hold_timer: Timer | None = None

    def activate(self, originator: Originator) -> bool:
        """Switch on; a monostable one goes off by itself. False when it must not."""
        if not self.config.enabled or self.locked or self.blocked:
            return False
        self._on = True
        if self.config.mode is SwitchMode.MONOSTABLE:
            self._cancel_off()
            self._off_timer = self._clock.call_later(
                self.config.on_duration_s, lambda: self._go_off(originator)
            )
        self._settle(originator)
        return True

    def deactivate(self, originator: Originator) -> None:
        """Switch off; a hold stays in force."""
        self._go_off(originator)

    def toggle(self, originator: Originator) -> bool:
        """Trigger: a monostable switch goes on, a bistable one changes over."""
        if self.config.mode is SwitchMode.BISTABLE and self._on:
            self.deactivate(originator)
            return True
        return self.activate(originator)

    def hold(self, originator: Originator, timeout_s: int | None) -> bool:
        """Keep on until released, or for `timeout_s`. False when it shows no effect."""
        self.held = True
        if self._hold_timer is not None:
            self._hold_timer.cancel()
            self._hold_timer = None
        if timeout_s is not None:
            self._hold_timer = self._clock.call_later(
                timeout_s, lambda: self.release(originator)
            )
        self._settle(originator)
        return self.active

    def release(self, originator: Originator) -> None:
        """End a hold."""
        self.held = False
        if self._hold_timer is not None:
            self._hold_timer.cancel()
            self._hold_timer = None
        self._settle(originator)

    def lock(self, originator: Originator) -> None:
        """Keep off whatever else is asked, until unlocked."""
        self.locked = True
        self._cancel_off()
        self._on = False
        self._settle(originator)

    def unlock(self, originator: Originator) -> None:
        """End a lock; a hold that is still in force shows again."""
        self.locked = False
        self._settle(originator)

    def block(self, *, blocked: bool) -> None:
        """Forbid activation while the tamper block lasts."""
        self.blocked = blocked
        if blocked:
            self._cancel_off()
            self._on = False
        self._settle(Originator.PROFILE)

    def lose_power(self) -> None:
        """Drop everything that is not stored; nobody hears of it."""
        self._cancel_off()
        if self._hold_timer is not None:
            self._hold_timer.cancel()
            self._hold_timer = None
        self._on = self.held = self.active = False
        for callback in self.changed:
            callback(self)

    def _go_off(self, originator: Originator) -> None:
        self._cancel_off()
        self._on = False
        self._settle(originator)

    def _cancel_off(self) -> None:
        if self._off_timer is not None:
            self._off_timer.cancel()
            self._off_timer = None

    def _settle(self, originator: Originator) -> None:
        wanted = (self._on or self.held) and not self.locked and not self.blocked
        if wanted == self.active:
            return
        self.active = wanted
        self._log.emit(
            "SwitchStateChanged",
            {
                "switch": self.config.number,
                "state": wanted,
                "originator": originator.value,
            },
        )
        for callback in self.changed:
            callback(self)


class Switchboard:
    """All switches of the station, and the tamper block over them."""

    def __init__(
        self, config: StationConfig, clock: StationClock, log: EventLog
    ) -> None:
        self.config = config
        self.all = [Switch(switch, clock, log) for switch in config.switches]
        self.old_firmware = config.old_firmware
        self.blocked_until = 0.0
        self._clock = clock
        self._log = log
        self._block_timer: Timer | None = None

    def find(self, number: int) -> Switch:
        """Return an enabled switch; raises ApiError 12."""
        for switch in self.all:
            if switch.config.number == number and switch.config.enabled:
                return switch
        raise ApiError(ErrorCode.INVALID, "switch")

    def caps(self) -> list[Json]:
        """Return the switches as switch/caps does: a disabled one has no more."""
        result: list[Json] = []
        for switch in self.all:
            config = switch.config
            entry: Json = {"switch": config.number, "enabled": config.enabled}
            if config.enabled:
                entry["mode"] = config.mode.value
                if config.mode is SwitchMode.MONOSTABLE:
                    entry["switchOnDuration"] = config.on_duration_s
                entry["type"] = config.kind.value
            result.append(entry)
        return result

    def status(self, number: int | None = None) -> list[Json]:
        """Return the states as switch/status does."""
        chosen = self.all if number is None else [self.find(number)]
        result: list[Json] = []
        for switch in chosen:
            entry: Json = {"switch": switch.config.number, "active": switch.active}
            if not self.old_firmware:
                entry |= {"locked": switch.locked, "held": switch.held}
            result.append(entry)
        return result

    def control(self, number: int, action: str, timeout_s: int | None) -> None:
        """Do what switch/ctrl asks.

        Raises ApiError 12 for an unknown switch or action, 14 when the switch is
        locked or blocked and therefore stays as it is.
        """
        switch = self.find(number)
        if self.old_firmware and action in _NEWER_ACTIONS:
            raise ApiError(ErrorCode.INVALID, "action")
        if timeout_s is not None and action != "hold":
            raise ApiError(ErrorCode.INVALID, "timeout")
        done = True
        match action:
            case "on":
                done = switch.activate(Originator.API)
            case "off":
                switch.deactivate(Originator.API)
            case "trigger":
                done = switch.toggle(Originator.API)
            case "lock":
                switch.lock(Originator.API)
            case "unlock":
                switch.unlock(Originator.API)
            case "hold":
                switch.hold(Originator.API, timeout_s)
            case "release":
                switch.release(Originator.API)
            case _:
                raise ApiError(ErrorCode.INVALID, "action")
        if not done:
            raise ApiError(ErrorCode.PROCESSING)

    def block(self) -> None:
        """Block all switches for the time that the tamper switch sets."""
        self.blocked_until = self._clock.monotonic() + self.config.tamper_block_s
        self._apply_block()
        self._log.emit("SwitchesBlocked", {"state": "in"})

    def unblock(self) -> None:
        """End the block."""
        self.blocked_until = 0.0
        if self._block_timer is not None:
            self._block_timer.cancel()
        for switch in self.all:
            switch.block(blocked=False)
        self._log.emit("SwitchesBlocked", {"state": "out"})

    @property
    def blocked(self) -> bool:
        """Say whether the tamper block is in force."""
        return self.blocked_until > self._clock.monotonic()

    def lose_power(self) -> None:
        """Drop what is not stored: lock and tamper block stay."""
        if self._block_timer is not None:
            self._block_timer.cancel()
        for switch in self.all:
            switch.lose_power()

    def power_up(self) -> None:
        """Take up a tamper block that a restart must not end."""
        if self.blocked:
            self._apply_block()
        else:
            for switch in self.all:
                switch.block(blocked=False)

    def _apply_block(self) -> None:
        if self._block_timer is not None:
            self._block_timer.cancel()
        self._block_timer = self._clock.call_later(
            self.blocked_until - self._clock.monotonic(), self.unblock
        )
        for switch in self.all:
            switch.block(blocked=True)
