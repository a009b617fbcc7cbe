"""Whatever happens, every event is heard once, and late where it is late."""

import asyncio
import itertools

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from .listening import WANTED, listen
from .virtual_device import EPOCH, VirtualDevice

STEPS = st.lists(
    st.tuples(
        st.floats(0, 90).map(lambda value: round(value, 2)),
        st.one_of(
            st.just(("log", ())),
            st.just(("log", ())),
            st.just(("log", ())),
            st.just(("flood", (300,))),
            st.just(("expire", ())),
            st.tuples(st.just("lose_answer"), st.tuples(st.integers(0, 2))),
            st.just(("garble", ())),
            st.tuples(st.just("go_offline"), st.tuples(st.floats(0.01, 400))),
            st.tuples(st.just("step_clock"), st.tuples(st.floats(-1e9, 1e9))),
            st.tuples(st.just("reboot"), st.tuples(st.floats(15, 120), st.booleans())),
        ),
    ),
    max_size=25,
)


def _plan(device: VirtualDevice, steps: list, *, true_clock: bool) -> None:
    when = device.now + 1

    def flood(count: int) -> None:
        for _ in range(count):
            device.log()

    for gap, (name, arguments) in steps:
        when += gap
        match name:
            case "reboot":
                downtime, forget = arguments
                device.at(
                    when,
                    lambda downtime=downtime, forget=forget: device.reboot(
                        downtime, forget_time=forget and not true_clock
                    ),
                )
            case "step_clock" if true_clock:
                continue
            case "flood":
                device.at(when, lambda count=arguments[0]: flood(count))
            case _:
                act = getattr(device, name)
                device.at(when, lambda act=act, args=arguments: act(*args))
    device.at(when + 1000, device.log)


@pytest.mark.parametrize("status_known", [True, False])
@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, up_for=st.floats(30, 5000), before=st.integers(0, 5))
def test_every_event_is_told_once_and_in_order(
    status_known: bool, steps: list, up_for: float, before: int
) -> None:
    device = VirtualDevice(status_known=status_known)
    device.now += up_for
    for _ in range(before):
        device.log()
    device.logged.clear()
    # Beyond what a resumed history may reach back further than the gap.
    device.now += 20
    _plan(device, steps, true_clock=not status_known)

    listener = asyncio.run(listen(device))

    heard = [one.event for one in listener.events]
    truth = [one for one in device.logged if one.event.name in WANTED]
    for boot, group in itertools.groupby(truth, key=lambda one: one.boot):
        happened = [one.event for one in group]
        count = next(
            (
                i
                for i, pair in enumerate(zip(happened, heard, strict=False))
                if pair[0] is not pair[1]
            ),
            min(len(happened), len(heard)),
        )
        # What a device had not told before it lost its power is lost with it.
        assert count == len(happened) or boot != device.boot
        heard = heard[count:]
    assert heard == []


@settings(max_examples=150, deadline=None)
@given(steps=STEPS, drift=st.floats(-1e-4, 1e-4))
def test_lateness_follows_what_happened_and_not_the_wall_clock(
    steps: list, drift: float
) -> None:
    device = VirtualDevice(drift=drift)
    _plan(device, steps, true_clock=False)

    listener = asyncio.run(listen(device))

    by_identity = {id(one.event): one for one in device.logged}
    for heard in listener.events:
        one = by_identity[id(heard.event)]
        age = heard.received_at.timestamp() - EPOCH - one.at
        assert heard.age is not None
        assert abs(heard.age - age) < 3
        if one.live:
            assert not heard.late
        if age > 13:
            assert heard.late
