"""Listening to a device in virtual time."""

from collections.abc import Callable

import pytest

from custom_components.cabinet_secure.equipment.two_n.errors import (
    TwoNError,
    WrongCredentials,
)
from custom_components.cabinet_secure.equipment.two_n.log import HeardEvent, LogReader

from .virtual_device import EPOCH, VirtualDevice

WANTED = frozenset({"KeyPressed", "DeviceState"})


class Listener:
    """Keeps what a reader tells."""

    def __init__(self) -> None:
        self.events: list[HeardEvent] = []
        self.connections: list[TwoNError | None] = []

    def on_event(self, heard: HeardEvent) -> None:
        """Keep an event."""
        self.events.append(heard)

    def on_connection(self, connected: bool, error: TwoNError | None) -> None:
        """Keep the state of the connection."""
        assert connected is (error is None)
        self.connections.append(error)


def reader_of(device: VirtualDevice, **options: int) -> LogReader:
    return LogReader(
        device,
        WANTED,
        clock=lambda: EPOCH + device.now,
        monotonic=lambda: device.now,
        sleep=device.sleep,
        **options,
    )


async def listen(device: VirtualDevice, **options: int) -> Listener:
    """Read until the device's plan is over."""
    listener = Listener()
    with pytest.raises(WrongCredentials):
        await reader_of(device, **options).run(
            listener.on_event, listener.on_connection
        )
    return listener


class Scripted(VirtualDevice):
    """A device of which single functions are replaced."""

    def replace(self, name: str, function: Callable[..., object]) -> VirtualDevice:
        """Replace one function."""
        setattr(self, name, function)
        return self


def raising(*errors: BaseException) -> Callable[..., object]:
    left = list(errors)

    async def function(*_: object, **__: object) -> object:
        raise left.pop(0) if len(left) > 1 else left[0]

    return function
