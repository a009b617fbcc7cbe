"""What keeps the register from being written, as far as it can be told."""

from enum import StrEnum
import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, NoSuchModuleError

from .schema import NotOursError


class Trouble(StrEnum):
    """Why entries wait in memory (public: keys of repairs)."""

    FULL = "full"  # no space left
    LOCKED = "locked"  # somebody else holds the file
    CORRUPT = "corrupt"  # the file is no database any more
    DRIVER = "driver"  # the database's driver is not installed
    NOT_OURS = "not_ours"  # another practice's register, or of a later version
    UNREACHABLE = "unreachable"  # the server or the file cannot be opened
    OTHER = "other"


_BY_CODE: Final = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_CORRUPT: Trouble.CORRUPT,
    sqlite3.SQLITE_NOTADB: Trouble.CORRUPT,
    sqlite3.SQLITE_CANTOPEN: Trouble.UNREACHABLE,
    sqlite3.SQLITE_READONLY: Trouble.UNREACHABLE,
    sqlite3.SQLITE_PERM: Trouble.UNREACHABLE,
    sqlite3.SQLITE_IOERR: Trouble.UNREACHABLE,
}
# The primary code is in the lowest byte of an extended one.
_PRIMARY: Final = 0xFF


def trouble_of(err: Exception) -> Trouble:
    """Return what an error means."""
    match err:
        case NotOursError():
            return Trouble.NOT_OURS
        case ImportError() | NoSuchModuleError():
            return Trouble.DRIVER
        case UnicodeError():
            # SQLite's own words about a file whose tables are damaged.
            return Trouble.CORRUPT
        case OSError():
            return Trouble.UNREACHABLE
        case DBAPIError(orig=sqlite3.Error() as cause):
            code = getattr(cause, "sqlite_errorcode", 0) & _PRIMARY
            return _BY_CODE.get(code, Trouble.OTHER)
        case DBAPIError() if (
            err.connection_invalidated or "Operational" in type(err).__name__
        ):
            return Trouble.UNREACHABLE
        case _:
            return Trouble.OTHER
