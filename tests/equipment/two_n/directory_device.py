"""The directory of a device without a network: requests come to nothing or to answers."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
import hashlib
from typing import Any

from custom_components.cabinet_secure.equipment.two_n.access_list import (
    StationAccessList,
)
from custom_components.cabinet_secure.equipment.two_n.connection import Connection
from custom_components.cabinet_secure.equipment.two_n.directory import Directory
from custom_components.cabinet_secure.equipment.two_n.errors import Refused, Unreachable
from custom_components.cabinet_secure.equipment.two_n.json_reading import Json
from tests.simulators.two_n.directory import Directory as SimulatedDirectory


class DirectoryDevice(Connection):
    """A device's directory, its network, and what was asked of it."""

    def __init__(self) -> None:
        self.directory = SimulatedDirectory()
        self.online = True
        self.read_only = False
        # How many requests still come through before the network is lost; None: all.
        self.cut_after: int | None = None
        # Whether a request that is cut off was carried out all the same.
        self.answer_lost = False
        self.requests: list[str] = []

    def access_list(
        self, switches: Mapping[str, int] | None = None
    ) -> StationAccessList:
        """Return our side of it, as it is after a start."""
        return StationAccessList(Directory(self), switches or {"door": 1})

    async def read(
        self, path: str, query: Mapping[str, str | int] | None = None
    ) -> dict[str, Json]:
        """Answer a GET."""
        return self._ask(path, self.directory.template)

    async def send_json(
        self,
        method: str,
        path: str,
        document: Mapping[str, Any],
        query: Mapping[str, str | int] | None = None,
    ) -> dict[str, Json]:
        """Answer a request with a document."""
        directory = self.directory
        match path:
            case "dir/query":
                return self._ask(
                    path,
                    lambda: directory.query(
                        series=document.get("series"),
                        fields=document["fields"],
                        since=document["iterator"]["timestamp"],
                    ),
                )
            case "dir/get":
                return self._ask(
                    path, lambda: directory.get(document["fields"], document["users"])
                )
        if self.online and self.read_only:
            raise Refused(17)
        writes: dict[str, Callable[[], dict[str, Json]]] = {
            "dir/create": lambda: directory.create(
                document["users"], force=bool(query and query.get("force"))
            ),
            "dir/update": lambda: directory.update(document["users"]),
            "dir/delete": lambda: directory.delete(
                owner=None, entries=document["users"]
            ),
        }
        return self._ask(path, writes[path])

    def _ask(self, path: str, answer: Callable[[], dict[str, Json]]) -> dict[str, Json]:
        self.requests.append(path)
        if self.cut_after is not None:
            if self.cut_after == 0:
                self.online = False
            self.cut_after = None if self.cut_after == 0 else self.cut_after - 1
            if not self.online and self.answer_lost:
                answer()
        if not self.online:
            raise Unreachable("no network")
        return answer()

    def entry(self, uuid: str) -> dict[str, Any] | None:
        """Return an entry as it is on the device."""
        return self.directory.find(uuid)

    def ours(self) -> dict[str, dict[str, Any]]:
        """Return the entries that we made."""
        return {
            user["uuid"]: user
            for user in self.directory.active()
            if user["owner"] == "cabinet_secure"
        }

    def edit(self, uuid: str, **changes: Any) -> None:
        """Change an entry as an installer does at the device."""
        self.directory.update([{"uuid": uuid, **changes}])

    def remove(self, uuid: str) -> None:
        """Delete an entry as an installer does at the device."""
        self.directory.delete(owner=None, entries=[{"uuid": uuid}])


async def digest(code: str) -> str:
    """Return a digest that costs nothing."""
    return hashlib.sha256(code.encode()).hexdigest()


def digest_of(code: str) -> str:
    """Return the same, at once."""
    return hashlib.sha256(code.encode()).hexdigest()


def finish[T](coroutine: Coroutine[Any, Any, T]) -> T:
    """Run something that waits for nothing."""
    return asyncio.run(coroutine)
