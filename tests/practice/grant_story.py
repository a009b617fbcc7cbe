"""A practice that gives codes: the entrance's station checks them, the courtyard's not."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.cabinet_secure.practice.effects import AnnounceDoor, Effect
from custom_components.cabinet_secure.practice.events import AccessDenied, AccessGranted
from custom_components.cabinet_secure.practice.grants.config import GrantsConfig
from custom_components.cabinet_secure.practice.grants.effects import (
    AnnounceGrant,
    GrantEvent,
    WriteAccessList,
)
from custom_components.cabinet_secure.practice.grants.events import (
    AccessListRead,
    AccessListRefused,
    DoorCodePresented,
    GrantRequested,
    LinkPresented,
    LinkVisited,
    RevokeHolderRequested,
    RevokeRequested,
)
from custom_components.cabinet_secure.practice.grants.lists import entries
from custom_components.cabinet_secure.practice.grants.model import (
    AccessEntry,
    Grant,
    GrantRole,
    Means,
)
from custom_components.cabinet_secure.practice.people import Actor, ActorKind

from .builders import COURTYARD, DOCTOR, ENTRANCE, STATIONS, Story

PARIS = ZoneInfo("Europe/Paris")
LIST = STATIONS[ENTRANCE]
VISITOR = Actor(kind=ActorKind.CODE, name="link")


def grants_config(**changes: Any) -> GrantsConfig:
    """Return what most stories are about, changed."""
    return GrantsConfig(
        **{
            "zone": PARIS,
            "lists": frozenset({LIST}),
            "keypads": frozenset({COURTYARD}),
            "links": True,
        }
        | changes
    )


class GrantStory(Story):
    """A story in which people are given access."""

    def __init__(self, **config: Any) -> None:
        super().__init__(grants=grants_config(**config))
        for door in (ENTRANCE, COURTYARD):
            self.look(door)

    def grant(
        self,
        label: str = "Locum",
        *,
        doors: tuple[str, ...] = (ENTRANCE,),
        begins: timedelta = timedelta(),
        lasts: timedelta = timedelta(days=7),
        actor: Actor = DOCTOR,
        digest: str | None = None,
        **more: Any,
    ) -> Grant | None:
        """Give access, from now on unless told otherwise; None where it is refused."""
        known = {grant.id for grant in self.grants}
        self.hear(
            GrantRequested(
                **{
                    "actor": actor,
                    "label": label,
                    "role": GrantRole.LOCUM,
                    "means": Means.CODE,
                    "digest": digest or f"digest of {label} {len(known)}",
                    "doors": doors,
                    "valid_from": self.now + begins,
                    "valid_to": self.now + begins + lasts,
                }
                | more
            )
        )
        return next((grant for grant in self.grants if grant.id not in known), None)

    def given(self, *args: Any, **more: Any) -> Grant:
        """Give access that is not refused."""
        grant = self.grant(*args, **more)
        assert grant is not None, self.refusals
        return grant

    def now_of(self, grant: Grant) -> Grant:
        """Return what is remembered of a grant by now."""
        known = self.state.grants.grant(grant.id)
        assert known is not None
        return known

    @property
    def grants(self) -> tuple[Grant, ...]:
        return self.state.grants.grants

    @property
    def grant_events(self) -> list[GrantEvent]:
        return [announced.event for announced in self.done(AnnounceGrant)]

    @property
    def reasons(self) -> list[str | None]:
        return [announced.reason for announced in self.done(AnnounceDoor)]

    @property
    def is_written(self) -> bool:
        """Whether the device's list is to be written."""
        return WriteAccessList(equipment=LIST) in self.effects

    def wanted(self) -> dict[str, AccessEntry]:
        """Return what the device should hold now."""
        listed = entries(self.config, self.state.grants, LIST, self.now)
        return {entry.grant: entry for entry in listed}

    def revoke(self, grant: Grant, actor: Actor = DOCTOR) -> list[Effect]:
        return self.hear(RevokeRequested(actor=actor, grant=grant.id))

    def revoke_all_of(self, holder: str, actor: Actor = DOCTOR) -> list[Effect]:
        return self.hear(RevokeHolderRequested(actor=actor, holder=holder))

    def type_code(
        self, grant: Grant | None, door: str = COURTYARD, *, late: bool = False
    ) -> list[Effect]:
        return self.hear(
            DoorCodePresented(
                equipment=STATIONS[door],
                door=door,
                late=late,
                digest=grant.digest if grant else "another",
            )
        )

    def visit(self, grant: Grant | None) -> list[Effect]:
        digest = grant.digest if grant else "another"
        return self.hear(LinkVisited(actor=VISITOR, digest=digest))

    def press_button(self, grant: Grant | None, door: str = ENTRANCE) -> list[Effect]:
        digest = grant.digest if grant else "another"
        return self.hear(LinkPresented(actor=VISITOR, digest=digest, door=door))

    def device_grants(self, grant: Grant | None, *, late: bool = False) -> list[Effect]:
        return self.hear(
            AccessGranted(
                equipment=LIST,
                door=ENTRANCE,
                label=grant.label if grant else "Caretaker",
                method="code",
                grant=grant.id if grant else "somebody else's",
                late=late,
            )
        )

    def device_denies(
        self,
        grant: Grant | None,
        reason: str = "invalidProfile",
        *,
        late: bool = False,
    ) -> list[Effect]:
        return self.hear(
            AccessDenied(
                equipment=LIST,
                door=ENTRANCE,
                label=grant.label if grant else "",
                reason=reason,
                grant=grant.id if grant else None,
                late=late,
            )
        )

    def list_read(self, *held: Grant, **more: Any) -> list[Effect]:
        return self.hear(
            AccessListRead(
                equipment=LIST, held=frozenset(grant.id for grant in held), **more
            )
        )

    def list_refused(self) -> list[Effect]:
        return self.hear(AccessListRefused(equipment=LIST, reason="refused"))


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """Return a moment by the clock of the practice; Monday is 2 March 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)
