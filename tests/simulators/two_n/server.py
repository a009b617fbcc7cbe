"""The station on a port: what tests hold in their hand."""

from collections.abc import Iterable
from dataclasses import replace
import ssl
from typing import Self

from aiohttp import web

from .api import Api
from .auth import Gatekeeper
from .clock import StationClock
from .config import Json, Privilege, Service, ServiceConfig, StationConfig
from .control import add_control_routes
from .device import Station
from .errors import ErrorCode
from .faults import Answer, Faults, Silence, WrongAnswer
from .picture import Camera

_SECRET_PARAMS = frozenset({"code"})


class TwoNSimulator:
    """A 2N door station on a loopback port: `async with TwoNSimulator() as sim`.

    Its methods mirror the control interface below `/sim/`; they work while the
    station has no power or no network, as does the control interface. Methods that
    do something at the door raise ValueError for what the station does not have.
    """

    def __init__(
        self,
        config: StationConfig | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.config = config or StationConfig()
        self.host = host
        self.port = port
        self.clock = StationClock()
        self.station = Station(self.config, self.clock)
        self.faults = Faults()
        self.gatekeeper = Gatekeeper(self.config, self.clock, self.station.log)
        self.camera = Camera(self.config.name)
        self.services: dict[Service, ServiceConfig] = dict(self.config.services)
        self.api = Api(
            self.station, self.gatekeeper, self.faults, self.camera, self.services
        )
        self.station.on_power_cut.append(self.gatekeeper.forget)
        self.station.on_power_cut.append(self.api.cut)
        self._ssl_context = ssl_context
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening, and the clock with it."""
        await self.stop()
        self.clock.stop()

    @property
    def url(self) -> str:
        """Return the address, without a slash at its end."""
        scheme = "https" if self._ssl_context else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"

    async def start(self) -> None:
        """Listen; a port chosen once is kept. Raises OSError where it is taken."""
        app = web.Application()
        app.router.add_route("*", "/api/{function:.*}", self.api.handle)
        add_control_routes(app, self)
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await runner.setup()
        site = web.TCPSite(
            runner,
            self.host,
            self.port,
            ssl_context=self._ssl_context,
            reuse_address=True,
        )
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening: connections are then refused, until `start`."""
        if self._runner is None:
            return
        self.api.cut()
        await self._runner.cleanup()
        self._runner = None
        self.camera.close()

    # At the door

    def press(self, key: str = "%1") -> None:
        """Press a call button (`%1`) or a key of the keypad."""
        self.station.press(key)

    def type_code(self, code: str) -> None:
        """Type on the keypad; `#` ends a code."""
        self.station.type_code(code)

    def set_input(self, port: str, *, state: bool) -> None:
        """Change what is wired to an input, such as the panic button."""
        self.station.set_input(port, state=state)

    def set_door(self, state: str) -> None:
        """Push the door: `opened` or `closed`."""
        if state not in {"opened", "closed"}:
            raise ValueError("a door is opened or closed")
        self.station.set_door(is_open=state == "opened")

    def card(self, uid: str, *, held: bool = False) -> None:
        """Put a card to the reader."""
        if self.station.powered:
            self.station.access.card(uid, held=held)

    def rex(self) -> None:
        """Press the exit button."""
        if not self.station.powered:
            return
        if (port := self.config.rex_input) is None:
            self.station.access.rex()
            return
        self.station.set_input(port, state=True)
        self.station.set_input(port, state=False)

    def tamper(self, *, raised: bool = True) -> None:
        """Tear the station off its wall, or put it back."""
        if self.config.tamper_input is None:
            raise ValueError("this station has no tamper switch")
        self.station.set_input(self.config.tamper_input, state=raised)

    def dtmf(self, code: str) -> None:
        """Dial a code on the phone that the station talks to."""
        self.station.dtmf(code)

    def set_call(
        self,
        state: str,
        *,
        session: int | None = None,
        direction: str = "outgoing",
        peer: str = "sip:reception@practice",
        reason: str = "normal",
    ) -> int:
        """Move a call on, by default the latest, or begin one; returns its session.

        `connecting` and `ringing` begin a call, `connected` answers it,
        `terminated` ends it.
        """
        calls = self.station.calls
        if not self.station.powered:
            raise ValueError("the station has no power")
        if state in {"connecting", "ringing"}:
            begin = calls.ring_in if direction == "incoming" else calls.dial
            return begin(peer).session
        call = calls.latest() if session is None else calls.running.get(session)
        if call is None:
            raise ValueError("there is no such call")
        if state == "connected":
            calls.connect(call)
        elif state == "terminated":
            calls.end(call, reason)
        else:
            raise ValueError(f"no such state of a call: {state}")
        return call.session

    def set_registration(self, *, registered: bool) -> None:
        """Lose or regain the phone exchange."""
        if self.station.powered:
            self.station.set_registered(registered=registered)

    # Power, network and faults

    def set_power(self, *, on: bool) -> None:
        """Cut or restore the power."""
        self.station.set_power(on=on)

    def set_network(
        self,
        *,
        up: bool | None = None,
        latency_ms: float | None = None,
        drop_pull: bool | None = None,
        silence: str | None = None,
    ) -> None:
        """Change the network; what is None stays.

        `silence`: a network that is down cuts connections (`drop`) or leaves them
        without an answer (`hang`). `drop_pull` cuts each pull that has an answer.
        """
        if silence is not None:
            self.faults.silence = Silence(silence)
        if latency_ms is not None:
            self.faults.latency_s = max(0.0, latency_ms) / 1000
        if drop_pull is not None:
            self.faults.drop_pull = drop_pull
        if up is not None:
            self.faults.network_up = up
            if not up:
                self.api.cut()

    def answer_wrongly(
        self,
        kind: str,
        *,
        path: str = "/api/",
        times: int | None = 1,
        code: int = 14,
    ) -> None:
        """Answer the next requests below `path` wrongly; kinds: see `Answer`."""
        self.faults.wrong_answers.append(
            WrongAnswer(kind=Answer(kind), path=path, times=times, code=code)
        )

    def clear_faults(self) -> None:
        """End every fault; what the account and the services are stays."""
        self.faults.clear()
        self.station.access.ap_as_string = False
        self.station.switchboard.old_firmware = self.config.old_firmware
        self.station.directory.writes_refused = None

    def speak_oddly(
        self,
        *,
        ap_as_string: bool | None = None,
        old_firmware: bool | None = None,
        directory_refuses: int | None = None,
    ) -> None:
        """Take up a known peculiarity of some firmware; what is None stays."""
        if ap_as_string is not None:
            self.station.access.ap_as_string = ap_as_string
        if old_firmware is not None:
            self.station.switchboard.old_firmware = old_firmware
        if directory_refuses is not None:
            self.station.directory.writes_refused = ErrorCode(directory_refuses)

    def expire(self, *, channels: bool = False, nonces: bool = False) -> None:
        """Close every channel, or make every nonce stale, without waiting."""
        if channels:
            self.station.log.expire()
        if nonces:
            self.gatekeeper.expire_nonces()

    def advance(self, seconds: float) -> None:
        """Push the station's clock forward; what falls due happens now."""
        self.clock.advance(seconds)

    # Events as they are

    def event(self, raw: Json) -> int:
        """Record an event as given (`event`, `params`, any other key); returns its id."""
        if not self.station.powered:
            raise ValueError("the station has no power")
        return self.station.log.inject(raw).id

    def flood(
        self, count: int, event: str = "MotionDetected", params: Json | None = None
    ) -> None:
        """Record many events at once."""
        for _ in range(count):
            self.event({"event": event, "params": params or {"state": "in"}})

    # Set-up of the station

    def set_account(
        self,
        *,
        user: str | None = None,
        password: str | None = None,
        privileges: Iterable[str] | None = None,
    ) -> None:
        """Change the account; what is None stays."""
        account = self.gatekeeper.account
        self.gatekeeper.account = replace(
            account,
            user=account.user if user is None else user,
            password=account.password if password is None else password,
            privileges=account.privileges
            if privileges is None
            else frozenset(Privilege(name) for name in privileges),
        )

    def set_service(self, service: str, config: ServiceConfig) -> None:
        """Change how one service is set up."""
        self.services[Service(service)] = config

    def add_user(self, name: str, **access: object) -> str:
        """Put a user into the directory (`pin`, `card`, `validTo`, …); returns uuid."""
        return self.station.directory.add(name, **access)

    # What can be seen

    @property
    def commands(self) -> list[Json]:
        """Return the latest requests, without pulls and snapshots."""
        return list(self.api.commands)

    @property
    def written(self) -> list[Json]:
        """Return which event went into a pull's answer when (`time.monotonic`)."""
        return list(self.api.written)

    def state(self, *, events: bool = True) -> Json:
        """Return all that can be seen, without secrets."""
        station = self.station
        state: Json = {
            "name": self.config.name,
            "serial": self.config.serial,
            "power": station.powered,
            "boot": station.log.boot,
            "network": {
                "up": self.faults.network_up,
                "latency_ms": round(self.faults.latency_s * 1000),
                "drop_pull": self.faults.drop_pull,
                "silence": self.faults.silence.value,
            },
            "switches": [
                {
                    "switch": switch.config.number,
                    "enabled": switch.config.enabled,
                    "opens_door": switch.config.opens_door,
                    "active": switch.active,
                    "locked": switch.locked,
                    "held": switch.held,
                    "blocked": switch.blocked,
                }
                for switch in station.switchboard.all
            ],
            "outputs": station.ports.outputs(),
            "inputs": station.ports.inputs(),
            "roles": {
                "siren": self.config.siren_output,
                "panic": self.config.panic_input,
                "tamper": self.config.tamper_input,
                "rex": self.config.rex_input,
            },
            "buttons": dict(self.config.buttons),
            "door": station.door.state,
            "calls": station.calls.status(),
            "users": station.users(),
            "access_points": station.access.status(),
            "registered": station.registered,
            "channels": len(station.log.channels),
            "login": {
                "blocked": self.gatekeeper.blocked,
                "wrong": self.gatekeeper.refused,
            },
        }
        if events:
            state |= {"commands": self.commands, "events": self.written}
        return state
