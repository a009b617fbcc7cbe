"""A real browser in the shape of a phone, driven as the tools of its makers drive it."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
import contextlib
from itertools import count
from pathlib import Path
import shutil
import time
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse
import pytest

_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
_PATIENCE = 60.0


class Phone:
    """One tab of the browser."""

    def __init__(self, channel: ClientWebSocketResponse) -> None:
        self._channel = channel
        self._ids = count(1)

    async def _command(self, method: str, **params: Any) -> dict[str, Any]:
        """Give a command of the DevTools protocol and return its result."""
        command = next(self._ids)
        await self._channel.send_json(
            {"id": command, "method": method, "params": params}
        )
        while True:
            answer = await self._channel.receive_json(timeout=_PATIENCE)
            if answer.get("id") == command:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    async def look_like_a_phone(self) -> None:
        """Have the screen of one."""
        await self._command("Page.enable")
        await self._command(
            "Emulation.setDeviceMetricsOverride",
            width=390,
            height=700,
            deviceScaleFactor=2,
            mobile=True,
        )

    async def go(self, address: str) -> None:
        """Open an address."""
        await self._command("Page.navigate", url=address)

    async def evaluate(self, script: str) -> Any:
        """Return what a script makes of the page, as the tools see it."""
        answer = await self._command(
            "Runtime.evaluate", expression=script, returnByValue=True
        )
        return answer["result"].get("value")

    async def until(self, script: str) -> Any:
        """Wait until something holds of the page; fail after a minute."""
        deadline = time.monotonic() + _PATIENCE
        while not (value := await self.evaluate(script)):
            assert time.monotonic() < deadline, f"not seen in time: {script}"
            await asyncio.sleep(0.05)
        return value

    async def tap(self, selector: str) -> None:
        """Tap something with a finger."""
        place: Mapping[str, float] = await self.until(
            f"(() => {{ const it = document.querySelector({selector!r});"
            " if (!it) return null; const r = it.getBoundingClientRect();"
            " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self._command(
                "Input.dispatchMouseEvent",
                type=kind,
                button="left",
                clickCount=1,
                **place,
            )

    async def photograph(self) -> bytes:
        """Return what the screen shows, as PNG."""
        picture = await self._command("Page.captureScreenshot", format="png")
        return b64decode(picture["data"])


@contextlib.asynccontextmanager
async def phone_browser(
    folder: Path, hosts: Mapping[str, int], language: str
) -> AsyncIterator[Phone]:
    """Start a browser for which some names lead to ports of this machine.

    They are plain HTTP, and treated as if they were encrypted.
    """
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    rules = ",".join(f"MAP {host} 127.0.0.1:{port}" for host, port in hosts.items())
    origins = ",".join(f"http://{host}" for host in hosts)
    process = await asyncio.create_subprocess_exec(
        program,
        *_QUIET,
        f"--user-data-dir={folder}",
        f"--host-resolver-rules={rules}",
        f"--unsafely-treat-insecure-origin-as-secure={origins}",
        f"--lang={language}",
        f"--accept-lang={language}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        port = await _debugging_port(folder)
        async with ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                tabs = await answer.json()
            tab = next(tab for tab in tabs if tab["type"] == "page")
            async with session.ws_connect(
                tab["webSocketDebuggerUrl"], max_msg_size=0
            ) as channel:
                phone = Phone(channel)
                await phone.look_like_a_phone()
                yield phone
    finally:
        process.terminate()
        await process.wait()


async def _debugging_port(folder: Path) -> int:
    async with asyncio.timeout(_PATIENCE):
        while True:
            with contextlib.suppress(OSError, ValueError):
                return int((folder / "DevToolsActivePort").read_text().split()[0])
            await asyncio.sleep(0.05)
