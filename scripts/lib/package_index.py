"""Print pip's package index as settings of uv, one KEY=VALUE a line.

uv reads neither PIP_* nor pip.conf, though a network that allows only its own package
mirror often says so there. What uv has been told itself is left alone. Runs on any
Python 3 that Debian ships.
"""

import configparser
import os
from pathlib import Path


def configuration_files() -> list[Path]:
    """Return where pip looks for its settings, in its order; the last one wins."""
    home = Path.home()
    user = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return [
        Path("/etc/xdg/pip/pip.conf"),
        Path("/etc/pip.conf"),
        home / ".pip/pip.conf",
        user / "pip/pip.conf",
        Path(os.environ.get("PIP_CONFIG_FILE") or os.devnull),
    ]


def pip_settings() -> dict[str, str]:
    """Read pip's settings in pip's own order: files, then the environment."""
    files = configparser.RawConfigParser()
    files.read(configuration_files(), encoding="utf-8")
    settings: dict[str, str] = {}
    for section in ("global", "install"):
        if files.has_section(section):
            settings.update(files.items(section))
    for name, value in os.environ.items():
        if name.startswith("PIP_"):
            settings[name[len("PIP_") :].lower().replace("_", "-")] = value
    return {name: " ".join(value.split()) for name, value in settings.items()}


def uv_settings(pip: dict[str, str]) -> dict[str, str]:
    """Translate the index, where pip has one of its own, and the certificates."""
    uv: dict[str, str] = {}
    if "index-url" in pip:
        uv["UV_DEFAULT_INDEX"] = pip["index-url"]
        if "extra-index-url" in pip:
            uv["UV_INDEX"] = pip["extra-index-url"]
            # pip takes the best version of all its indexes.
            uv["UV_INDEX_STRATEGY"] = "unsafe-best-match"
        if "trusted-host" in pip:
            uv["UV_INSECURE_HOST"] = pip["trusted-host"]
    if "cert" in pip:
        uv["SSL_CERT_FILE"] = pip["cert"]
    return uv


if __name__ == "__main__":
    for key, setting in uv_settings(pip_settings()).items():
        if key not in os.environ:
            print(f"{key}={setting}")
