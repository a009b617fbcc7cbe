"""A 2N door station that speaks the HTTP API, for tests, benchmarks and demonstration.

It shares no code with the product: it is written from the protocol alone, so that the
two can be checked against each other.
"""

from .config import (
    AccountConfig,
    AuthMode,
    ChallengeStyle,
    PortConfig,
    PortType,
    Privilege,
    Service,
    ServiceConfig,
    StationConfig,
    SwitchConfig,
    SwitchMode,
    SwitchType,
)
from .server import TwoNSimulator

__all__ = [
    "AccountConfig",
    "AuthMode",
    "ChallengeStyle",
    "PortConfig",
    "PortType",
    "Privilege",
    "Service",
    "ServiceConfig",
    "StationConfig",
    "SwitchConfig",
    "SwitchMode",
    "SwitchType",
    "TwoNSimulator",
]
