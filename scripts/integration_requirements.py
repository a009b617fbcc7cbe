"""Print what the integrations in use need, ours and others, as pip requirements.

Home Assistant installs an integration's requirements when it starts; the
development environment and the end-to-end tests install them beforehand, so that
nothing is downloaded at run time and `hass --skip-pip` starts at once. Run it with
the interpreter that has Home Assistant.
"""

import argparse
from collections.abc import Iterable
import json
from pathlib import Path

import homeassistant
from homeassistant.bootstrap import (
    CORE_INTEGRATIONS,
    DEFAULT_INTEGRATIONS,
    FRONTEND_INTEGRATIONS,
)

OURS = Path(__file__).parents[1] / "custom_components" / "cabinet_secure"
CORE = Path(homeassistant.__file__).parent
CONSTRAINTS = CORE / "package_constraints.txt"

# Beside what Home Assistant always sets up. `default_config` as a whole is left
# out: Bluetooth, USB and the cloud need compilers or a network, and prove nothing.
USED_BESIDE_OURS = (
    "history",
    "isal",
    "logbook",
    "mobile_app",
    "mqtt",
    "my",
    "recorder",
    "stream",
    "template",
    "webhook",
    "zeroconf",
)

# Home Assistant adds these by itself at the end of the onboarding.
ADDED_BY_ONBOARDING = ("google_translate", "met", "radio_browser", "shopping_list")


def manifest(domain: str) -> dict[str, list[str]]:
    """Read the manifest of this integration, or of one of Home Assistant's own."""
    folder = OURS if domain == OURS.name else CORE / "components" / domain
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


def with_dependencies(domains: Iterable[str]) -> set[str]:
    """Add everything that the integrations cannot be set up without."""
    found: set[str] = set()
    waiting = list(domains)
    while waiting:
        domain = waiting.pop()
        if domain not in found:
            found.add(domain)
            waiting.extend(manifest(domain).get("dependencies", ()))
    return found


def requirements(domains: Iterable[str]) -> list[str]:
    """List what the integrations' manifests require, without doubles."""
    return sorted(
        {
            needed
            for domain in domains
            for needed in manifest(domain).get("requirements", ())
        },
        key=str.casefold,
    )


def main() -> None:
    """Print the requirements, preceded by Home Assistant's constraints."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    roots = {
        OURS.name,
        *CORE_INTEGRATIONS,
        *FRONTEND_INTEGRATIONS,
        *DEFAULT_INTEGRATIONS,
        *USED_BESIDE_OURS,
        *ADDED_BY_ONBOARDING,
    }
    print(f"-c {CONSTRAINTS}")
    for needed in requirements(with_dependencies(roots)):
        print(needed)


if __name__ == "__main__":
    main()
