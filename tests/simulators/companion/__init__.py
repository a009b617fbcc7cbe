"""A phone with Home Assistant's companion app, for tests, benchmarks and demonstration.

It speaks the `mobile_app` protocol as the Android and the iOS app do, and shares no
code with the product or with Home Assistant.
"""

from .app import Os
from .errors import (
    CompanionError,
    LockedError,
    NotDeliveredError,
    RegistrationGoneError,
    SignInError,
)
from .link import ConnectionState
from .notification import Action, Notification
from .phone import Phone, Picture
from .screen import Happening, HistoryEntry
from .sign_in import SignIn

__all__ = [
    "Action",
    "CompanionError",
    "ConnectionState",
    "Happening",
    "HistoryEntry",
    "LockedError",
    "NotDeliveredError",
    "Notification",
    "Os",
    "Phone",
    "Picture",
    "RegistrationGoneError",
    "SignIn",
    "SignInError",
]
