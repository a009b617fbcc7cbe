"""Blueprints are copied, kept up to date where unedited, and never lost."""

from collections.abc import AsyncGenerator
from pathlib import Path

from homeassistant.auth.models import User
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.components.blueprint.schemas import BLUEPRINT_SCHEMA
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import yaml as yaml_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.cabinet_secure import blueprint_install
from custom_components.cabinet_secure.const import DOMAIN
from tests.flows.texts import LANGUAGES
from tests.practices import demo_subentry, practice_entry

pytestmark = pytest.mark.filterwarnings(
    "ignore:It is recommended to use web.RequestKey"
)

NAME = "cabinet-secure/notify.yaml"
BEHIND = f"blueprint_behind-{NAME}"
MISSING = f"blueprint_missing-{NAME}"

BLUEPRINT = """\
blueprint:
  name: Notify
  domain: automation
  source_url: https://github.com/cabinet-secure/cabinet-secure/blob/main/notify.yaml
  input:
    event_type:
      name: Event
      default: bell
triggers:
  - trigger: event
    event_type: !input event_type
actions:
  - event: told
    event_data:
      version: {version}
"""
VERSION_1 = BLUEPRINT.format(version=1)
VERSION_2 = BLUEPRINT.format(version=2)
EDITED = VERSION_1.replace("Notify", "Our own")


class Shelf:
    """What is shipped, what is installed, and the practice that installs it."""

    def __init__(
        self, hass: HomeAssistant, entry: MockConfigEntry, shipped: Path
    ) -> None:
        self.hass = hass
        self.entry = entry
        self._shipped = shipped / NAME
        self._shipped.parent.mkdir(parents=True)
        self.copy = Path(hass.config.path("blueprints", "automation", NAME))
        self.store = Path(hass.config.path(".storage", f"{DOMAIN}.blueprints"))
        self.backup = self.copy.with_name("notify.yaml.bak")

    async def ship(self, text: str) -> None:
        """Start the practice with a version that ships this."""
        self._shipped.write_text(text)
        if self.entry.state.recoverable:
            await self.hass.config_entries.async_unload(self.entry.entry_id)
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()

    def issues(self) -> set[str]:
        """Return the repairs of blueprints that are open."""
        return {
            issue.issue_id
            for issue in ir.async_get(self.hass).issues.values()
            if issue.domain == DOMAIN
            and issue.active
            and issue.issue_id.startswith("blueprint_")
        }

    async def told(self) -> list[int]:
        """Ring for the automation; return the versions that answered."""
        events: list[Event] = async_capture_events(self.hass, "told")
        self.hass.bus.async_fire("bell")
        await self.hass.async_block_till_done()
        return [event.data["version"] for event in events]


@pytest.fixture
async def shelf(
    hass: HomeAssistant,
    people: dict[str, User],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[Shelf]:
    """Add a practice whose blueprints are those of the test."""
    shipped = tmp_path / "shipped"
    monkeypatch.setattr(blueprint_install, "SHIPPED", shipped)
    entry = practice_entry(people, demo_subentry())
    entry.add_to_hass(hass)
    yield Shelf(hass, entry, shipped)
    if hass.config_entries.async_get_entry(entry.entry_id):
        await hass.config_entries.async_unload(entry.entry_id)


async def set_up_automations(hass: HomeAssistant, *, using: bool) -> None:
    """Set up automations: one that uses the blueprint, or none."""
    automation = {
        "id": "ring",
        "alias": "ring",
        "use_blueprint": {"path": NAME, "input": {}},
    }
    config = {"automation": [automation] if using else []}
    configuration = Path(hass.config.path("configuration.yaml"))
    await hass.async_add_executor_job(configuration.write_text, yaml_util.dump(config))
    assert await async_setup_component(hass, "automation", config)
    await hass.async_block_till_done()


async def mend(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, issue: str
) -> dict[str, str]:
    """Go through the repair as its page does; return how it ended."""
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue}
    )
    form = await response.json()
    assert form["step_id"] == "confirm"
    assert form["description_placeholders"]["path"] == NAME
    response = await client.post(f"/api/repairs/issues/fix/{form['flow_id']}", json={})
    result: dict[str, str] = await response.json()
    await hass.async_block_till_done()
    return result


async def test_a_new_blueprint_is_there_after_set_up(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    await set_up_automations(hass, using=False)
    await shelf.ship(VERSION_1)
    assert shelf.copy.read_text() == VERSION_1
    assert NAME in await async_get_blueprints(hass).async_get_blueprints()
    assert not shelf.issues()


async def test_what_is_shipped_is_what_is_installed(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    await set_up_automations(hass, using=False)
    entry = practice_entry(people, demo_subentry())
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    installed = Path(hass.config.path("blueprints", "automation", "cabinet-secure"))
    assert (installed / "notify_on_ring.yaml").is_file()
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_examples_of_home_assistant_are_not_kept_out(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    await shelf.ship(VERSION_1)
    assert not shelf.copy.exists()
    await set_up_automations(hass, using=False)
    assert shelf.copy.exists()
    assert (shelf.copy.parents[1] / "homeassistant" / "motion_light.yaml").exists()


async def test_an_automation_that_waits_for_it_works_at_once(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    await set_up_automations(hass, using=True)
    assert hass.states.is_state("automation.ring", "unavailable")
    await shelf.ship(VERSION_1)
    assert await shelf.told() == [1]


async def test_an_unedited_copy_follows_and_automations_use_it_at_once(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    await set_up_automations(hass, using=True)
    await shelf.ship(VERSION_1)
    await shelf.ship(VERSION_2)
    assert shelf.copy.read_text() == VERSION_2
    assert await shelf.told() == [2]
    assert not shelf.issues()


async def test_nothing_is_reloaded_when_nothing_has_changed(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    await set_up_automations(hass, using=True)
    await shelf.ship(VERSION_1)
    reloads = async_capture_events(hass, "automation_reloaded")
    await shelf.ship(VERSION_1)
    assert not reloads


async def test_a_copy_imported_by_the_button_follows_too(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    # Home Assistant writes what it imports in its own way.
    parsed = yaml_util.parse_yaml(VERSION_1)
    assert isinstance(parsed, dict)
    imported = Blueprint(parsed, schema=BLUEPRINT_SCHEMA)
    shelf.copy.parent.mkdir(parents=True)
    shelf.copy.write_text(imported.yaml())
    assert shelf.copy.read_text() != VERSION_1
    await set_up_automations(hass, using=False)
    await shelf.ship(VERSION_1)
    assert shelf.copy.read_text() == imported.yaml()
    await shelf.ship(VERSION_2)
    assert shelf.copy.read_text() == VERSION_2
    assert not shelf.issues()


async def test_an_edited_copy_is_kept_and_is_not_behind_by_itself(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    await set_up_automations(hass, using=False)
    await shelf.ship(VERSION_1)
    shelf.copy.write_text(EDITED)
    await shelf.ship(VERSION_1)
    assert shelf.copy.read_text() == EDITED
    assert not shelf.issues()


async def test_an_edited_copy_that_is_behind_is_kept_until_somebody_takes_the_new_one(
    hass: HomeAssistant, shelf: Shelf, hass_client: ClientSessionGenerator
) -> None:
    await set_up_automations(hass, using=True)
    await shelf.ship(VERSION_1)
    shelf.copy.write_text(EDITED)
    await shelf.ship(VERSION_2)
    assert shelf.copy.read_text() == EDITED
    assert shelf.issues() == {BEHIND}

    assert (await mend(hass, hass_client, BEHIND))["type"] == "create_entry"
    assert shelf.copy.read_text() == VERSION_2
    assert shelf.backup.read_text() == EDITED
    assert shelf.issues() == set()
    assert await shelf.told() == [2]
    # And it follows again.
    await shelf.ship(VERSION_1)
    assert shelf.copy.read_text() == VERSION_1


@pytest.mark.parametrize(
    "broken", [b"blueprint: [", b"\xff\xfe"], ids=["not YAML", "not text"]
)
async def test_a_copy_that_cannot_be_read_is_kept_and_offered_anew(
    hass: HomeAssistant, shelf: Shelf, broken: bytes
) -> None:
    shelf.copy.parent.mkdir(parents=True)
    shelf.copy.write_bytes(broken)
    await set_up_automations(hass, using=False)
    await shelf.ship(VERSION_1)
    assert shelf.copy.read_bytes() == broken
    assert shelf.issues() == {BEHIND}


async def test_a_deleted_blueprint_that_nobody_uses_stays_deleted(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    await set_up_automations(hass, using=False)
    await shelf.ship(VERSION_1)
    shelf.copy.unlink()
    await shelf.ship(VERSION_2)
    assert not shelf.copy.exists()
    assert not shelf.issues()


async def test_a_deleted_blueprint_that_an_automation_uses_is_offered_again(
    hass: HomeAssistant, shelf: Shelf, hass_client: ClientSessionGenerator
) -> None:
    await set_up_automations(hass, using=True)
    await shelf.ship(VERSION_1)
    shelf.copy.unlink()
    await hass.services.async_call("automation", "reload", blocking=True)
    assert hass.states.is_state("automation.ring", "unavailable")
    await shelf.ship(VERSION_1)
    assert shelf.issues() == {MISSING}

    assert (await mend(hass, hass_client, MISSING))["type"] == "create_entry"
    assert not shelf.backup.exists()
    assert shelf.issues() == set()
    assert await shelf.told() == [1]


async def test_the_last_practice_takes_unedited_unused_blueprints_with_it(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    await set_up_automations(hass, using=False)
    await shelf.ship(VERSION_1)
    await hass.config_entries.async_remove(shelf.entry.entry_id)
    assert not shelf.copy.parent.exists()
    assert NAME not in await async_get_blueprints(hass).async_get_blueprints()
    # Nothing is left behind either.
    assert not shelf.store.exists()


async def test_another_practice_keeps_them(
    hass: HomeAssistant, shelf: Shelf, people: dict[str, User]
) -> None:
    await set_up_automations(hass, using=False)
    await shelf.ship(VERSION_1)
    practice_entry(people).add_to_hass(hass)
    await hass.config_entries.async_remove(shelf.entry.entry_id)
    assert shelf.copy.exists()


async def test_removal_leaves_what_was_edited(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    await set_up_automations(hass, using=False)
    await shelf.ship(VERSION_1)
    shelf.copy.write_text(EDITED)
    await shelf.ship(VERSION_2)
    await hass.config_entries.async_remove(shelf.entry.entry_id)
    assert shelf.copy.read_text() == EDITED
    assert not shelf.issues()


async def test_removal_leaves_what_an_automation_uses(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    await set_up_automations(hass, using=True)
    await shelf.ship(VERSION_1)
    await hass.config_entries.async_remove(shelf.entry.entry_id)
    assert shelf.copy.exists()


async def test_removal_leaves_other_files_in_the_folder(
    hass: HomeAssistant, shelf: Shelf
) -> None:
    await set_up_automations(hass, using=False)
    await shelf.ship(VERSION_1)
    other = shelf.copy.with_name("other.yaml")
    other.write_text(EDITED)
    await hass.config_entries.async_remove(shelf.entry.entry_id)
    assert not shelf.copy.exists()
    assert other.exists()


async def test_a_folder_that_cannot_be_written_does_not_stop_the_practice(
    hass: HomeAssistant, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    await set_up_automations(hass, using=False)
    # A file stands where the folder should be.
    shelf.copy.parent.write_text("")
    await shelf.ship(VERSION_1)
    assert shelf.entry.state.name == "LOADED"
    assert "Cannot bring the blueprints up to date" in caplog.text
    # It is tried again at the next start.
    shelf.copy.parent.unlink()
    await shelf.ship(VERSION_1)
    assert shelf.copy.exists()


async def test_a_repair_that_cannot_write_says_so_and_stays(
    hass: HomeAssistant,
    shelf: Shelf,
    hass_client: ClientSessionGenerator,
) -> None:
    await set_up_automations(hass, using=False)
    await shelf.ship(VERSION_1)
    shelf.copy.write_text(EDITED)
    await shelf.ship(VERSION_2)
    shelf.backup.mkdir()
    result = await mend(hass, hass_client, BEHIND)
    assert (result["type"], result["reason"]) == ("abort", "not_written")
    assert shelf.copy.read_text() == EDITED
    assert shelf.issues() == {BEHIND}


def test_the_repairs_are_translated() -> None:
    for texts in LANGUAGES.values():
        for issue in blueprint_install.BlueprintIssue:
            text = texts["issues"][issue]
            confirm = text["fix_flow"]["step"]["confirm"]
            assert text["title"]
            assert confirm["title"]
            assert "{path}" in confirm["description"]
            assert text["fix_flow"]["abort"]["not_written"]
