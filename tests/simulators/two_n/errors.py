"""Refusals of the HTTP API ("2N HTTP API, replies to requests")."""

from enum import IntEnum


class ErrorCode(IntEnum):
    """Error codes in the body of an answer."""

    UNSUPPORTED = 1
    INVALID_PATH = 2
    INVALID_METHOD = 3
    DISABLED = 4
    WRONG_CONNECTION = 7
    WRONG_AUTHENTICATION = 8
    AUTHORISATION_REQUIRED = 9
    NO_PRIVILEGE = 10
    MISSING = 11
    INVALID = 12
    TOO_LARGE = 13
    PROCESSING = 14
    NO_DATA = 15
    COLLISION = 17
    REJECTED = 18
    FILE_VERSION = 19


_DESCRIPTION = {
    ErrorCode.UNSUPPORTED: "function is not supported",
    ErrorCode.INVALID_PATH: "invalid request path",
    ErrorCode.INVALID_METHOD: "invalid request method",
    ErrorCode.DISABLED: "function is disabled",
    ErrorCode.WRONG_CONNECTION: "invalid connection type",
    ErrorCode.WRONG_AUTHENTICATION: "invalid authentication method",
    ErrorCode.AUTHORISATION_REQUIRED: "authorization required",
    ErrorCode.NO_PRIVILEGE: "insufficient user privileges",
    ErrorCode.MISSING: "missing mandatory parameter",
    ErrorCode.INVALID: "invalid parameter value",
    ErrorCode.TOO_LARGE: "parameter data too big",
    ErrorCode.PROCESSING: "unspecified processing error",
    ErrorCode.NO_DATA: "no data available",
    ErrorCode.COLLISION: "parameter collision",
    ErrorCode.REJECTED: "request rejected",
    ErrorCode.FILE_VERSION: "file version not supported",
}


class ApiError(Exception):
    """The station refuses a request."""

    def __init__(self, code: ErrorCode, param: str | None = None) -> None:
        super().__init__(f"{int(code)} {param or ''}".strip())
        self.code = code
        self.param = param

    def body(self) -> dict[str, object]:
        """Return the JSON body of the answer."""
        error: dict[str, object] = {"code": int(self.code)}
        if self.param is not None:
            error["param"] = self.param
        error["description"] = _DESCRIPTION[self.code]
        return {"success": False, "error": error}
