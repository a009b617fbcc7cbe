"""The tables of the register, and how an older database becomes one of today."""

from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

VERSION: Final = 1

METADATA = MetaData()

# SQLite numbers rows by an INTEGER PRIMARY KEY only.
_Number = BigInteger().with_variant(Integer, "sqlite")
_Hash = LargeBinary(32)

# Texts are compared byte by byte on MariaDB too, and hold any letter there.
_TABLE: Final[dict[str, Any]] = {
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
    "mysql_engine": "InnoDB",
    "mariadb_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_bin",
    "mariadb_engine": "InnoDB",
}

ENTRIES = Table(
    "register_entries",
    METADATA,
    Column("sequence", _Number, primary_key=True, autoincrement=False),
    Column("format", SmallInteger, nullable=False),
    Column("previous", _Hash, nullable=False),
    Column("hash", _Hash, nullable=False),
    # Of the content, once that was removed; the entry that says so and why.
    Column("digest", _Hash),
    Column("removed_by", _Number),
    # The content: all NULL once it was removed.
    Column("id", String(32), unique=True),
    Column("type", String(16)),
    Column("event", String(64)),
    Column("at", BigInteger),
    Column("utc_offset", Integer),
    Column("zone", String(64)),
    Column("actor_kind", String(16)),
    Column("actor_name", String(255)),
    Column("actor_id", String(255)),
    Column("place_id", String(255)),
    Column("place_name", String(255)),
    Column("outcome", String(255)),
    Column("session", String(64)),
    Column("details", Text),
    **_TABLE,
)
Index("register_entries_at", ENTRIES.c.at)
Index("register_entries_type", ENTRIES.c.type, ENTRIES.c.at)
Index("register_entries_actor_id", ENTRIES.c.actor_id, ENTRIES.c.at)
Index("register_entries_actor_name", ENTRIES.c.actor_name, ENTRIES.c.at)
Index("register_entries_session", ENTRIES.c.session)

# One row: whose register this is, which chain, and the version of these tables.
INFO = Table(
    "register_info",
    METADATA,
    Column("practice", String(64), primary_key=True),
    Column("chain", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    **_TABLE,
)

# From the version before to each version; none was released yet before the first.
MIGRATIONS: Final[dict[int, Callable[[Connection], None]]] = {}


class NotOursError(Exception):
    """The database holds another practice's register, or one of a later version."""


def prepare(connection: Connection, practice: str) -> str:
    """Make or update the tables; return the chain's identifier.

    Raises NotOursError.
    """
    METADATA.create_all(connection)
    found = connection.execute(select(INFO)).one_or_none()
    if found is None:
        chain = uuid4().hex
        connection.execute(
            insert(INFO).values(practice=practice, chain=chain, version=VERSION)
        )
        return chain
    if found.practice != practice:
        raise NotOursError("another practice's register")
    _migrate(connection, found.version)
    return str(found.chain)


def _migrate(connection: Connection, version: int) -> None:
    if version > VERSION:
        raise NotOursError("the register of a later version")
    for step in range(version + 1, VERSION + 1):
        MIGRATIONS[step](connection)
        connection.execute(update(INFO).values(version=step))
