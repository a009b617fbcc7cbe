"""The phone's registration with Home Assistant, and its webhook."""

from dataclasses import asdict, dataclass
import json
from pathlib import Path
import uuid

import aiohttp
from nacl.encoding import Base64Encoder, HexEncoder
from nacl.secret import SecretBox

from .app import App
from .errors import NotDeliveredError, RegistrationGoneError, SignInError
from .notification import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What Home Assistant answered, and the app's own device id.

    The webhook id is the phone's whole authority: whoever has it acts as its user.
    """

    webhook_id: str
    device_id: str
    device_name: str
    secret: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """The phone as it introduces itself."""

    name: str
    app: App
    app_version: str
    device_id: str
    encrypted: bool

    def introduction(self) -> Json:
        """Return what a new registration and an update of one have in common."""
        return {
            "app_data": {"push_websocket_channel": True},
            "app_version": self.app_version,
            "device_name": self.name,
            "manufacturer": self.app.manufacturer,
            "model": self.app.model,
            "os_version": self.app.os_version,
        }


def new_device_id() -> str:
    """Return an id for a phone that never registered; 16 hexadecimal digits."""
    return uuid.uuid4().hex[:16]


class StateFile:
    """Where a phone remembers its registration between two runs."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def read(self) -> Registration | None:
        """Return the registration; None where there is none that can be read."""
        if self._path is None or not self._path.is_file():
            return None
        try:
            return Registration(**json.loads(self._path.read_text("utf-8")))
        except TypeError, ValueError:
            return None

    def write(self, registration: Registration) -> None:
        """Keep a registration, readable by its owner alone."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(registration)), "utf-8")
        fresh.replace(self._path)


async def register(
    session: aiohttp.ClientSession, base_url: str, token: str, device: Device
) -> Registration:
    """Register; a device id that is known replaces its former registration.

    Raises SignInError where the token is refused, aiohttp.ClientError otherwise.
    """
    async with session.post(
        f"{base_url}/api/mobile_app/registrations",
        json=device.introduction()
        | {
            "app_id": device.app.app_id,
            "app_name": "Home Assistant",
            "device_id": device.device_id,
            "os_name": device.app.os_name,
            "supports_encryption": device.encrypted,
        },
        headers={"Authorization": f"Bearer {token}"},
    ) as response:
        if response.status in {401, 403}:
            raise SignInError("Home Assistant refuses this token")
        response.raise_for_status()
        answer = await response.json()
    return Registration(
        webhook_id=answer["webhook_id"],
        device_id=device.device_id,
        device_name=device.name,
        secret=answer.get("secret"),
    )


async def send(
    session: aiohttp.ClientSession,
    base_url: str,
    registration: Registration,
    kind: str,
    data: Json,
) -> Json | None:
    """Post to the webhook, encrypted where the registration has a secret.

    None: nobody heard it, although Home Assistant answered 200, as it does for any
    webhook that it does not know (yet); the apps do not notice. Raises
    RegistrationGoneError where the phone was removed, NotDeliveredError for every
    other failure.
    """
    body: Json = {"type": kind, "data": data}
    if registration.secret is not None:
        body = {
            "type": kind,
            "encrypted": True,
            "encrypted_data": _box(registration.secret)
            .encrypt(json.dumps(data).encode(), encoder=Base64Encoder)
            .decode(),
        }
    try:
        async with session.post(
            f"{base_url}/api/webhook/{registration.webhook_id}", json=body
        ) as response:
            content = await response.read()
            status = response.status
    except (aiohttp.ClientError, TimeoutError) as err:
        raise NotDeliveredError(f"{kind} did not arrive: {err}") from err
    if status == 410:
        raise RegistrationGoneError("this phone was removed from Home Assistant")
    if status >= 400:
        raise NotDeliveredError(f"{kind} was answered with {status}")
    return _answer(content, registration.secret) if content else None


def _answer(content: bytes, secret: str | None) -> Json:
    answer = json.loads(content)
    if isinstance(answer, dict) and answer.get("encrypted") and secret is not None:
        answer = json.loads(
            _box(secret).decrypt(
                answer["encrypted_data"].encode(), encoder=Base64Encoder
            )
        )
    return answer if isinstance(answer, dict) else {"answer": answer}


def _box(secret: str) -> SecretBox:
    return SecretBox(secret.encode(), encoder=HexEncoder)
