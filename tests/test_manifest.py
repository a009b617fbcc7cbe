"""The manifest, the quality scale and HACS's file, as hassfest and HACS check them."""

import ast
from collections.abc import Iterator
from importlib.metadata import version
import json
from pathlib import Path
import re

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
from packaging.requirements import Requirement
import pytest

from .integration_files import (
    COMPONENT,
    CORE_COMPONENTS,
    ROOT,
    modules,
    read_json,
    read_yaml,
)

MANIFEST = read_json("manifest.json")
RULES = read_yaml(COMPONENT / "quality_scale.yaml").get("rules", {})

REQUIRED = {
    "codeowners",
    "documentation",
    "domain",
    "integration_type",
    "iot_class",
    "issue_tracker",
    "name",
    "requirements",
    "version",
}
OPTIONAL = {
    "after_dependencies",
    "bluetooth",
    "config_flow",
    "dependencies",
    "dhcp",
    "homekit",
    "import_executor",
    "loggers",
    "mqtt",
    "quality_scale",
    "single_config_entry",
    "ssdp",
    "usb",
    "zeroconf",
}

# hassfest lets every integration use these without naming them in its manifest.
ALWAYS_THERE = {platform.value for platform in Platform} | {
    "automation",
    "blueprint",
    "diagnostics",
    "frontend",
    "homeassistant",
    "persistent_notification",
    "person",
    "repairs",
    "script",
    "system_health",
    "webhook",
    "websocket_api",
    "zone",
}


def _components_used() -> Iterator[tuple[Path, str]]:
    prefix = "homeassistant.components"
    for path, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                if node.module == prefix:
                    yield from ((path, alias.name) for alias in node.names)
                elif node.module.startswith(f"{prefix}."):
                    yield path, node.module.split(".")[2]
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.startswith(f"{prefix}."):
                        yield path, alias.name.split(".")[2]


def test_the_manifest_has_the_keys_that_home_assistant_and_hacs_want() -> None:
    assert MANIFEST.keys() >= REQUIRED
    assert MANIFEST.keys() <= REQUIRED | OPTIONAL


def test_the_manifest_lists_domain_and_name_first_and_the_rest_by_the_alphabet() -> (
    None
):
    rest = sorted(MANIFEST.keys() - {"domain", "name"})
    assert list(MANIFEST) == ["domain", "name", *rest]


def test_the_manifest_says_what_home_assistant_understands() -> None:
    assert MANIFEST["domain"] == COMPONENT.name
    assert MANIFEST["iot_class"] == "local_push"
    assert MANIFEST["integration_type"] in {"device", "hub", "service"}
    assert AwesomeVersion(MANIFEST["version"]).strategy is AwesomeVersionStrategy.SEMVER
    assert all(
        re.fullmatch(r"@[\w-]+(/[\w-]+)?", name) for name in MANIFEST["codeowners"]
    )
    for key in ("documentation", "issue_tracker"):
        assert MANIFEST[key].startswith("https://")
    for requirement in MANIFEST["requirements"]:
        wanted = Requirement(requirement)
        assert wanted.specifier.contains(version(wanted.name)), requirement
    assert MANIFEST.get("config_flow") is (COMPONENT / "config_flow.py").exists()


def test_discovery_is_written_as_home_assistant_compares_it() -> None:
    for matcher in MANIFEST.get("dhcp", ()):
        assert matcher.keys() <= {"hostname", "macaddress", "registered_devices"}
        assert re.fullmatch(r"[0-9A-F]+\*", matcher["macaddress"])
    for matcher in MANIFEST.get("zeroconf", ()):
        assert matcher.keys() <= {"name", "properties", "type"}
        assert matcher["type"].endswith(".local.")
        assert matcher["type"] == matcher["type"].lower()
        assert matcher["name"] == matcher["name"].lower()


def test_every_integration_that_the_code_uses_is_in_the_manifest() -> None:
    declared = {
        *MANIFEST.get("dependencies", ()),
        *MANIFEST.get("after_dependencies", ()),
    }
    undeclared = {
        (str(path), component)
        for path, component in _components_used()
        if component not in ALWAYS_THERE | declared
    }
    assert undeclared == set()
    assert all((CORE_COMPONENTS / name / "manifest.json").exists() for name in declared)


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_home_assistant_accepts_the_manifest(hass: HomeAssistant) -> None:
    integration = await async_get_integration(hass, MANIFEST["domain"])
    assert not integration.is_built_in
    assert integration.config_flow
    assert integration.version == MANIFEST["version"]
    assert await integration.async_get_component()


def test_the_quality_scale_answers_every_rule_of_home_assistant() -> None:
    known = read_yaml(CORE_COMPONENTS / "unifi_access" / "quality_scale.yaml")["rules"]
    assert len(known) > 50
    assert RULES.keys() == known.keys()


def test_every_exemption_of_the_quality_scale_has_a_reason() -> None:
    for rule, answer in RULES.items():
        if isinstance(answer, str):
            assert answer in {"done", "todo"}, rule
        else:
            assert answer.keys() == {"status", "comment"}, rule
            assert answer["status"] in {"done", "exempt", "todo"}, rule
            assert answer["comment"].strip(), rule


def test_the_tier_that_the_manifest_claims_leaves_nothing_to_do() -> None:
    assert MANIFEST["quality_scale"] == "platinum"
    answers = {
        rule: answer if isinstance(answer, str) else answer["status"]
        for rule, answer in RULES.items()
    }
    assert [rule for rule, answer in answers.items() if answer == "todo"] == []


def test_hacs_gets_its_name_and_the_oldest_home_assistant_that_works() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text(encoding="utf-8"))
    supported = {
        "content_in_root",
        "country",
        "filename",
        "hacs",
        "hide_default_branch",
        "homeassistant",
        "name",
        "persistent_directory",
        "zip_release",
    }
    assert hacs.keys() <= supported
    assert hacs["name"] == MANIFEST["name"]
    assert AwesomeVersion(hacs["homeassistant"]) >= AwesomeVersion("2026.10.0")
    assert [
        path.name
        for path in (ROOT / "custom_components").iterdir()
        if path.is_dir() and not path.name.startswith("__")
    ] == [MANIFEST["domain"]]
    assert (COMPONENT / "brand" / "icon.png").exists()
