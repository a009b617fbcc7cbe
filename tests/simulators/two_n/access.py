"""Who may come in: keypad, cards, exit button, access points."""

import itertools

from .clock import StationClock, Timer
from .config import Json, StationConfig
from .directory import Directory
from .errors import ApiError, ErrorCode
from .log import EventLog
from .switches import Originator, Switch, Switchboard

ENTRY = 0
EXIT = 1


def duress_of(pin: str) -> str:
    """Return the duress code of a PIN: its last digit one higher, 9 becomes 0."""
    return pin[:-1] + str((int(pin[-1]) + 1) % 10)


class Access:
    """Decides on codes, cards and exit requests, and releases the door's switch."""

    def __init__(
        self,
        config: StationConfig,
        clock: StationClock,
        log: EventLog,
        directory: Directory,
        switchboard: Switchboard,
    ) -> None:
        self.config = config
        self.ap_as_string = False
        self.blocked: dict[int, bool] = dict.fromkeys(config.access_points, False)
        self._clock = clock
        self._log = log
        self._directory = directory
        self._switchboard = switchboard
        self._typed = ""
        self._typing: Timer | None = None
        self._wrong: dict[str, int] = {}
        self._limited: dict[str, Timer] = {}
        self._sessions = itertools.count(1)

    def key(self, key: str) -> None:
        """Take one key of the keypad: digits, `*` clears, `#` ends a code."""
        if self._typing is not None:
            self._typing.cancel()
            self._typing = None
        if key == "*":
            self._typed = ""
        elif key == "#":
            code, self._typed = self._typed, ""
            if code:
                self.code(code)
        else:
            self._typed += key
            self._typing = self._clock.call_later(
                self.config.keypad_timeout_s, self._forget_typed
            )

    def code(self, code: str) -> None:
        """Judge a whole code: a PIN, its duress twin, or a switch code."""
        session = next(self._sessions)
        user, switch_number, duress = self._whose_code(code)
        report: Json = {
            **self._where(session),
            "direction": "in",
            "code": code,
            "type": "user" if user else "unknown",
            "uuid": user["uuid"] if user else "",
            "valid": self._refusal(user) is None and "code" not in self._limited,
        }
        self._log.emit("CodeEntered", report)
        self._judge("code", session, user, switch_number, duress=duress)

    def card(self, uid: str, *, reader: str = "ext1", held: bool = False) -> None:
        """Judge a card by its number (hexadecimal)."""
        session = next(self._sessions)
        user = next(
            (
                user
                for user in self._directory.active()
                if uid.upper() in (card.upper() for card in user["access"]["card"])
            ),
            None,
        )
        report: Json = {
            **self._where(session),
            "direction": "in",
            "reader": reader,
            "uid": uid,
            "valid": self._refusal(user) is None and "card" not in self._limited,
        }
        if held:
            self._log.emit("CardHeld", report)
            return
        self._log.emit("CardEntered", report | {"uuid": user["uuid"] if user else ""})
        self._judge("card", session, user, None, duress=False)

    def rex(self) -> None:
        """Take a press of the exit button: it opens unless the exit is blocked."""
        if self.blocked.get(EXIT):
            return
        session = next(self._sessions)
        self._log.emit("RexActivated", self._where(session, EXIT))
        self._release(None, Originator.REX)

    def set_blocked(self, ap: int, *, blocked: bool) -> None:
        """Block an access point; raises ApiError 12 (unknown) or 18 (disabled)."""
        self._check_access_point(ap)
        if self.blocked[ap] == blocked:
            return
        self.blocked[ap] = blocked
        params = {"ap": self._ap(ap), "state": "in" if blocked else "out"}
        self._log.emit("ApLockStateChanged", dict(params))
        self._log.emit("AccessBlocked", dict(params))

    def status(self, ap: int | None = None) -> list[Json]:
        """Return the access points as accesspoint/blocking/status does."""
        if ap is not None:
            self._check_access_point(ap)
        return [
            {"id": point, "blocked": blocked}
            for point, blocked in self.blocked.items()
            if self.config.access_points[point] and ap in {None, point}
        ]

    def grant(self, ap: int, uuid: str) -> Json:
        """Let a user in from afar; a refusal is an answer, not an error."""
        if ap not in self.config.access_points:
            return {"accessGranted": False, "reason": "invalidAp"}
        self._check_access_point(ap)
        user = self._directory.find(uuid)
        session = next(self._sessions)
        reason = self._refusal(user)
        granted = reason is None
        self._log.emit(
            "ApiAccessRequested",
            {**self._where(session, ap), "valid": granted, "uuid": uuid},
        )
        if user is None or reason is not None:
            blocked = reason == "apLocked"
            return {
                "accessGranted": False,
                "reason": "accessBlocked" if blocked else "invalidCredential",
            }
        self._authenticated(session, user, ap)
        self._release(None, Originator.ACCESS_POINT)
        return {"accessGranted": True}

    def lose_power(self) -> None:
        """Forget what was typed and counted."""
        self._forget_typed()
        self._wrong.clear()
        for timer in self._limited.values():
            timer.cancel()
        self._limited.clear()

    def _judge(
        self,
        kind: str,
        session: int,
        user: Json | None,
        switch_number: int | None,
        *,
        duress: bool,
    ) -> None:
        if kind in self._limited:
            return
        reason = self._refusal(user)
        if reason is None and not self._can_release(switch_number):
            reason = "switchDisabled"
        if user is None or reason is not None:
            self._log.emit(
                "UserRejected",
                {
                    **self._where(session),
                    "name": user["name"] if user else "",
                    "uuid": user["uuid"] if user else "",
                    "reason": reason,
                },
            )
            self._count_wrong(kind)
            return
        self._wrong.pop(kind, None)
        self._authenticated(session, user, ENTRY)
        if duress:
            self._log.emit(
                "SilentAlarm",
                {
                    **self._where(session),
                    "name": user["name"],
                    "uuid": user["uuid"],
                },
            )
        self._release(switch_number, Originator.ACCESS_POINT)

    def _whose_code(self, code: str) -> tuple[Json | None, int | None, bool]:
        users = self._directory.active()
        for user in users:
            if user["access"]["pin"] == code:
                return user, None, False
        for user in users:
            for index, switch_code in enumerate(user["access"]["code"]):
                if switch_code == code:
                    return user, index + 1, False
        if self.config.duress_codes:
            for user in users:
                pin = user["access"]["pin"]
                if pin and duress_of(pin) == code:
                    return user, None, True
        return None, None, False

    def _refusal(self, user: Json | None) -> str | None:
        """Return why a user may not come in now, as UserRejected words it."""
        if self.blocked.get(ENTRY):
            return "apLocked"
        if user is None:
            return "invalidCredential"
        access = user["access"]
        now = self._clock.time()
        if now < int(access["validFrom"]) or 0 < int(access["validTo"]) <= now:
            return "invalidTime"
        if not access["accessPoints"][ENTRY]["enabled"]:
            return "invalidProfile"
        return None

    def _count_wrong(self, kind: str) -> None:
        self._wrong[kind] = self._wrong.get(kind, 0) + 1
        if self._wrong[kind] < self.config.wrong_codes:
            return
        del self._wrong[kind]
        self._limited[kind] = self._clock.call_later(
            self.config.code_block_s, lambda: self._unlimit(kind)
        )
        self._log.emit(
            "AccessLimited", {"ap": self._ap(ENTRY), "type": kind, "state": "in"}
        )

    def _unlimit(self, kind: str) -> None:
        self._limited.pop(kind, None)
        self._log.emit(
            "AccessLimited", {"ap": self._ap(ENTRY), "type": kind, "state": "out"}
        )

    def _authenticated(self, session: int, user: Json, ap: int) -> None:
        self._log.emit(
            "UserAuthenticated",
            {
                **self._where(session, ap),
                "name": user["name"],
                "uuid": user["uuid"],
                "apbBroken": False,
            },
        )

    def _can_release(self, switch_number: int | None) -> bool:
        switch = self._switch(switch_number)
        return switch is not None and not switch.locked and not switch.blocked

    def _release(self, switch_number: int | None, originator: Originator) -> None:
        if (switch := self._switch(switch_number)) is not None:
            switch.activate(originator)

    def _switch(self, number: int | None) -> Switch | None:
        return next(
            (
                switch
                for switch in self._switchboard.all
                if switch.config.enabled
                and (
                    switch.config.number == number
                    if number is not None
                    else switch.config.opens_door
                )
            ),
            None,
        )

    def _check_access_point(self, ap: int) -> None:
        if ap not in self.config.access_points:
            raise ApiError(ErrorCode.INVALID, "id")
        if not self.config.access_points[ap]:
            raise ApiError(ErrorCode.REJECTED)

    def _where(self, session: int, ap: int = ENTRY) -> Json:
        return {"ap": self._ap(ap), "session": session}

    def _ap(self, ap: int) -> int | str:
        return str(ap) if self.ap_as_string else ap

    def _forget_typed(self) -> None:
        self._typed = ""
        if self._typing is not None:
            self._typing.cancel()
            self._typing = None
