"""A practice, its people, and a door station that can be reached."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
import json
from pathlib import Path
import ssl
from typing import Any
from unittest.mock import AsyncMock, patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowManager, FlowResult
from homeassistant.helpers import config_validation as cv
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure.const import DOMAIN
from tests.flows.texts import missing_texts
from tests.simulators.two_n import TwoNSimulator


@pytest.fixture(autouse=True)
async def setup_entry(hass: HomeAssistant) -> AsyncGenerator[AsyncMock]:
    """Keep practices from starting: the flows are tested here, not the practice."""
    with (
        patch(
            "custom_components.cabinet_secure.async_setup_entry", return_value=True
        ) as setup,
        patch("custom_components.cabinet_secure.async_unload_entry", return_value=True),
        patch("custom_components.cabinet_secure.async_remove_entry"),
    ):
        yield setup
        for entry in hass.config_entries.async_loaded_entries(DOMAIN):
            await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture(autouse=True)
def texts() -> Generator[None]:
    """Fail where a flow shows something that has no text in English and French."""
    handle_step = FlowManager._async_handle_step
    missing: list[str] = []

    async def checked(
        manager: FlowManager, flow: object, *args: object
    ) -> FlowResult[Any, Any]:
        result = await handle_step(manager, flow, *args)
        missing.extend(missing_texts(result))
        if (schema := result.get("data_schema")) is not None:
            # As Home Assistant's page gets it.
            json.dumps(
                probatio.to_field_list(schema, custom_serializer=cv.custom_serializer)
            )
        return result

    with patch.object(FlowManager, "_async_handle_step", checked):
        yield
    assert missing == []


@pytest.fixture
async def owner(hass: HomeAssistant) -> User:
    """Return the practice manager, who owns this Home Assistant."""
    return await hass.auth.async_create_user("Manager", group_ids=[GROUP_ID_ADMIN])


@pytest.fixture
async def doctor(hass: HomeAssistant, owner: User) -> User:
    """Return a doctor, who administers nothing."""
    return await hass.auth.async_create_user("Doctor", group_ids=[GROUP_ID_USER])


@pytest.fixture
async def practice(hass: HomeAssistant, owner: User) -> MockConfigEntry:
    """Return a French practice without equipment."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Cabinet des Lilas",
        data={"country": "FR", "language": "fr"},
        options={
            "may_open": [owner.id],
            "may_manage": [owner.id],
            "on_call": [],
            "automations_may_open": False,
            "ring_life": 120,
            "second_step_after": 20,
            "third_step_after": 45,
        },
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return entry


@pytest.fixture
async def sim(socket_enabled: None) -> AsyncGenerator[TwoNSimulator]:
    """Return a door station that answers over HTTP."""
    async with TwoNSimulator() as simulator:
        yield simulator


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """Return the certificate that a station is delivered with: nobody trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "2N")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "station.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@contextmanager
def handshakes_may_fail() -> Generator[None]:
    """Let a client hang up on the station's certificate, in the station's own loop."""
    loop = asyncio.get_running_loop()
    strict = loop.get_exception_handler()
    assert strict is not None

    def lenient(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(
            context.get("exception"), (ConnectionResetError, ssl.SSLError)
        ):
            strict(loop, context)

    loop.set_exception_handler(lenient)
    try:
        yield
    finally:
        loop.set_exception_handler(strict)
