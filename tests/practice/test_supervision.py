"""Equipment that does not answer, or says that something is wrong."""

from datetime import timedelta

from custom_components.cabinet_secure.practice.effects import (
    AnnounceDoor,
    AnnounceEquipment,
    DoorEventKind,
    EquipmentEventKind,
)
from custom_components.cabinet_secure.practice.events import (
    Fault,
    FaultCleared,
    FaultRaised,
)
from custom_components.cabinet_secure.practice.supervision import LOSS_ANNOUNCED_AFTER

from .builders import COURTYARD, DOCTOR, ENTRANCE, STATIONS, Story

STATION = STATIONS[ENTRANCE]
PATIENCE = LOSS_ANNOUNCED_AFTER.total_seconds()

LOST = AnnounceEquipment(kind=EquipmentEventKind.LOST, equipment=STATION)
RESTORED = AnnounceEquipment(kind=EquipmentEventKind.RESTORED, equipment=STATION)


def _fault(fault: Fault) -> FaultRaised:
    return FaultRaised(equipment=STATION, fault=fault)


def test_a_loss_is_announced_well_within_three_minutes(story: Story) -> None:
    assert timedelta(seconds=180) >= 2 * LOSS_ANNOUNCED_AFTER
    story.lose()
    assert story.effects == []
    assert story.tick(PATIENCE - 0.1) == []
    assert story.tick(0.1) == [LOST]
    assert story.tick(PATIENCE) == []


def test_a_short_loss_wakes_nobody(story: Story) -> None:
    story.lose()
    story.wait(PATIENCE - 1)
    assert story.restore() == []
    assert story.tick(PATIENCE) == []


def test_the_end_of_a_loss_that_was_announced_is_announced_once(story: Story) -> None:
    story.lose()
    story.tick(PATIENCE)
    assert story.restore() == [RESTORED]
    assert story.restore() == []


def test_equipment_that_is_lost_again_and_again_is_lost_since_the_first_time(
    story: Story,
) -> None:
    story.lose()
    story.wait(PATIENCE - 1)
    story.lose()

    assert story.tick(1) == [LOST]


def test_two_losses_are_two_announcements(story: Story) -> None:
    story.lose(ENTRANCE)
    story.wait(10)
    story.lose(COURTYARD)
    assert story.tick(PATIENCE - 10) == [LOST]
    assert [told.equipment for told in story.done(AnnounceEquipment)] == [STATION]
    story.tick(10)
    assert [told.equipment for told in story.done(AnnounceEquipment)] == [
        STATIONS[COURTYARD]
    ]


def test_a_loss_is_counted_anew_when_the_clock_is_set_back(story: Story) -> None:
    story.lose()
    assert story.tick(-3600) == []
    assert story.practice.next_deadline() == story.now + LOSS_ANNOUNCED_AFTER
    assert story.tick(PATIENCE) == [LOST]


def test_a_loss_is_remembered_over_a_restart(story: Story) -> None:
    story.lose()
    story.restart(PATIENCE)
    assert story.tick() == [LOST]
    story.restart(1)
    assert story.tick() == []
    assert story.restore() == [RESTORED]


def test_nothing_is_known_of_the_doors_of_lost_equipment(story: Story) -> None:
    story.ask_to_hold(DOCTOR, ENTRANCE)
    story.release(ENTRANCE)
    story.look(COURTYARD, released=False, contact_open=False)
    story.lose(ENTRANCE)

    entrance = story.state.door(ENTRANCE)
    assert (entrance.released, entrance.contact_open, entrance.held_by) == (
        None,
        None,
        None,
    )
    assert entrance.changed_by == DOCTOR
    assert story.state.door(COURTYARD).released is False


def test_a_fault_is_announced_once_for_as_long_as_it_lasts(story: Story) -> None:
    assert story.hear(_fault(Fault.BLOCKED)) == [
        AnnounceEquipment(
            kind=EquipmentEventKind.FAULT, equipment=STATION, fault="blocked"
        )
    ]
    assert story.hear(_fault(Fault.BLOCKED)) == []
    story.restart(60)
    assert story.hear(_fault(Fault.BLOCKED)) == []


def test_the_end_of_a_fault_is_announced_once(story: Story) -> None:
    story.hear(_fault(Fault.BLOCKED))
    story.hear(_fault(Fault.SERVICE))
    cleared = FaultCleared(equipment=STATION, fault=Fault.BLOCKED)

    assert story.hear(cleared) == [
        AnnounceEquipment(
            kind=EquipmentEventKind.FAULT_CLEARED, equipment=STATION, fault="blocked"
        )
    ]
    assert story.hear(cleared) == []
    assert [fault.fault for fault in story.state.faults] == ["service"]


def test_a_tampered_station_is_told_at_each_of_its_doors(story: Story) -> None:
    device_time = story.now - timedelta(minutes=5)
    story.hear(
        FaultRaised(
            equipment=STATION,
            fault=Fault.TAMPER,
            late=True,
            device_time=device_time,
        )
    )

    (tampered,) = story.done(AnnounceDoor)
    assert tampered == AnnounceDoor(
        kind=DoorEventKind.TAMPERED,
        door=ENTRANCE,
        late=True,
        device_time=device_time,
    )
