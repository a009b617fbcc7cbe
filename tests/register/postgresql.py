"""A real PostgreSQL on a socket of its own, for as long as the tests need it."""

from collections.abc import Iterator
import contextlib
import os
from pathlib import Path
import pwd
import subprocess
import tempfile

import pytest

_PORT = 5432
_ACCOUNT = "postgres"


class PostgreSQL:
    """A server in a folder; its socket is in there too, and no port is open."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._data = folder / "data"
        self._socket = folder
        self._programs = programs

    def start(self) -> None:
        """Start, and return once it answers."""
        if not self._data.exists():
            self._run("initdb", "-D", str(self._data), "-U", "register", "-A", "trust")
        options = f"-c listen_addresses='' -c port={_PORT} -k {self._socket}"
        log = str(self._data / "log")
        self._run(
            "pg_ctl", "-D", str(self._data), "-l", log, "-w", "-o", options, "start"
        )

    def stop(self) -> None:
        """Stop at once, as a crash of the machine would."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def database(self, name: str) -> str:
        """Make an empty database, and return its address."""
        self._run(
            "createdb",
            "-h",
            str(self._socket),
            "-p",
            str(_PORT),
            "-U",
            "register",
            name,
        )
        return f"postgresql+psycopg://register@/{name}?host={self._socket}&port={_PORT}"

    def sql(self, database: str, statement: str) -> None:
        """Change a database behind the register's back."""
        host = str(self._socket)
        self._run(
            "psql", "-h", host, "-p", str(_PORT), "-U", "register", "-c", statement,
            database,
        )  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:
            # It refuses to run as root.
            command = ["runuser", "-u", _ACCOUNT, "--", *command]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()


@contextlib.contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Run PostgreSQL; skips where it is not installed."""
    # Debian keeps the server's programs by version, and not on the path.
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not installed:
        pytest.skip("PostgreSQL is not installed")
    # Sockets have short names; the account of the server has to get there.
    with tempfile.TemporaryDirectory(prefix="register-", dir="/tmp") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            account = pwd.getpwnam(_ACCOUNT)
            os.chown(folder, account.pw_uid, account.pw_gid)
        server = PostgreSQL(folder, installed[-1])
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(AssertionError):
                server.stop()
