"""Start the door station by itself: `python -m tests.simulators.two_n --help`."""

import argparse
import asyncio
from dataclasses import replace
import signal
import ssl
import sys
import time

from .config import (
    AccountConfig,
    AuthMode,
    ChallengeStyle,
    Service,
    ServiceConfig,
    StationConfig,
)
from .server import TwoNSimulator


def _parser() -> argparse.ArgumentParser:
    account = AccountConfig()
    station = StationConfig()
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulators.two_n",
        description=(
            "A 2N door station that speaks the HTTP API. Its page (bell, keypad, door, "
            "camera, faults) is at the address it prints; its control interface is "
            "below /sim/."
        ),
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=int, default=8101, help="port to listen on; 0 takes a free one"
    )
    parser.add_argument("--user", default=account.user, help="HTTP API account")
    parser.add_argument("--password", default=account.password, help="its password")
    parser.add_argument("--name", default=station.name, help="name of the device")
    parser.add_argument("--serial", default=station.serial, help="serial number")
    parser.add_argument("--mac", default=station.mac, help="MAC address")
    parser.add_argument(
        "--auth",
        choices=[mode.value for mode in AuthMode],
        default=AuthMode.DIGEST.value,
        help="authentication of all services",
    )
    parser.add_argument(
        "--auth-headers",
        choices=[style.value for style in ChallengeStyle],
        default=ChallengeStyle.DIGEST.value,
        help="which challenges a digest service sends",
    )
    parser.add_argument(
        "--pin",
        action="append",
        default=[],
        metavar="NAME=PIN",
        help="put a user with a PIN into the directory; may be repeated",
    )
    parser.add_argument("--tls-cert", help="certificate (PEM): serve HTTPS alone")
    parser.add_argument("--tls-key", help="private key (PEM) of the certificate")
    return parser


def _config(options: argparse.Namespace) -> StationConfig:
    services = {
        service: ServiceConfig(auth=AuthMode(options.auth)) for service in Service
    }
    return replace(
        StationConfig(),
        name=options.name,
        serial=options.serial,
        mac=options.mac,
        account=AccountConfig(user=options.user, password=options.password),
        services=services,
        challenge=ChallengeStyle(options.auth_headers),
        tz_shift_min=time.localtime().tm_gmtoff // 60,
    )


async def _serve(options: argparse.Namespace) -> int:
    context = None
    if options.tls_cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.tls_cert, options.tls_key)
    simulator = TwoNSimulator(
        _config(options), host=options.host, port=options.port, ssl_context=context
    )
    for user in options.pin:
        name, _, pin = user.partition("=")
        simulator.add_user(name, pin=pin)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    try:
        await simulator.start()
    except OSError as err:
        sys.stderr.write(
            f"Cannot listen on {options.host}:{options.port}: {err.strerror or err}\n"
        )
        return 1
    sys.stdout.write(f"Door station ready: {simulator.url}/\n")
    sys.stdout.flush()
    await stopped.wait()
    await simulator.stop()
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM; 1 where the port cannot be had."""
    return asyncio.run(_serve(_parser().parse_args(arguments)))


if __name__ == "__main__":
    sys.exit(main())
