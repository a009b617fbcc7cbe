"""The address that a Home Assistant listens on.

Home Assistant takes it from `configuration.yaml` once, then keeps it in its own
storage, on trial until an administrator has confirmed it.
"""

import json
from pathlib import Path

from .home_assistant_client import WebSocket

LOOPBACK = "127.0.0.1"

HTTP_CONFIGURATION = """\
http:
  server_host: {host}
  server_port: {port}
"""


def http_configuration(config_dir: Path, port: int) -> str:
    """Return what `configuration.yaml` has to say about the address: perhaps nothing.

    Where Home Assistant has stored another address, that is forgotten, so that it
    takes this one as it did the first.
    """
    stored = config_dir / ".storage" / "http"
    if stored.exists():
        if _stored_address(stored) == ([LOOPBACK], port):
            return ""
        stored.unlink()
    return HTTP_CONFIGURATION.format(host=LOOPBACK, port=port)


async def confirm_address(websocket: WebSocket) -> None:
    """Make the address of this start a lasting one; nothing to do where it is."""
    http = await websocket.command("http/config")
    if http["active_config_type"] != "pending":
        return
    await websocket.command("http/config/promote")
    # Home Assistant now advises to take the address out of configuration.yaml, which
    # the next start does.
    await websocket.command(
        "repairs/ignore_issue", domain="http", issue_id="deprecated_yaml", ignore=True
    )


def _stored_address(stored: Path) -> tuple[list[str] | None, int]:
    slots = json.loads(stored.read_text(encoding="utf-8"))["data"]
    active = slots["stable"]
    if slots["pending"] is not None and slots["pending"]["error"] is None:
        active = slots["pending"]
    return active.get("server_host"), active["server_port"]
