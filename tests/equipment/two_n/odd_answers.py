"""Answers in the device's form, for odd devices."""

from aiohttp import web


def ok(result: object = None) -> web.Response:
    return web.json_response({"success": True, "result": result or {}})


def failed(code: int, status: int = 200, *challenges: str) -> web.Response:
    response = web.json_response(
        {"success": False, "error": {"code": code, "description": "d"}}, status=status
    )
    for challenge in challenges:
        response.headers.add("WWW-Authenticate", challenge)
    return response
