"""Pictures of what happens: taken, kept for a time, on record, and deleted."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
import stat
import time
from typing import Any
from unittest.mock import patch

import av
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.cabinet_secure import evidence, evidence_room
from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.practice.cameras import evidence as rule
from custom_components.cabinet_secure.practice.people import Actor, ActorKind
from custom_components.cabinet_secure.register import (
    Entry,
    Freeze,
    Register,
    RegisterError,
    Trouble,
    freeze,
)
from tests.cameras import PRIVACY, add_generic_camera, camera_subentry, registry_id
from tests.practices import (
    Station,
    context_of,
    practice_entry,
    set_up,
    station_subentry,
)
from tests.simulators.network_camera import NetworkCamera, shows_green
from tests.simulators.two_n import TwoNSimulator
from tests.test_records import on_record

EVIDENCE = {"evidence": ["forced_door"]}


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a session last some seconds, and its pictures follow each other fast."""
    monkeypatch.setattr(rule, "LASTS", timedelta(seconds=3))
    monkeypatch.setattr(evidence, "_INTERVAL", 0.5)


@pytest.fixture(autouse=True)
async def _all_ends(hass: HomeAssistant) -> AsyncGenerator[None]:
    """Let go of the cameras and their streams at the end."""
    yield
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Return Home Assistant's folder of media."""
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    return tmp_path / "media"


@pytest.fixture
async def network_camera(socket_enabled: None) -> AsyncGenerator[NetworkCamera]:
    """Return a camera in the network."""
    async with NetworkCamera() as camera:
        yield camera


def files(folder: Path, pattern: str) -> list[Path]:
    """Return what there is below a folder."""
    return list(folder.rglob(pattern))


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds that takes its time; fail after a minute."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def guarded(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    source: str,
    **options: Any,
) -> Station:
    """Set up a practice with a door station, and a camera that watches its door."""
    entry = practice_entry(
        people,
        station_subentry(simulator),
        camera_subentry(registry_id(hass, source), **EVIDENCE),
        **options,
    )
    await set_up(hass, entry)
    station = Station(hass, entry, simulator)
    await station.wait_for("binary_sensor.platine_connection", "on")
    return station


async def told(station: Station, event: str, number: int = 1) -> list[Entry]:
    """Wait until the register tells so often of evidence; return what it tells."""
    async with asyncio.timeout(60):
        while True:
            entries = [
                each
                for each in await on_record(station.entry)
                if each.event == f"evidence_{event}"
            ]
            if len(entries) >= number:
                return entries
            await asyncio.sleep(0.1)


async def film_of(station: Station) -> Entry:
    """Wait until the register tells of a film; return what it tells."""
    async with asyncio.timeout(60):
        while True:
            for each in await told(station, "kept"):
                if each.details["file"].endswith(".mp4"):
                    return each
            await asyncio.sleep(0.1)


async def over(station: Station) -> None:
    """Wait until nothing is taken any more."""
    await station.wait_until(
        lambda: not station.entry.runtime_data.state.cameras.evidence, "the end"
    )
    tasks = [
        task
        for task in asyncio.all_tasks()
        if task.get_name().startswith("evidence of")
    ]
    if tasks:
        await asyncio.wait(tasks, timeout=60)


async def test_a_forced_door_is_kept_in_pictures_that_only_the_signed_in_reach(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
    media: Path,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assert await async_setup_component(hass, "websocket_api", {})
    assert await async_setup_component(hass, "media_source", {})
    await add_generic_camera(hass, network_camera)
    station = await guarded(hass, people, simulator, "camera.generic")
    simulator.set_door("opened")
    (started,) = await told(station, "started")
    kept = await told(station, "kept", 4)
    await over(station)
    assert {each.session for each in kept} == {started.session}
    assert kept[0].place is not None
    assert kept[0].place.name == "Waiting room"
    for each in kept:
        path = media / each.details["file"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        content = path.read_bytes()
        assert sha256(content).hexdigest() == each.details["sha256"]
        assert shows_green(content)

    # In Home Assistant's own browser of media, and nowhere without signing in.
    url = f"/media/local/{kept[0].details['file']}"
    assert (await (await hass_client()).get(url)).status == 200
    assert (await (await hass_client_no_auth()).get(url)).status == 401
    websocket = await hass_ws_client()

    async def browse(where: str) -> list[str]:
        await websocket.send_json_auto_id(
            {
                "type": "media_source/browse_media",
                "media_content_id": f"media-source://media_source/local/{where}",
            }
        )
        answer = await websocket.receive_json()
        assert answer["success"], answer
        return [child["title"] for child in answer["result"]["children"]]

    (session,) = await browse("cabinet_secure")
    assert session.endswith(f"_forced_door_{session[-8:]}")
    pictures = await browse(f"cabinet_secure/{session}")
    assert Path(kept[0].details["file"]).name in pictures
    assert all(name.startswith("waiting_room_") for name in pictures)


async def test_a_station_gives_pictures_from_before(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    media: Path,
) -> None:
    entry = practice_entry(
        people, station_subentry(simulator), station_evidence=["forced_door"]
    )
    await set_up(hass, entry)
    station = Station(hass, entry, simulator)
    await station.wait_for("binary_sensor.platine_connection", "on")
    simulator.set_door("opened")
    kept = await told(station, "kept", 4)
    await over(station)
    names = [Path(each.details["file"]).stem for each in kept]
    assert [name[-10:] for name in names[:2]] == ["10s_before", "_5s_before"]
    assert names[0].startswith("platine_")
    ten, five, *others = (each.details["sha256"] for each in kept)
    assert len({ten, five, *others}) == 2 + len(set(others))


@pytest.mark.parametrize("rtsp", [False, True], ids=["http", "rtsp"])
async def test_a_film_is_kept_without_its_sound(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
    rtsp: bool,
) -> None:
    monkeypatch.setattr(rule, "LASTS", timedelta(seconds=8))
    assert await async_setup_component(hass, "stream", {})
    await add_generic_camera(hass, network_camera, stream=not rtsp, rtsp=rtsp)
    station = await guarded(hass, people, simulator, "camera.generic")
    simulator.set_door("opened")
    await over(station)
    film = await film_of(station)
    path = media / film.details["file"]
    assert sha256(path.read_bytes()).hexdigest() == film.details["sha256"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        times = [frame.time for frame in container.decode(video=0)]
    assert times == sorted(set(times))
    assert times[-1] - times[0] > 2


async def test_what_a_stream_has_of_before_is_on_the_film(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
    media: Path,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assert await async_setup_component(hass, "stream", {})
    await add_generic_camera(hass, network_camera, stream=True)
    station = await guarded(hass, people, simulator, "camera.generic")
    websocket = await hass_ws_client()
    await websocket.send_json_auto_id(
        {"type": "camera/stream", "entity_id": "camera.waiting_room"}
    )
    assert (await websocket.receive_json())["success"]
    camera = hass.data["camera"].get_entity("camera.waiting_room")
    await until(lambda: len(camera.stream.outputs()["hls"].get_segments()) >= 3)
    simulator.set_door("opened")
    await over(station)
    film = await film_of(station)
    with av.open(str(media / film.details["file"])) as container:
        times = [frame.time for frame in container.decode(video=0)]
    # Longer than the session: it begins with what was before.
    assert times[-1] - times[0] > 4


async def test_a_hidden_camera_gives_no_evidence(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
    media: Path,
) -> None:
    assert await async_setup_component(hass, "stream", {})
    await add_generic_camera(hass, network_camera, stream=True)
    station = await guarded(hass, people, simulator, "camera.generic")
    await station.call("switch", "turn_on", PRIVACY, people["cleaner"])
    asked = network_camera.pictures
    simulator.set_door("opened")
    (missing,) = await told(station, "missing")
    assert missing.outcome == "hidden"
    await over(station)
    assert network_camera.pictures == asked
    assert not files(media, "*.jpg") + files(media, "*.mp4")
    assert len(await told(station, "missing")) == 1


async def test_a_film_ends_where_the_camera_is_hidden(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule, "LASTS", timedelta(seconds=30))
    assert await async_setup_component(hass, "stream", {})
    await add_generic_camera(hass, network_camera, stream=True)
    station = await guarded(hass, people, simulator, "camera.generic")
    simulator.set_door("opened")
    await told(station, "kept", 3)
    await station.call("switch", "turn_on", PRIVACY, people["cleaner"])
    await station.wait_until(
        lambda: not network_camera.watching["stream"], "the end of the stream"
    )
    await told(station, "missing")
    await station.wait_until(lambda: not files(media, "*.part"), "the film's end")


async def test_a_camera_that_fails_is_on_record_and_the_others_go_on(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
    media: Path,
) -> None:
    await add_generic_camera(hass, network_camera)
    station = await guarded(
        hass,
        people,
        simulator,
        "camera.generic",
        station_evidence=["forced_door"],
    )
    network_camera.broken = True
    simulator.set_door("opened")
    (missing,) = await told(station, "missing")
    assert missing.outcome == "unreachable"
    assert missing.place is not None
    assert missing.place.name == "Waiting room"
    kept = await told(station, "kept", 3)
    assert {each.place.name for each in kept if each.place} == {"Platine"}
    await over(station)


async def test_a_full_disk_is_a_fault_and_stops_nothing_else(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
    media: Path,
) -> None:
    await add_generic_camera(hass, network_camera)
    station = await guarded(hass, people, simulator, "camera.generic")
    with patch.object(evidence_room, "_LEAVE_FREE", 10**18):
        simulator.set_door("opened")
        (missing,) = await told(station, "missing")
        assert missing.outcome == "no_space"
        await over(station)
    assert [fault.fault for fault in station.entry.runtime_data.state.faults] == [
        "storage"
    ]
    simulator.press("%1")
    await station.wait_for("sensor.cabinet_ring", "ringing")
    await station.wait_until(
        lambda: not station.entry.runtime_data.state.cameras.evidence, "the end"
    )
    simulator.set_door("closed")
    simulator.set_door("opened")
    await told(station, "kept", 1)
    await over(station)
    assert station.entry.runtime_data.state.faults == ()


async def test_space_is_bounded(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
    media: Path,
) -> None:
    await add_generic_camera(hass, network_camera)
    station = await guarded(hass, people, simulator, "camera.generic", media_limit=0)
    simulator.set_door("opened")
    (missing,) = await told(station, "missing")
    assert missing.outcome == "no_space"
    await over(station)


async def test_nothing_is_kept_where_everybody_could_fetch_it(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
) -> None:
    hass.config.media_dirs = {"local": hass.config.path("www", "media")}
    await add_generic_camera(hass, network_camera)
    station = await guarded(hass, people, simulator, "camera.generic")
    simulator.set_door("opened")
    await told(station, "missing")
    await over(station)
    assert not files(Path(hass.config.config_dir), "www")


async def test_a_restart_in_the_middle_goes_on_and_finishes_what_was_begun(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule, "LASTS", timedelta(seconds=60))
    assert await async_setup_component(hass, "stream", {})
    await add_generic_camera(hass, network_camera, stream=True)
    station = await guarded(hass, people, simulator, "camera.generic")
    simulator.set_door("opened")
    (started,) = await told(station, "started")
    await told(station, "kept", 3)
    # As a power cut leaves it.
    (folder,) = (media / "cabinet_secure").iterdir()
    film = b"ftyp moov moof mdat film"
    (folder / "waiting_room_000000_000.mp4.part").write_bytes(film)
    (folder / "waiting_room_000000_001.jpg").write_bytes(b"picture")
    before = len(await told(station, "kept"))
    await hass.config_entries.async_reload(station.entry.entry_id)
    kept = await told(station, "kept", before + 3)
    assert {each.session for each in kept} == {started.session}
    finished = [e for e in kept if e.details["file"].endswith("_000000_000.mp4")]
    assert finished[0].details["sha256"] == sha256(film).hexdigest()
    (found,) = [e for e in kept if e.details["file"].endswith("_000000_001.jpg")]
    assert found.outcome == "found_at_start"
    # What was on record is not put there again.
    files_on_record = [each.details["file"] for each in kept]
    assert len(set(files_on_record)) == len(files_on_record)
    assert len(await told(station, "started")) == 1
    assert len(list((media / "cabinet_secure").iterdir())) == 1


async def test_evidence_is_deleted_when_its_time_is_up_unless_it_is_frozen(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
    media: Path,
) -> None:
    await add_generic_camera(hass, network_camera)
    station = await guarded(hass, people, simulator, "camera.generic")
    for number in (1, 2, 3, 4):
        simulator.set_door("opened")
        await told(station, "started", number)
        await told(station, "kept", number)
        await over(station)
        simulator.set_door("closed")
        await station.wait_for("binary_sensor.entree_contact", "off")
    first, second, third, fourth = sorted(
        await told(station, "started", 4), key=lambda entry: entry.sequence
    )
    picture = next(
        e for e in await told(station, "kept") if e.session == second.session
    )
    coordinator = station.entry.runtime_data
    manager = Actor(kind=ActorKind.USER, id=people["manager"].id, name="manager")
    now = dt_util.now()
    moment = timedelta(seconds=1)
    for chosen in (
        {"sessions": frozenset({str(first.session)})},
        {"entries": frozenset({picture.id})},
        {"periods": ((fourth.at - moment, fourth.at + moment),)},
    ):
        coordinator.records.append(
            freeze(
                Freeze(why="Plainte", until=now + timedelta(days=300), **chosen),
                by=manager,
                at=now,
            )
        )
    await coordinator.cameras.evidence.async_purge()
    assert len(files(media, ".session.json")) == 4
    week_later = now + timedelta(days=7, minutes=1)
    with patch.object(dt_util, "now", return_value=week_later):
        await coordinator.cameras.evidence.async_purge()
    (deleted,) = await told(station, "deleted")
    assert deleted.session == third.session
    assert deleted.type == "deletion"
    assert len(files(media, ".session.json")) == 3
    long_after = now + timedelta(days=301)
    with (
        patch.object(dt_util, "now", return_value=long_after),
        patch.object(dt_util, "utcnow", return_value=long_after),
    ):
        await coordinator.cameras.evidence.async_purge()
    assert not files(media, "*.jpg")


async def test_evidence_stays_as_long_as_the_register_cannot_tell(
    hass: HomeAssistant,
    people: dict[str, User],
    simulator: TwoNSimulator,
    network_camera: NetworkCamera,
    media: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add_generic_camera(hass, network_camera)
    station = await guarded(hass, people, simulator, "camera.generic")
    simulator.set_door("opened")
    await told(station, "kept")
    await over(station)
    coordinator = station.entry.runtime_data
    with (
        patch.object(Register, "query", side_effect=RegisterError(Trouble.CORRUPT)),
        patch.object(dt_util, "now", return_value=dt_util.now() + timedelta(days=31)),
    ):
        await coordinator.cameras.evidence.async_purge()
    assert files(media, "*.jpg")
    assert "Evidence was not deleted" in caplog.text


async def test_a_panic_shows_a_hidden_camera_and_keeps_pictures_until_a_drill_does_not(
    hass: HomeAssistant,
    people: dict[str, User],
    network_camera: NetworkCamera,
    media: Path,
) -> None:
    await add_generic_camera(hass, network_camera)
    source = registry_id(hass, "camera.generic")
    entry = practice_entry(
        people, camera_subentry(source, panic_lifts=True, evidence=["panic"])
    )
    await set_up(hass, entry)
    station = Station(hass, entry, None)  # type: ignore[arg-type]
    manager = people["manager"]
    await station.call("switch", "turn_on", PRIVACY, people["cleaner"])

    async def call(action: str, **data: object) -> None:
        await hass.services.async_call(
            DOMAIN, action, data, blocking=True, context=context_of(manager)
        )

    await call("start_drill")
    assert station.state(PRIVACY) == "on"
    await call("reset_panic")
    await call("raise_panic", kind="hold_up", confirmed=True)
    (panic,) = entry.runtime_data.state.panic.open
    assert station.state(PRIVACY) == "off"
    shown = hass.states.get("camera.waiting_room")
    assert shown is not None
    assert shown.attributes["privacy_reason"] == "panic"
    kept = await told(station, "kept", 2)
    assert {each.session for each in kept} == {panic.id}
    await call("reset_panic")
    assert station.state(PRIVACY) == "on"
    await over(station)
    entries = [e for e in await on_record(entry) if e.event in ("hidden", "shown")]
    assert [(each.event, each.outcome) for each in entries] == [
        ("hidden", "chosen"),
        ("shown", "panic"),
        ("hidden", "chosen"),
    ]


async def test_an_intrusion_is_kept_under_the_name_that_the_alarm_has_on_record(
    hass: HomeAssistant,
    people: dict[str, User],
    network_camera: NetworkCamera,
    media: Path,
) -> None:
    store = "binary_sensor.store"
    hass.states.async_set(store, "off", {"device_class": "motion"})
    await add_generic_camera(hass, network_camera)
    entry = practice_entry(
        people,
        camera_subentry(registry_id(hass, "camera.generic"), evidence=["intrusion"]),
        alarm_always=[store],
    )
    await set_up(hass, entry)
    station = Station(hass, entry, None)  # type: ignore[arg-type]
    hass.states.async_set(store, "on", {"device_class": "motion"})
    kept = await told(station, "kept", 2)
    (triggered,) = [e for e in await on_record(entry) if e.event == "triggered"]
    assert {each.session for each in kept} == {triggered.session}
    assert all(shows_green((media / e.details["file"]).read_bytes()) for e in kept)
    await over(station)
