"""Values that no device takes."""

from aiohttp import web
import pytest

from custom_components.cabinet_secure.equipment.two_n.models import SwitchAction

from .conftest import OddDevice
from .odd_answers import ok

DIGEST = 'Digest realm="r", nonce="{nonce}", qop="auth"'


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.switch_control(1, SwitchAction.ON, timeout=5),
        lambda client: client.switch_control(1, SwitchAction.HOLD, timeout=0),
        lambda client: client.switch_control(1, SwitchAction.HOLD, timeout=86_401),
        lambda client: client.snapshot(640, 480, seconds_before=31),
        lambda client: client.mjpeg(640, 480, 16),
        lambda client: client.call_dial(),
        lambda client: client.call_dial(number="1", users=("u",)),
        lambda client: client.log_subscribe(["A"], since=3601),
        lambda client: client.log_subscribe(["A"], duration=0),
        lambda client: client.access_point_block(2, on=True),
        lambda client: client.grant_access(-1, "u"),
    ],
)
async def test_a_value_out_of_range_is_refused_before_anything_is_sent(
    odd_device: OddDevice, call
) -> None:
    asked = 0

    async def handler(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return ok()

    client = await odd_device(handler)

    with pytest.raises(ValueError, match=r"."):
        await call(client)
    assert asked == 0
