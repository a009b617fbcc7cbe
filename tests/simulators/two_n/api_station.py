"""Functions of system, switch, io, audio, call, phone and accesspoint."""

from collections.abc import Mapping

from .config import Json, Privilege, Service
from .context import Context, Endpoint
from .errors import ApiError, ErrorCode

_RESTART_DELAY_S = 0.02
_DAY_S = 86_400


async def _system_info(context: Context) -> Json:
    config = context.station.config
    return {
        "devType": "7",
        "variant": config.variant,
        "variantId": 105,
        "customerId": 1,
        "serialNumber": config.serial,
        "macAddr": config.mac,
        "hwVersion": "570v3",
        "swVersion": config.firmware,
        "buildType": "release",
        "firmwarePackage": "style",
        "deviceName": config.name,
    }


async def _system_status(context: Context) -> Json:
    station = context.station
    return {"systemTime": int(station.clock.time()), "upTime": station.log.uptime_s}


async def _system_restart(context: Context) -> None:
    # The answer leaves first.
    context.station.clock.call_later(_RESTART_DELAY_S, context.station.restart)


async def _switch_caps(context: Context) -> Json:
    return {"switches": context.station.switchboard.caps()}


async def _switch_status(context: Context) -> Json:
    number = context.params.optional_integer("switch", 1, 99)
    return {"switches": context.station.switchboard.status(number)}


async def _switch_control(context: Context) -> None:
    params = context.params
    context.station.switchboard.control(
        params.integer("switch", 1, 99),
        params.text("action"),
        params.optional_integer("timeout", 1, _DAY_S),
    )


async def _io_caps(context: Context) -> Json:
    ports = context.station.ports.caps()
    if (name := context.params.values.get("port")) is not None:
        ports = [port for port in ports if port["port"] == name]
        if not ports:
            raise ApiError(ErrorCode.INVALID, "port")
    return {"ports": ports}


async def _io_status(context: Context) -> Json:
    return {"ports": context.station.ports.status(context.params.values.get("port"))}


async def _io_control(context: Context) -> None:
    params = context.params
    context.station.ports.control(params.text("port"), params.text("action"))


async def _audio_test(context: Context) -> None:
    context.station.log.emit("AudioLoopTest", {"result": "passed"})


async def _call_status(context: Context) -> Json:
    session = context.params.optional_integer("session", 0, 2**32 - 1)
    return {"sessions": context.station.calls.status(session)}


async def _call_dial(context: Context) -> Json:
    values = context.params.values
    if "number" in values and "users" in values:
        raise ApiError(ErrorCode.COLLISION, "users")
    if "users" not in values:
        return {
            "session": context.station.calls.dial(context.params.text("number")).session
        }
    sessions = [
        context.station.calls.dial(peer).session
        for uuid in context.params.text("users").split(",")
        for peer in _peers(context, uuid)
    ]
    if not sessions:
        raise ApiError(ErrorCode.NO_DATA)
    return {"session": sessions[0]}


def _peers(context: Context, uuid: str) -> list[str]:
    user = context.station.directory.find(uuid)
    if user is None:
        raise ApiError(ErrorCode.INVALID, "users")
    return [position["peer"] for position in user["callPos"] if position["peer"]]


async def _call_answer(context: Context) -> None:
    context.station.calls.answer(context.params.integer("session", 0, 2**32 - 1))


async def _call_hangup(context: Context) -> None:
    calls = context.station.calls
    call = calls.find(context.params.integer("session", 0, 2**32 - 1))
    reason = context.params.values.get("reason", "normal")
    if reason not in {"normal", "rejected", "busy"}:
        raise ApiError(ErrorCode.INVALID, "reason")
    calls.end(call, reason)


async def _phone_status(context: Context) -> Json:
    station = context.station
    account: Json = {
        "account": 1,
        "sipNumber": station.config.sip_number,
        "registered": station.registered,
    }
    if station.registered:
        account["registerTime"] = station.registered_at
    empty: Json = {"account": 2, "sipNumber": "", "registered": False}
    return {"accounts": [account, empty]}


async def _blocking_control(context: Context) -> None:
    ap = context.params.integer("id", 0, 99)
    action = context.params.text("action")
    if action not in {"on", "off"}:
        raise ApiError(ErrorCode.INVALID, "action")
    context.station.access.set_blocked(ap, blocked=action == "on")


async def _blocking_status(context: Context) -> Json:
    ap = context.params.optional_integer("id", 0, 99)
    return {"accessPoints": context.station.access.status(ap)}


async def _grant_access(context: Context) -> Json:
    return context.station.access.grant(
        context.params.integer("id", 0, 99), context.params.text("user")
    )


ENDPOINTS: Mapping[str, Endpoint] = {
    "/api/system/info": Endpoint(
        handler=_system_info, service=Service.SYSTEM, open=True
    ),
    "/api/system/status": Endpoint(
        handler=_system_status,
        service=Service.SYSTEM,
        privilege=Privilege.SYSTEM_CONTROL,
    ),
    "/api/system/restart": Endpoint(
        handler=_system_restart,
        service=Service.SYSTEM,
        privilege=Privilege.SYSTEM_CONTROL,
    ),
    "/api/switch/caps": Endpoint(
        handler=_switch_caps,
        service=Service.SWITCH,
        privilege=Privilege.SWITCH_MONITORING,
    ),
    "/api/switch/status": Endpoint(
        handler=_switch_status,
        service=Service.SWITCH,
        privilege=Privilege.SWITCH_MONITORING,
    ),
    "/api/switch/ctrl": Endpoint(
        handler=_switch_control,
        service=Service.SWITCH,
        privilege=Privilege.SWITCH_CONTROL,
    ),
    "/api/io/caps": Endpoint(
        handler=_io_caps, service=Service.IO, privilege=Privilege.IO_MONITORING
    ),
    "/api/io/status": Endpoint(
        handler=_io_status, service=Service.IO, privilege=Privilege.IO_MONITORING
    ),
    "/api/io/ctrl": Endpoint(
        handler=_io_control, service=Service.IO, privilege=Privilege.IO_CONTROL
    ),
    "/api/audio/test": Endpoint(
        handler=_audio_test, service=Service.AUDIO, privilege=Privilege.AUDIO_CONTROL
    ),
    "/api/call/status": Endpoint(
        handler=_call_status, service=Service.CALL, privilege=Privilege.CALL_MONITORING
    ),
    "/api/call/dial": Endpoint(
        handler=_call_dial, service=Service.CALL, privilege=Privilege.CALL_CONTROL
    ),
    "/api/call/answer": Endpoint(
        handler=_call_answer, service=Service.CALL, privilege=Privilege.CALL_CONTROL
    ),
    "/api/call/hangup": Endpoint(
        handler=_call_hangup, service=Service.CALL, privilege=Privilege.CALL_CONTROL
    ),
    "/api/phone/status": Endpoint(
        handler=_phone_status,
        service=Service.CALL,
        privilege=Privilege.CALL_MONITORING,
    ),
    "/api/accesspoint/blocking/ctrl": Endpoint(
        handler=_blocking_control,
        service=Service.ACCESS,
        privilege=Privilege.ACCESS_CONTROL,
    ),
    "/api/accesspoint/blocking/status": Endpoint(
        handler=_blocking_status,
        service=Service.ACCESS,
        privilege=Privilege.ACCESS_MONITORING,
    ),
    "/api/accesspoint/grantaccess": Endpoint(
        handler=_grant_access,
        service=Service.ACCESS,
        privilege=Privilege.ACCESS_CONTROL,
    ),
}
