"""The database of a register: where it is, and how it is connected to."""

from dataclasses import dataclass, field
import hashlib
import os
from pathlib import Path
import sqlite3
from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, Pool

# Seconds that one attempt to write waits for somebody else's lock, or for a server.
PATIENCE: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a register is kept: a file of SQLite, or a server where there is a `url`.

    The address holds a password, and is never printed.
    """

    file: Path
    url: URL | None = field(default=None, repr=False)

    @property
    def fingerprint(self) -> str:
        """What tells one database from another, without its address."""
        address = (
            str(self.file)
            if self.url is None
            else f"{self.url.host}:{self.url.port}/{self.url.database}"
        )
        return hashlib.sha256(address.encode()).hexdigest()[:16]


# Whatever else SQLAlchemy may know is not what the register was written for.
SERVERS: Final = frozenset({"postgresql", "mysql", "mariadb"})


def location_of(url: str | None, file: Path) -> Location:
    """Return the location of an address, or of the file where there is none.

    Raises sqlalchemy.exc.ArgumentError for what is no address of such a server.
    """
    if not url:
        return Location(file=file)
    parsed = make_url(url)
    if parsed.get_backend_name() not in SERVERS:
        raise ArgumentError("Not the address of PostgreSQL or MariaDB")
    return Location(file=file, url=parsed)


def writing_engine(location: Location) -> Engine:
    """Return an engine for the one who writes.

    Raises ImportError or sqlalchemy.exc.NoSuchModuleError without the driver, OSError
    where the file cannot be made.
    """
    if location.url is not None:
        return _server_engine(location.url)
    location.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Readable by its owner only, from the first byte on; SQLite's other files follow.
    os.close(os.open(location.file, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(
        URL.create("sqlite", database=str(location.file)),
        connect_args={"timeout": PATIENCE},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _durable)
    event.listen(
        engine,
        "begin",
        lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"),
    )
    return engine


def reading_engine(location: Location) -> Engine:
    """Return an engine whose connections cannot change anything.

    Each is closed after its use: a read may outlast the stop of the register.
    """
    if location.url is not None:
        return _server_engine(location.url, NullPool)
    return create_engine(
        URL.create(
            "sqlite",
            database=location.file.absolute().as_uri(),
            query={"mode": "ro", "uri": "true"},
        ),
        connect_args={"timeout": PATIENCE},
        hide_parameters=True,
        poolclass=NullPool,
    )


def _server_engine(url: URL, pool: type[Pool] | None = None) -> Engine:
    return create_engine(
        url,
        poolclass=pool,
        # So named by the drivers of PostgreSQL and of MariaDB.
        connect_args={"connect_timeout": PATIENCE},
        pool_pre_ping=True,
        hide_parameters=True,
    )


def _durable(connection: sqlite3.Connection, _record: Any) -> None:
    """Make every commit last: a crash of the machine loses none."""
    # Transactions are begun by us, so that two writers never work from one end.
    connection.isolation_level = None
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        # What is removed is overwritten: it must not be found in the file any more.
        connection.execute("PRAGMA secure_delete=ON")
    except sqlite3.Error:
        # The pool forgets a connection that it could not prepare.
        connection.close()
        raise
