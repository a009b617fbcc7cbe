"""Where the registers of these tests are kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.register.postgresql import PostgreSQL, postgresql


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where a register may be."""
    return tmp_path / "cabinet_secure" / "register.db"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    """Return a PostgreSQL that runs."""
    with postgresql() as server:
        yield server
