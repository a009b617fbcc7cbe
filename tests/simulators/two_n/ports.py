"""Digital inputs and outputs ("2N HTTP API, api/io")."""

from collections.abc import Callable

from .config import Json, PortType, StationConfig
from .errors import ApiError, ErrorCode
from .log import EventLog


class Ports:
    """States of all ports; a change is logged and told to whoever is wired to it."""

    def __init__(self, config: StationConfig, log: EventLog) -> None:
        self.config = config
        self.states: dict[str, bool] = {port.name: False for port in config.ports}
        self.wired: dict[str, Callable[[bool], None]] = {}
        self._log = log

    def caps(self) -> list[Json]:
        """Return the ports as io/caps does."""
        return [
            {"port": port.name, "type": port.kind.value} for port in self.config.ports
        ]

    def status(self, name: str | None = None) -> list[Json]:
        """Return the states as io/status does; raises ApiError 12."""
        if name is not None and name not in self.states:
            raise ApiError(ErrorCode.INVALID, "port")
        return [
            {"port": port, "state": int(state)}
            for port, state in self.states.items()
            if name in {None, port}
        ]

    def control(self, name: str, action: str) -> None:
        """Do what io/ctrl asks; raises ApiError 12 for what is not an output."""
        port = self.config.port(name)
        if port is None or port.kind is not PortType.OUTPUT:
            raise ApiError(ErrorCode.INVALID, "port")
        if action not in {"on", "off"}:
            raise ApiError(ErrorCode.INVALID, "action")
        self.set(name, state=action == "on")

    def set(self, name: str, *, state: bool) -> None:
        """Change a port, whichever way it goes; raises KeyError for an unknown one."""
        if self.states[name] == state:
            return
        self.states[name] = state
        port = self.config.port(name)
        is_input = port is not None and port.kind is PortType.INPUT
        self._log.emit(
            "InputChanged" if is_input else "OutputChanged",
            {"port": name, "state": state},
        )
        if (wired := self.wired.get(name)) is not None:
            wired(state)

    def outputs(self) -> dict[str, bool]:
        """Return the outputs alone."""
        return self._of(PortType.OUTPUT)

    def inputs(self) -> dict[str, bool]:
        """Return the inputs alone."""
        return self._of(PortType.INPUT)

    def lose_power(self) -> None:
        """Let every output fall off; inputs keep what is wired to them."""
        for name in self.outputs():
            self.states[name] = False

    def _of(self, kind: PortType) -> dict[str, bool]:
        return {
            port.name: self.states[port.name]
            for port in self.config.ports
            if port.kind is kind
        }
