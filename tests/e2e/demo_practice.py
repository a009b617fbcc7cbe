"""A practice as its people would set it up: accounts, Cabinet Secure, one 2N station."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from .home_assistant_client import (
    CONFIG_FLOW,
    SUBENTRY_FLOW,
    FlowFailedError,
    HomeAssistantClient,
    Json,
    RequestRefusedError,
    WebSocket,
)

DOMAIN = "cabinet_secure"
PRACTICE_NAME = "Cabinet Demo"

# Home Assistant adds these at the end of its onboarding; all they do needs the internet.
ADDED_BY_ONBOARDING = frozenset({"google_translate", "met", "radio_browser"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who works in the practice."""

    name: str
    username: str
    password: str


MANAGER = Account(name="Manager", username="manager", password="cabinet")
DOCTOR = Account(name="Doctor", username="doctor", password="cabinet")


@dataclass(frozen=True, slots=True, kw_only=True)
class StationAddress:
    """Where a 2N station is and how to sign in to it; defaults are the simulator's."""

    host: str = "127.0.0.1"
    port: int
    username: str = "cabinet"
    password: str = "cabinet-2n"


# The automation that notifies the phones, made from the shipped blueprint.
RING_AUTOMATION = "notify_on_ring"

# One door with every call button, as the simulated station is wired.
STATION_ROLES = {
    "doors": ["1"],
    "panic_inputs": ["input1"],
    "tamper_inputs": ["tamper"],
    "siren_outputs": ["output1"],
    "camera": True,
    "exit_declared": True,
}
# It is heard, so that the whole chain is seen at work.
PANIC_BUTTON = {
    "kind": "hold_up",
    "gesture": "double",
    "location": "Reception",
    "audible": True,
}
STATION_DOOR = {"name": "Entrance", "buttons": [], "contact": "station"}


async def onboard(client: HomeAssistantClient, owner: Account = MANAGER) -> None:
    """Make the owner and sign the client in; the rest of the onboarding is left open.

    That rest sets up integrations that use the internet: see `finish_onboarding`.
    """
    answer = await client.rest(
        "POST",
        "/api/onboarding/users",
        {
            "client_id": client.client_id,
            "name": owner.name,
            "username": owner.username,
            "password": owner.password,
            "language": "en",
        },
    )
    await client.redeem(answer["auth_code"])


async def pending_onboarding(client: HomeAssistantClient) -> set[str]:
    """Return the names of the onboarding's steps that nobody has gone through."""
    try:
        steps = await client.rest("GET", "/api/onboarding")
    except RequestRefusedError as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            return set()
        raise
    return {step["step"] for step in steps if not step["done"]}


async def finish_onboarding(client: HomeAssistantClient) -> None:
    """Go through what is left of the onboarding, sharing nothing with anybody.

    Home Assistant then adds integrations by itself; those that can do nothing without
    the internet are taken away again.
    """
    answers = {
        "core_config": {},
        "analytics": {},
        "integration": {
            "client_id": client.client_id,
            "redirect_uri": f"{client.url}/?auth_callback=1",
        },
    }
    pending = await pending_onboarding(client)
    for step, answer in answers.items():
        if step in pending:
            await client.rest("POST", f"/api/onboarding/{step}", answer)
    entries = await client.rest("GET", "/api/config/config_entries/entry")
    await asyncio.gather(
        *(
            client.rest(
                "DELETE", f"/api/config/config_entries/entry/{each['entry_id']}"
            )
            for each in entries
            if each["domain"] in ADDED_BY_ONBOARDING
        )
    )


async def add_account(websocket: WebSocket, account: Account) -> str:
    """Make an ordinary user with a password and a person; returns the user's id."""
    created = await websocket.command(
        "config/auth/create", name=account.name, group_ids=["system-users"]
    )
    user_id = str(created["user"]["id"])
    await websocket.command(
        "config/auth_provider/homeassistant/create",
        user_id=user_id,
        username=account.username,
        password=account.password,
    )
    await websocket.command("person/create", name=account.name, user_id=user_id)
    return user_id


async def user_ids(websocket: WebSocket) -> dict[str, str]:
    """Return the ids of the users who sign in with a password, by user name."""
    return {
        user["username"]: user["id"]
        for user in await websocket.command("config/auth/list")
        if user["username"]
    }


async def practice_entry(client: HomeAssistantClient) -> str | None:
    """Return the entry id of the practice, None where there is none yet."""
    entries = await client.rest(
        "GET", f"/api/config/config_entries/entry?domain={DOMAIN}"
    )
    return next((str(entry["entry_id"]) for entry in entries), None)


async def add_practice(
    client: HomeAssistantClient, *, may_open: list[str], may_manage: list[str]
) -> str:
    """Set up the practice with its people, given as user ids; returns its entry id."""
    answer = await client.complete_flow(
        CONFIG_FLOW,
        {"handler": DOMAIN},
        ("user", {"name": PRACTICE_NAME, "country": "FR", "language": "en"}),
        ("people", {"may_open": may_open, "may_manage": may_manage, "on_call": []}),
    )
    if answer["type"] != "create_entry":
        raise FlowFailedError(str(answer))
    return str(answer["result"]["entry_id"])


async def add_station(
    client: HomeAssistantClient,
    entry_id: str,
    address: StationAddress,
    *,
    roles: Mapping[str, Json] | None = None,
    door: Mapping[str, Json] | None = None,
) -> None:
    """Add a station with one door; roles and door default to the simulator's wiring."""
    answer = await client.complete_flow(
        SUBENTRY_FLOW,
        {"handler": [entry_id, "station"]},
        ("user", _connection(address)),
        *_parts(STATION_ROLES if roles is None else roles),
        ("door", STATION_DOOR if door is None else door),
    )
    if answer["type"] != "create_entry":
        raise FlowFailedError(str(answer))


async def station_subentry(websocket: WebSocket, entry_id: str) -> str | None:
    """Return the id of the practice's first station, None where there is none."""
    subentries = await websocket.command(
        "config_entries/subentries/list", entry_id=entry_id
    )
    return next(
        (
            str(each["subentry_id"])
            for each in subentries
            if each["subentry_type"] == "station"
        ),
        None,
    )


async def move_station(
    client: HomeAssistantClient,
    entry_id: str,
    subentry_id: str,
    address: StationAddress,
) -> None:
    """Tell the practice the station's new address; roles are set as `add_station` does."""
    answer = await client.complete_flow(
        SUBENTRY_FLOW,
        {"handler": [entry_id, "station"], "subentry_id": subentry_id},
        ("reconfigure", _connection(address)),
        *_parts(STATION_ROLES),
        ("door", STATION_DOOR),
    )
    if answer.get("reason") != "reconfigure_successful":
        raise FlowFailedError(str(answer))


def phone_name(account: Account) -> str:
    """Return what somebody's phone is called."""
    return f"Phone of the {account.username}"


async def add_ring_automation(
    client: HomeAssistantClient, phones: list[str], *, language: str = "en"
) -> None:
    """Use the shipped blueprint to notify these phones, unless it is used already."""
    path = f"/api/config/automation/config/{RING_AUTOMATION}"
    try:
        await client.rest("GET", path)
    except RequestRefusedError as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
    else:
        return
    websocket = await client.websocket()
    devices = await websocket.command("config/device_registry/list")
    await client.rest(
        "POST",
        path,
        {
            "alias": "Notify on ring",
            "use_blueprint": {
                "path": "cabinet-secure/notify_on_ring.yaml",
                "input": {
                    "step_1_phones": [
                        device["id"] for device in devices if device["name"] in phones
                    ],
                    "language": language,
                },
            },
        },
    )


def _parts(roles: Mapping[str, Json]) -> list[tuple[str, Mapping[str, Json]]]:
    """Return the answers about what is connected, and about each panic button."""
    return [
        ("roles", roles),
        *(("panic_input", PANIC_BUTTON) for _ in roles.get("panic_inputs", [])),
    ]


def _connection(address: StationAddress) -> dict[str, Json]:
    return {
        "host": address.host,
        "port": address.port,
        "ssl": False,
        "verify_ssl": True,
        "username": address.username,
        "password": address.password,
    }
