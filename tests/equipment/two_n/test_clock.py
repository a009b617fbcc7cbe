"""Dating events by the device's uptime."""

import pytest

from custom_components.cabinet_secure.equipment.two_n.clock import DeviceClock


@pytest.mark.parametrize("drift", [-9e-5, 0.0, 9e-5])
@pytest.mark.parametrize("readings", [True, False])
def test_a_drifting_crystal_never_makes_a_live_event_old(
    drift: float, readings: bool
) -> None:
    clock = DeviceClock()
    for hour in range(24 * 30):
        now = hour * 3600.0
        up_time = int(now * (1 + drift))
        if readings:
            assert not clock.learn(up_time, asked=now, answered=now + 0.1)
        if hour % 24 == 7:
            age = clock.age(up_time, now + 0.2, replayed=False)
            assert age is not None
            assert age < 5


def test_a_replayed_event_teaches_the_clock_nothing() -> None:
    clock = DeviceClock()

    assert clock.age(10, 1000.0, replayed=True) is None
    assert clock.age(None, 1000.0, replayed=False) is None
    assert clock.age(1000, 1000.0, replayed=False) == 0
    assert clock.age(900, 1000.0, replayed=True) == 100
