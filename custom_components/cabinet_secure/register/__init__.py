"""The register: everything that happened, kept as long as allowed and no longer.

It imports nothing of Home Assistant.
"""

from .book import Found
from .engine import Location, location_of
from .model import Anchor, Cursor, Entry, EntryType, Kept, NewEntry, Page, Place, Query
from .probe import probe
from .register import Condition, Register, RegisterError
from .retention import Freeze, Retention, freeze
from .trouble import Trouble
from .verification import Fault, FaultKind, Verification
from .writer import Interruption

__all__ = [
    "Anchor",
    "Condition",
    "Cursor",
    "Entry",
    "EntryType",
    "Fault",
    "FaultKind",
    "Found",
    "Freeze",
    "Interruption",
    "Kept",
    "Location",
    "NewEntry",
    "Page",
    "Place",
    "Query",
    "Register",
    "RegisterError",
    "Retention",
    "Trouble",
    "Verification",
    "freeze",
    "location_of",
    "probe",
]
