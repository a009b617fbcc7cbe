"""Start a phone by itself: `python -m tests.simulators.companion --help`."""

import argparse
import asyncio
import contextlib
from pathlib import Path
import signal
import sys

from .app import Os
from .errors import CompanionError
from .page import Page
from .phone import Phone
from .sign_in import SignIn


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulators.companion",
        description=(
            "A phone with Home Assistant's companion app. Its screen is at the address "
            "it prints. It waits for Home Assistant where that is not there yet."
        ),
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "--home-assistant",
        default="http://127.0.0.1:8123",
        metavar="URL",
        help="address of Home Assistant",
    )
    parser.add_argument("--token", help="access token, instead of name and password")
    parser.add_argument("--username", help="who uses this phone")
    parser.add_argument("--password", help="their password")
    parser.add_argument("--name", default="Phone", help="name of the phone")
    parser.add_argument(
        "--os", choices=[os.value for os in Os], default=Os.ANDROID.value, help="app"
    )
    parser.add_argument("--app-version", help="version of the app")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=int, default=8102, help="port to listen on; 0 takes a free one"
    )
    parser.add_argument(
        "--state", type=Path, metavar="FILE", help="file that keeps the registration"
    )
    return parser


def _phone(options: argparse.Namespace) -> Phone:
    credential: str | SignIn = options.token or SignIn(
        options.home_assistant, options.username, options.password
    )
    return Phone(
        options.home_assistant,
        credential,
        device_name=options.name,
        os=options.os,
        app_version=options.app_version,
        state_file=options.state,
        locked=True,
        keep_pictures=True,
    )


async def _serve(options: argparse.Namespace) -> int:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    phone = _phone(options)
    page = Page(phone, host=options.host, port=options.port)
    try:
        await page.start()
    except OSError as err:
        sys.stderr.write(
            f"Cannot listen on {options.host}:{options.port}: {err.strerror or err}\n"
        )
        return 1
    _say(f"Companion phone ready: {page.url}/")
    connecting = asyncio.create_task(phone.start(patient=True))
    waiting = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({connecting, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if connecting.done():
            await connecting
            _say(f"Companion phone connected: {options.home_assistant}")
            await waiting
    except CompanionError as err:
        sys.stderr.write(f"{err}\n")
        return 1
    finally:
        for task in (connecting, waiting):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, CompanionError):
                await task
        await phone.stop()
        await page.stop()
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM; 1 where the port or the person is refused."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.token and not (options.username and options.password):
        parser.error("give --token, or --username and --password")
    return asyncio.run(_serve(options))


if __name__ == "__main__":
    sys.exit(main())
