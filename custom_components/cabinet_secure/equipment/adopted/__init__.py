"""Entities that Home Assistant has already, as the practice's equipment.

The one package of equipment that knows Home Assistant. `freshness` and `settings` do
not: what a press is worth is decided without it.
"""

from .door import AdoptedDoor
from .panic_button import AdoptedPanicButton
from .siren import AdoptedSiren

__all__ = ["AdoptedDoor", "AdoptedPanicButton", "AdoptedSiren"]
