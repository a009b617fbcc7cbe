"""A door station in a real Home Assistant, from the wire to the WebSocket and back."""

from pathlib import Path

import pytest

from .home_assistant_client import RequestRefusedError
from .practice_home import practice_home

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]

BELL = "event.entrance_doorbell"
LOCK = "lock.entrance"
PICTURE = "image.entrance_visitor"
CONNECTION = "binary_sensor.entrance_connection"


async def test_somebody_rings_is_seen_and_let_in_and_a_dead_station_comes_back(
    tmp_path: Path,
) -> None:
    async with practice_home(tmp_path) as practice:
        station, doctor = practice.station, practice.doctor
        async with practice.watched() as watch:
            await watch.until_state(CONNECTION, "on")
            await watch.until_state(LOCK, "locked")

            # The bell on the wire is an event in Home Assistant.
            station.press("%1")
            await watch.until(lambda: watch.times_of(BELL), "the bell")
            await watch.until_state("sensor.cabinet_demo_ring", "ringing")

            # The picture is there for somebody signed in, and for nobody else.
            await watch.until(
                lambda: watch.states[PICTURE]["state"] != "unknown", "the picture"
            )
            kind, picture = await doctor.fetch(f"/api/image_proxy/{PICTURE}")
            assert kind == "image/jpeg"
            assert picture.startswith(b"\xff\xd8")
            with pytest.raises(RequestRefusedError):
                await practice.home.client().fetch(f"/api/image_proxy/{PICTURE}")

            # The doctor opens; the strike is released and the call ended.
            await doctor.call_action("lock", "open", entity_id=LOCK)
            await watch.until_state(LOCK, "open")
            assert watch.states[LOCK]["attributes"]["changed_by"] == "Doctor"
            (command,) = practice.commands("switch/ctrl")
            assert command["query"]["action"] == "trigger"
            await watch.until_state("sensor.cabinet_demo_ring", "idle")
            await watch.until_state(PICTURE, "unknown")

            # The station dies, everything else lives; it comes back by itself.
            rung = watch.times_of(BELL)
            assert len(rung) == 1
            await station.stop()
            await watch.until_state(CONNECTION, "off")
            await watch.until_state(LOCK, "unavailable")
            assert watch.states["select.cabinet_demo_mode"]["state"] == "staff_only"
            await station.start()
            await watch.until_state(CONNECTION, "on")
            await watch.until(
                lambda: watch.states[LOCK]["state"] not in ("unavailable", "unknown"),
                "the lock",
            )
            assert watch.times_of(BELL) == rung

            # And it rings again, once.
            station.press("%1")
            await watch.until(lambda: len(watch.times_of(BELL)) == 2, "a second ring")

        assert not [
            line
            for line in practice.home.complaints()
            if "cabinet_secure" in line
            and "not been tested by Home Assistant" not in line
        ]
