"""The practice decides; it does nothing itself.

A pure state machine without Home Assistant, input or output, or clock:
`Practice.handle(event, now)` takes what was heard and answers with what is to be done.
Anything that can open a door is decided in this package and nowhere else.
"""

from .machine import Practice

__all__ = ["Practice"]
