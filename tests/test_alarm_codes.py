"""Codes of the alarm, through every interface that takes one.

`ALARM_ATTEMPTS` in the environment has that many codes tried at each of them.
"""

import asyncio
from collections.abc import AsyncGenerator
import os
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.components.diagnostics import REDACTED
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.cabinet_secure import alarm_codes
from custom_components.cabinet_secure.alarm_codes import CodeBook
from custom_components.cabinet_secure.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.cabinet_secure.practice.intrusion.events import CodeHolder
from tests.practices import demo_subentry, practice_entry, set_up
from tests.test_alarm import CLASSES, PANEL, SENSORS, Alarm

pytestmark = pytest.mark.filterwarnings(
    "ignore:It is recommended to use web.RequestKey"
)

SERVICES = ("alarm_disarm", "alarm_arm_home")
LOCUM, CLEANER = "482916", "7305118824"
ATTEMPTS = int(os.environ.get("ALARM_ATTEMPTS", "500"))


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have tests take no longer than they must: the cheapest hash there is."""
    monkeypatch.setattr(alarm_codes, "_ROUNDS", 4)


def codes(**codes_by_label: str) -> list[dict[str, Any]]:
    """Return codes as they are kept."""
    kept: list[dict[str, Any]] = []
    for label, code in codes_by_label.items():
        hashed = CodeBook(kept).hash(code)
        kept.append({"label": label, "person": None, "duress": False, "hash": hashed})
    return kept


@pytest.fixture
async def alarm(
    hass: HomeAssistant, people: dict[str, User], freezer: FrozenDateTimeFactory
) -> AsyncGenerator[Alarm]:
    """Return a practice that is armed, with two codes; one is the cleaner's own."""
    for sensor, device_class in CLASSES.items():
        hass.states.async_set(sensor, "off", {"device_class": device_class})
    kept = codes(Locum=LOCUM, Cleaner=CLEANER)
    kept[1]["person"] = people["cleaner"].id
    entry = practice_entry(people, demo_subentry(), **SENSORS, alarm_codes=kept)
    await set_up(hass, entry)
    alarm = Alarm(hass, entry, people, freezer, [])
    await alarm.leave()
    yield alarm
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("user", ["cleaner", "doctor", None])
async def test_a_right_code_disarms_for_everybody(
    alarm: Alarm, user: str | None
) -> None:
    assert alarm.attribute("code_format") == "number"
    assert alarm.attribute("code_arm_required") is False
    await alarm.call("alarm_disarm", user, code=LOCUM)
    assert alarm.state == "disarmed"
    assert alarm.attribute("changed_by") == "Locum"


async def test_a_right_code_arms_for_somebody_without_a_role(alarm: Alarm) -> None:
    await alarm.call("alarm_disarm", code=LOCUM)
    with pytest.raises(ServiceValidationError, match="not among the people"):
        await alarm.call("alarm_arm_home", "cleaner")
    await alarm.call("alarm_arm_home", "cleaner", code=CLEANER)
    assert alarm.state == "armed_home"
    assert alarm.attribute("changed_by") == "Cleaner"


@pytest.mark.parametrize(
    "code", ["000000", "48291", "4829166", "٤٨٢٩١٦", "abc", "1" * 5000, "-", "\ud800"]
)
async def test_a_wrong_code_disarms_for_nobody(alarm: Alarm, code: str) -> None:
    for user in ("doctor", "cleaner", None):
        with pytest.raises(ServiceValidationError, match="code is wrong"):
            await alarm.call("alarm_disarm", user, code=code)
    assert alarm.state == "armed_away"


async def test_a_code_goes_with_the_account_of_its_person(alarm: Alarm) -> None:
    await alarm.hass.auth.async_deactivate_user(alarm.people["cleaner"])
    with pytest.raises(ServiceValidationError, match="code is wrong"):
        await alarm.call("alarm_disarm", None, code=CLEANER)
    await alarm.hass.auth.async_remove_user(alarm.people["cleaner"])
    with pytest.raises(ServiceValidationError, match="code is wrong"):
        await alarm.call("alarm_disarm", None, code=CLEANER)


async def test_a_duress_code_disarms_and_calls_for_help_in_silence(
    alarm: Alarm,
) -> None:
    kept = alarm.entry.options["alarm_codes"]
    duress = CodeBook(kept).hash("620485")
    alarm.hass.config_entries.async_update_entry(
        alarm.entry,
        options={
            **alarm.entry.options,
            "alarm_codes": [*kept, kept[0] | {"duress": True, "hash": duress}],
        },
    )
    await alarm.hass.async_block_till_done()
    await alarm.call("alarm_disarm", "cleaner", code="620485")
    assert alarm.state == "disarmed"
    assert alarm.attribute("changed_by") == "Locum"
    (panic,) = alarm.entry.runtime_data.state.panic.open
    assert panic.kind == "duress"


async def test_whoever_is_locked_out_is_told_until_when(alarm: Alarm) -> None:
    for _ in range(5):
        with pytest.raises(ServiceValidationError, match="code is wrong"):
            await alarm.call("alarm_disarm", None, code="111119")
    with pytest.raises(ServiceValidationError, match=r"after \d\d:\d\d:\d\d$"):
        await alarm.call("alarm_disarm", None, code=LOCUM)


async def test_a_code_is_in_no_log_no_state_and_no_diagnostics(
    alarm: Alarm, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="custom_components.cabinet_secure")
    await alarm.call("alarm_disarm", code=LOCUM)
    with pytest.raises(ServiceValidationError):
        await alarm.call("alarm_disarm", "cleaner", code="135792")
    told = [record for record in caplog.records if "cabinet_secure" in record.name]
    ours = "".join(record.getMessage() for record in told)
    diagnostics = await async_get_config_entry_diagnostics(alarm.hass, alarm.entry)
    assert diagnostics["entry"]["options"]["alarm_codes"] == REDACTED
    (attempts,) = diagnostics["state"]["intrusion"]["attempts"]
    assert attempts["source"] == REDACTED
    hashes = [each["hash"] for each in alarm.entry.options["alarm_codes"]]
    shown = "".join(str(each) for each in alarm.hass.states.async_all())
    for text in (LOCUM, "135792", *hashes):
        assert text not in ours + str(diagnostics) + shown


def test_all_codes_are_compared_and_the_right_one_is_found() -> None:
    book = CodeBook(codes(a="111112", b="111113", c="111114"))
    assert book
    assert [book.holder(code) for code in ("111112", "111114", "111115")] == [
        CodeHolder(label="a"),
        CodeHolder(label="c"),
        None,
    ]
    assert not CodeBook([])
    assert CodeBook([]).holder("111112") is None


@pytest.mark.parametrize(
    ("code", "guessed"),
    [
        ("000000", True),
        ("123456", True),
        ("890123", True),
        ("765432", True),
        ("482916", False),
        ("112233", False),
    ],
)
def test_codes_that_everybody_tries_are_known(code: str, guessed: bool) -> None:
    assert alarm_codes.is_guessed_first(code) is guessed


# --- brute force ---------------------------------------------------------------------


class Compared:
    """How many codes were compared, and that the right one was not among them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        holder = CodeBook.holder

        def counted(book: CodeBook, code: str) -> CodeHolder | None:
            self.count += 1
            return holder(book, code)

        monkeypatch.setattr(CodeBook, "holder", counted)


def guesses() -> list[str]:
    """Return codes that somebody tries; the last of them is right."""
    return [f"{number:06}" for number in range(ATTEMPTS - 1)] + [LOCUM]


async def test_codes_tried_all_at_once_by_an_automation_get_nowhere(
    alarm: Alarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = Compared(monkeypatch)
    results = await asyncio.gather(
        *(alarm.call("alarm_disarm", None, code=code) for code in guesses()),
        return_exceptions=True,
    )
    assert all(isinstance(each, ServiceValidationError) for each in results)
    assert compared.count == 5
    assert alarm.state == "armed_away"
    # Neither a person's own account nor another's code suffers.
    await alarm.call("alarm_disarm", "cleaner", code=CLEANER)
    assert alarm.state == "disarmed"


async def test_codes_tried_over_the_web_get_nowhere(
    hass: HomeAssistant,
    alarm: Alarm,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
    socket_enabled: None,
) -> None:
    compared = Compared(monkeypatch)
    assert await async_setup_component(hass, "api", {})
    cleaner = alarm.people["cleaner"]
    client = await hass_client(await _token(hass, cleaner))
    for number, code in enumerate(guesses()):
        response = await client.post(
            f"/api/services/alarm_control_panel/{SERVICES[number % 2]}",
            json={"entity_id": PANEL, "code": code},
        )
        assert response.status == 400
    assert compared.count == 5
    assert alarm.state == "armed_away"
    await alarm.call("alarm_disarm", "doctor", code=LOCUM)
    assert alarm.state == "disarmed"


async def test_codes_tried_over_a_web_socket_get_nowhere(
    hass: HomeAssistant,
    alarm: Alarm,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
    socket_enabled: None,
) -> None:
    compared = Compared(monkeypatch)
    cleaner = alarm.people["cleaner"]
    client = await hass_ws_client(hass, await _token(hass, cleaner))
    refused = 0
    for number, code in enumerate(guesses()):
        domain, service, data = (
            ("alarm_control_panel", "alarm_disarm", {})
            if number % 2
            else ("cabinet_secure", "arm_alarm", {"mode": "home"})
        )
        await client.send_json_auto_id(
            {
                "type": "call_service",
                "domain": domain,
                "service": service,
                "service_data": {"entity_id": PANEL, "code": code, **data},
            }
        )
        refused += not (await client.receive_json())["success"]
    assert refused == ATTEMPTS
    assert compared.count == 5
    assert alarm.state == "armed_away"
    await alarm.call("alarm_disarm", "manager")
    assert alarm.state == "disarmed"


async def _token(hass: HomeAssistant, user: User) -> str:
    refresh = await hass.auth.async_create_refresh_token(user, "https://example.org/")
    return hass.auth.async_create_access_token(refresh)
