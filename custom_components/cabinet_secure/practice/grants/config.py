"""What the practice was told about grants when it was set up."""

from dataclasses import dataclass
from datetime import UTC, tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantsConfig:
    """Where codes are checked, which doors need two people, whether links may open."""

    # The clock that weekly windows go by.
    zone: tzinfo = UTC
    # Equipment that holds codes and checks them by itself.
    lists: frozenset[str] = frozenset()
    # Doors with a keypad whose codes are checked here.
    keypads: frozenset[str] = frozenset()
    two_people: frozenset[str] = frozenset()
    links: bool = False
