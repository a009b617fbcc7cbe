"""The process that the other end-to-end tests stand on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .demo_practice import MANAGER, onboard
from .home_assistant_client import CommandFailedError, RequestRefusedError
from .home_assistant_process import HomeAssistantProcess

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[HomeAssistantProcess]:
    """Run a Home Assistant that nobody has used yet."""
    async with HomeAssistantProcess(tmp_path / "config") as home:
        yield home


async def test_a_new_home_assistant_serves_its_owner_over_rest_and_websocket(
    home: HomeAssistantProcess,
) -> None:
    client = home.client()
    with pytest.raises(RequestRefusedError) as refused:
        await client.rest("GET", "/api/config")
    assert refused.value.status == 401

    await onboard(client)
    await home.wait_until_running(client)
    assert await client.rest("GET", "/api/") == {"message": "API running."}

    websocket = await client.websocket()
    events = await websocket.subscribe("subscribe_events", event_type="state_changed")
    await client.rest("POST", "/api/states/sensor.probe", {"state": "1"})
    event = await events.get()
    assert event["data"]["entity_id"] == "sensor.probe"
    with pytest.raises(CommandFailedError, match="unknown_command"):
        await websocket.command("no/such/command")
    address = await websocket.command("http/config")
    assert address["stable"]["server_host"] == ["127.0.0.1"]
    assert address["stable"]["server_port"] == home.port


async def test_a_killed_home_assistant_comes_back_with_its_people(
    home: HomeAssistantProcess,
) -> None:
    client = home.client()
    await onboard(client)
    await home.wait_until_running(client)
    killed = home.pid

    await home.kill()
    assert home.exit_code == -9
    await home.start()

    assert home.pid != killed
    again = await home.log_in(MANAGER.username, MANAGER.password)
    await home.wait_until_running(again)
    assert await again.rest("GET", "/api/") == {"message": "API running."}
    with pytest.raises(RequestRefusedError):
        await home.log_in(MANAGER.username, "wrong")


async def test_nothing_is_downloaded_and_nothing_is_missing_at_the_start(
    home: HomeAssistantProcess,
) -> None:
    client = home.client()
    await onboard(client)
    await home.wait_until_running(client)

    expected = ("Skipping pip installation", "custom integration cabinet_secure")
    assert [
        line
        for line in home.complaints()
        if not any(words in line for words in expected)
    ] == []
