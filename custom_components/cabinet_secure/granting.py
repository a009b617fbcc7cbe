"""Giving a grant: the practice decides, a code is made, and devices get it."""

from dataclasses import dataclass, field
from datetime import datetime
import re
from typing import Final

from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .coordinator import PracticeCoordinator
from .equipment.access_list import AccessList
from .opening_links import new_link
from .practice.grants.events import GrantRequested
from .practice.grants.model import Grant, GrantRole, Means, WeeklyWindow
from .practice.people import Actor

# Devices keep names of at most so many characters.
LONGEST_LABEL: Final = 60

_CARD = re.compile(r"[0-9A-F]{6,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody fills in to let somebody in."""

    label: str
    person: str | None = None
    role: GrantRole
    means: Means = Means.CODE
    doors: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime
    windows: tuple[WeeklyWindow, ...] = ()
    uses: int | None = None
    reason: str = ""
    # The number of a card, in hexadecimal.
    card: str = field(default="", repr=False)


async def async_grant(
    coordinator: PracticeCoordinator, actor: Actor, wish: Wish
) -> tuple[Grant, str | None]:
    """Return the new grant and its code or link, which is never to be had again.

    Returns once devices that check by themselves have it, or after some seconds.
    Raises ServiceValidationError where the practice refuses.
    """
    secret, digest = await _credential(coordinator, wish)
    coordinator.lists.hand_over(secret, digest)
    try:
        await coordinator.async_request(
            GrantRequested(
                actor=actor,
                label=wish.label,
                person=wish.person,
                role=wish.role,
                means=wish.means,
                digest=digest,
                doors=wish.doors,
                valid_from=wish.valid_from,
                valid_to=wish.valid_to,
                windows=wish.windows,
                uses=wish.uses,
                reason=wish.reason,
            )
        )
    except ServiceValidationError:
        coordinator.lists.forget_code(digest)
        raise
    grant = _with_digest(coordinator, digest)
    await coordinator.lists.settled(held.equipment for held in grant.holdings)
    if not grant.holdings:
        coordinator.lists.forget_code(digest)
    return (
        _with_digest(coordinator, digest),
        None if wish.means is Means.CARD else secret,
    )


async def _credential(coordinator: PracticeCoordinator, wish: Wish) -> tuple[str, str]:
    """Return what is presented later, and its digest."""
    if wish.means is Means.CARD:
        card = wish.card.replace(":", "").replace(" ", "").upper()
        if not _CARD.fullmatch(card):
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="not_a_card"
            )
        return card, await coordinator.lists.credentials.digest(card)
    if wish.means is Means.LINK:
        return _link(coordinator, wish)
    return await coordinator.lists.credentials.new_code(
        _digits(coordinator, wish.doors),
        [grant.digest for grant in coordinator.state.grants.grants],
    )


def _link(coordinator: PracticeCoordinator, wish: Wish) -> tuple[str, str]:
    """Return the address of a link, and its digest."""
    known = [door for door in wish.doors if door in coordinator.doors]
    return new_link(coordinator, known[0] if known else "", wish.valid_to)


def _digits(coordinator: PracticeCoordinator, doors: tuple[str, ...]) -> int:
    """Return how long a code may be at most that all of these doors take."""
    lists = [
        equipment.access_list
        for equipment in coordinator.equipment.values()
        if equipment.access_list is not None
        and any(door.id in doors for door in equipment.doors)
    ]
    return min((each.digits for each in lists), default=AccessList.digits)


def _with_digest(coordinator: PracticeCoordinator, digest: str) -> Grant:
    return next(
        grant for grant in coordinator.state.grants.grants if grant.digest == digest
    )
