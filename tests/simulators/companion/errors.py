"""What can go wrong on a phone."""


class CompanionError(Exception):
    """Something the person who holds the phone would be told."""


class SignInError(CompanionError):
    """Home Assistant knows neither this person nor this token."""


class RegistrationGoneError(CompanionError):
    """Home Assistant does not know this phone any more."""


class NotDeliveredError(CompanionError):
    """An answer did not reach Home Assistant; the notification stays."""


class LockedError(CompanionError):
    """The action asks for an unlocked phone."""
