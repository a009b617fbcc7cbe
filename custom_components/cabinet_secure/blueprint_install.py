"""Blueprints, copied to where automations find them and kept as the user left them.

A copy that nobody has edited follows what this version ships. One that was edited is
never touched: a repair offers the new one. One that was deleted stays deleted, unless
an automation needs it: then a repair offers it again. The names are those that Home
Assistant's own import from GitHub gives (`<owner>/<file>`), so that there is one copy.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
import hashlib
import logging
from pathlib import Path
from typing import Final, TypedDict

from homeassistant.components.automation import (
    DATA_COMPONENT,
    automations_with_blueprint,
)
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.const import SERVICE_RELOAD
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
from homeassistant.setup import async_when_setup
from homeassistant.util.file import write_utf8_file_atomic
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.yaml import parse_yaml

from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)

AUTOMATION: Final = "automation"
SHIPPED: Final = Path(__file__).parent / "blueprints" / AUTOMATION
BACKUP_SUFFIX: Final = ".bak"


class BlueprintIssue(StrEnum):
    """What a person is asked about a blueprint (translation keys of repairs)."""

    BEHIND = "blueprint_behind"
    MISSING = "blueprint_missing"


class Installed(TypedDict):
    """What is remembered of a copy: hashes of it, and of what was shipped then."""

    copied: str
    shipped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """A blueprint as this version ships it, and the copy that automations use."""

    # As automations name it, relative to the folder of automation blueprints.
    path: str
    shipped: bytes
    copied: bytes | None
    # Whether the copy says the same, though it may be written in another way.
    same: bool

    def is_unedited(self, installed: Installed | None) -> bool:
        """Whether the copy is still what it was when this was remembered."""
        return (
            self.copied is not None
            and installed is not None
            and digest(self.copied) == installed["copied"]
        )


@callback
def async_setup_blueprints(hass: HomeAssistant) -> None:
    """Bring the blueprints up to date once automations are set up.

    Not before: Home Assistant adds its own examples only where it finds no folder. And
    not in the way of a practice: a folder that cannot be written leaves it working.
    """

    async def update(hass: HomeAssistant, _component: str) -> None:
        await _blueprints(hass).update()

    async_when_setup(hass, AUTOMATION, update)


async def async_remove_blueprints(hass: HomeAssistant) -> None:
    """Take away, with the last practice, what nobody has edited or uses."""
    if not hass.config_entries.async_entries(DOMAIN):
        await _blueprints(hass).remove()


async def async_take_shipped(hass: HomeAssistant, path: str) -> None:
    """Replace a copy by what is shipped; the old one is kept beside it.

    Raises OSError or HomeAssistantError where it cannot be written.
    """
    await _blueprints(hass).take_shipped(path)


def _remembered(blueprint: Blueprint, copied: bytes) -> Installed:
    return {"copied": digest(copied), "shipped": digest(blueprint.shipped)}


def digest(content: bytes) -> str:
    """Return what content is known by."""
    return hashlib.sha256(content).hexdigest()


class _Blueprints:
    """Everything about blueprints, one thing at a time."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._folder = Path(hass.config.path("blueprints", AUTOMATION))
        # By path.
        self._store: Store[dict[str, Installed]] = Store(
            hass, 1, f"{DOMAIN}.blueprints", atomic_writes=True
        )
        self._lock = asyncio.Lock()

    async def update(self) -> None:
        """Install what is new, and ask about what is not ours to decide."""
        async with self._lock:
            installed = await self._store.async_load() or {}
            written: list[str] = []
            try:
                found = await self._hass.async_add_executor_job(_read, self._folder)
                for blueprint in found:
                    path = blueprint.path
                    if self._decide(blueprint, installed.get(path)):
                        await self._write(path, blueprint.shipped)
                        written.append(path)
                        installed[path] = _remembered(blueprint, blueprint.shipped)
                    elif blueprint.same and blueprint.copied is not None:
                        installed[path] = _remembered(blueprint, blueprint.copied)
            except (OSError, HomeAssistantError) as err:
                _LOGGER.warning("Cannot bring the blueprints up to date: %s", err)
            await self._store.async_save(installed)
            await self._use(written)

    @callback
    def _decide(self, blueprint: Blueprint, installed: Installed | None) -> bool:
        """Return whether to write what is shipped; show or close the repairs."""
        issue: BlueprintIssue | None = None
        write = False
        if blueprint.copied is None:
            write = installed is None
            if not write and _is_used(self._hass, blueprint.path):
                issue = BlueprintIssue.MISSING
        elif not blueprint.same:
            write = blueprint.is_unedited(installed)
            # One that was edited after this version came is not behind.
            if not write and (
                installed is None or installed["shipped"] != digest(blueprint.shipped)
            ):
                issue = BlueprintIssue.BEHIND
        _show(self._hass, issue, blueprint.path)
        return write

    async def take_shipped(self, path: str) -> None:
        async with self._lock:
            found = await self._hass.async_add_executor_job(_read, self._folder)
            blueprint = next(each for each in found if each.path == path)
            if blueprint.copied is not None:
                await self._write(path + BACKUP_SUFFIX, blueprint.copied)
            await self._write(path, blueprint.shipped)
            installed = await self._store.async_load() or {}
            installed[path] = _remembered(blueprint, blueprint.shipped)
            await self._store.async_save(installed)
            await self._use([path])

    async def remove(self) -> None:
        async with self._lock:
            installed = await self._store.async_load() or {}
            try:
                found = await self._hass.async_add_executor_job(_read, self._folder)
                for blueprint in found:
                    path = blueprint.path
                    _show(self._hass, None, path)
                    if blueprint.copied is None:
                        installed.pop(path, None)
                    elif (
                        blueprint.is_unedited(installed.get(path))
                        # Without automations there is nobody to ask.
                        and AUTOMATION in self._hass.config.components
                        and not _is_used(self._hass, path)
                    ):
                        await self._hass.async_add_executor_job(
                            _delete, self._folder / path
                        )
                        del installed[path]
                        await async_get_blueprints(self._hass).async_reset_cache()
            except OSError as err:
                _LOGGER.warning("Cannot remove the blueprints: %s", err)
            if installed:
                await self._store.async_save(installed)
            else:
                await self._store.async_remove()

    async def _write(self, path: str, content: bytes) -> None:
        await self._hass.async_add_executor_job(_write, self._folder / path, content)

    async def _use(self, written: list[str]) -> None:
        """Have automations use what was written."""
        if not written:
            return
        await async_get_blueprints(self._hass).async_reset_cache()
        if any(_is_used(self._hass, path) for path in written):
            await self._hass.services.async_call(
                AUTOMATION, SERVICE_RELOAD, blocking=True
            )


_BLUEPRINTS: Final = HassKey[_Blueprints](f"{DOMAIN}_blueprints")


@callback
def _blueprints(hass: HomeAssistant) -> _Blueprints:
    if _BLUEPRINTS not in hass.data:
        hass.data[_BLUEPRINTS] = _Blueprints(hass)
    return hass.data[_BLUEPRINTS]


@callback
def _is_used(hass: HomeAssistant, path: str) -> bool:
    """Whether an automation uses a blueprint, also one that fails without it."""
    if automations_with_blueprint(hass, path):
        return True
    return any(
        ((automation.raw_config or {}).get("use_blueprint") or {}).get("path") == path
        for automation in hass.data[DATA_COMPONENT].entities
    )


@callback
def _show(hass: HomeAssistant, issue: BlueprintIssue | None, path: str) -> None:
    """Show this repair of a blueprint and close any other."""
    for kind in BlueprintIssue:
        if kind is not issue:
            ir.async_delete_issue(hass, DOMAIN, f"{kind}-{path}")
    if issue is None:
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{issue}-{path}",
        data={"path": path},
        is_fixable=True,
        severity=(
            ir.IssueSeverity.ERROR
            if issue is BlueprintIssue.MISSING
            else ir.IssueSeverity.WARNING
        ),
        translation_key=issue,
        translation_placeholders={"path": path, "backup": path + BACKUP_SUFFIX},
    )


# --- files: in the executor only -----------------------------------------------------


def _read(folder: Path) -> list[Blueprint]:
    return [
        _compare(file.relative_to(SHIPPED), file.read_bytes(), folder)
        for file in sorted(SHIPPED.glob("**/*.yaml"))
    ]


def _compare(path: Path, shipped: bytes, folder: Path) -> Blueprint:
    try:
        copied = (folder / path).read_bytes()
    except FileNotFoundError:
        copied = None
    return Blueprint(
        path=path.as_posix(),
        shipped=shipped,
        copied=copied,
        same=copied is not None and (copied == shipped or _parsed(copied, shipped)),
    )


def _parsed(copied: bytes, shipped: bytes) -> bool:
    """Whether both say the same: Home Assistant's import writes YAML in its own way."""
    try:
        return bool(parse_yaml(copied.decode()) == parse_yaml(shipped.decode()))
    except HomeAssistantError, UnicodeDecodeError:
        return False


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_utf8_file_atomic(str(file), content, mode="wb")


def _delete(file: Path) -> None:
    file.unlink()
    if not any(file.parent.iterdir()):
        file.parent.rmdir()
