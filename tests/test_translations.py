"""Every text that a person sees exists, in English and in French, and reads well."""

import ast
import re

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
import pytest

from custom_components.cabinet_secure.blueprint_install import BlueprintIssue
from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.equipment import Failure, TroubleKind
from custom_components.cabinet_secure.evidence_services import Refused
from custom_components.cabinet_secure.practice.effects import Refusal
from custom_components.cabinet_secure.practice.panic.chain import Reminder
from custom_components.cabinet_secure.register import Found, Trouble
from custom_components.cabinet_secure.register.checking import Problem
from custom_components.cabinet_secure.register.identity import Identity
from custom_components.cabinet_secure.register_repairs import (
    ISSUE_FAULTY,
    ISSUE_LEFT,
    ORDINARY,
)

from .integration_files import (
    LANGUAGES,
    Tree,
    all_strings,
    keyword_values,
    literals,
    modules,
    placeholders,
    read_json,
    texts,
    translations,
)

ENGLISH = translations("en")
FRENCH = translations("fr")
PLATFORMS = {str(path.with_suffix("")) for path in modules()} & ENGLISH["entity"].keys()
ICON_KEYS = {"default", "range", "state", "state_attributes"}

# The sections that Home Assistant knows in an integration's texts.
SECTIONS = {
    "conditions",
    "config",
    "config_subentries",
    "device",
    "entity",
    "exceptions",
    "issues",
    "options",
    "selector",
    "services",
    "system_health",
    "title",
    "triggers",
}
# A narrow or an ordinary no-break space.
NO_BREAK = "\u00a0\u202f"


def _flows() -> dict[str, Tree]:
    return {
        "config": ENGLISH["config"],
        "options": ENGLISH["options"],
        **{
            f"config_subentries.{kind}": flow
            for kind, flow in ENGLISH["config_subentries"].items()
        },
        **{
            f"issues.{kind}": issue["fix_flow"]
            for kind, issue in ENGLISH["issues"].items()
            if "fix_flow" in issue
        },
    }


def test_french_says_everything_that_english_says_and_nothing_else() -> None:
    english, french = dict(texts(ENGLISH)), dict(texts(FRENCH))
    assert english.keys() - french.keys() == set()
    assert french.keys() - english.keys() == set()
    differing = {
        where
        for where, text in english.items()
        if placeholders(text) != placeholders(french[where])
    }
    assert differing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_written_in_a_way_that_hassfest_refuses(
    language: str,
) -> None:
    content = translations(language)
    assert content.keys() <= SECTIONS
    for where, text in texts(content):
        assert text, where
        assert text == text.strip(), where
        assert "  " not in text, where
        assert "[%key:" not in text, f"{where}: only Home Assistant's own may refer"
        assert not re.search(r"</?[a-z]+>", text), f"{where}: markup is Markdown"
        assert not re.search(r"'\{\w+\}'", text), f"{where}: quotes hide a placeholder"
        assert not re.search(r"https?://", text), f"{where}: links are placeholders"
        assert text.count("{") == text.count("}"), where


def test_french_is_typeset_as_french() -> None:
    mistakes = {
        "the apostrophe is ’": r"'",
        "quotation marks are « »": r'"',
        "a no-break space before": rf"[^{NO_BREAK}\s][;?!»](?:\s|$)| [:;?!»]",
        "a no-break space after": rf"«[^{NO_BREAK}]",
    }
    # What is between backquotes is not French but something to type.
    prose = {where: re.sub(r"`[^`]*`", "", text) for where, text in texts(FRENCH)}
    assert [
        (where, rule)
        for where, text in prose.items()
        for rule, mistake in mistakes.items()
        if re.search(mistake, text)
    ] == []


def test_every_step_explains_itself_and_each_of_its_fields() -> None:
    for flow_name, flow in _flows().items():
        for step_name, step in flow["step"].items():
            where = f"{flow_name}.{step_name}"
            assert step["title"], where
            assert step["description"], where
            fields = step.get("data", {}).keys()
            assert fields == step.get("data_description", {}).keys(), where
            menu = step.get("menu_options", {}).keys()
            assert menu == step.get("menu_option_descriptions", {}).keys(), where


def test_every_step_that_is_translated_is_a_step_of_the_code() -> None:
    methods = {
        node.name.removeprefix("async_step_")
        for module in modules().values()
        for node in ast.walk(module)
        if isinstance(node, ast.AsyncFunctionDef)
        and node.name.startswith("async_step_")
    }
    for flow_name, flow in _flows().items():
        assert flow["step"].keys() - methods == set(), flow_name


def test_every_step_of_the_code_is_translated() -> None:
    translated = {step for flow in _flows().values() for step in flow["step"]}
    shown = {
        step
        for module in modules().values()
        for step in literals(keyword_values(module, "step_id"))
    }
    assert shown
    assert shown - translated == set()


def test_every_abort_of_the_code_is_translated() -> None:
    translated = {
        reason for flow in _flows().values() for reason in flow.get("abort", {})
    }
    for path, module in modules().items():
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or "async_abort" not in ast.unparse(
                node.func
            ):
                continue
            given = {argument.arg: argument.value for argument in node.keywords}
            match given.get("reason"):
                case ast.Constant(value=str(reason)) if (
                    "translation_domain" not in given
                ):
                    assert reason in translated, f"{path}:{node.lineno}"


def test_no_error_or_abort_is_translated_that_the_code_never_gives() -> None:
    given = all_strings() | {str(failure) for failure in Failure}
    for flow_name, flow in _flows().items():
        for section in ("error", "abort"):
            assert flow.get(section, {}).keys() - given == set(), (flow_name, section)


def test_every_exception_of_the_code_is_translated_and_no_other() -> None:
    given = {f"failed_{failure}" for failure in Failure}
    given |= {f"refused_{refusal}" for refusal in Refusal}
    given |= {f"incident_{problem}" for problem in (*Problem, *Identity)}
    prefixes = set()
    for module in modules().values():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Error"):
                for argument in node.keywords:
                    if argument.arg != "translation_key":
                        continue
                    match argument.value:
                        case ast.Constant(value=str(key)):
                            given.add(key)
                        case ast.JoinedStr(values=[ast.Constant(value=str(prefix)), _]):
                            prefixes.add(prefix)
                        case other:
                            pytest.fail(f"cannot tell the key: {ast.unparse(other)}")
    given |= {f"freeze_{refused}" for refused in Refused}
    assert prefixes == {"failed_", "freeze_", "incident_", "refused_"}
    assert given - ENGLISH["exceptions"].keys() == set()
    assert ENGLISH["exceptions"].keys() - given == set()


def test_every_issue_of_the_code_is_translated_and_no_other() -> None:
    # Wrong credentials are Home Assistant's own issue: it asks for new ones.
    kinds = {*TroubleKind, *BlueprintIssue, *Reminder} - {TroubleKind.CREDENTIALS}
    register = {f"register_{trouble}" for trouble in Trouble} | {
        f"register_interrupted_{found}" for found in Found if found not in ORDINARY
    }
    register |= {ISSUE_FAULTY, ISSUE_LEFT}
    assert ENGLISH["issues"].keys() == {str(kind) for kind in kinds} | register
    for kind, issue in ENGLISH["issues"].items():
        assert issue["title"], kind
        assert ("description" in issue) is not ("fix_flow" in issue), kind


def test_no_other_module_creates_an_issue() -> None:
    creating = {
        str(path)
        for path, module in modules().items()
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("async_create_issue")
    }
    assert creating == {
        "blueprint_install.py",
        "panic_watch.py",
        "register_repairs.py",
        "repairs.py",
    }


def test_every_entity_of_the_code_has_a_name_and_no_other() -> None:
    for path, module in modules().items():
        platform = str(path.with_suffix(""))
        if platform not in PLATFORMS:
            continue
        # A key None or a device class instead means the name of the device or class.
        keys = literals(keyword_values(module, "translation_key"))
        assert ENGLISH["entity"][platform].keys() <= keys, platform
        for key, entity in ENGLISH["entity"][platform].items():
            assert entity.get("name"), (platform, key)


def test_every_icon_belongs_to_something_that_is_there() -> None:
    icons = read_json("icons.json")
    assert icons.keys() <= {"conditions", "entity", "services", "triggers"}
    for platform, entities in icons["entity"].items():
        module = next(
            tree for path, tree in modules().items() if str(path) == f"{platform}.py"
        )
        keys = literals(keyword_values(module, "translation_key"))
        for key, icon in entities.items():
            assert key in keys, (platform, key)
            assert icon.keys() <= ICON_KEYS, (platform, key)
            states = ENGLISH["entity"].get(platform, {}).get(key, {}).get("state")
            if states is not None:
                assert icon.get("state", {}).keys() <= states.keys(), (platform, key)
    for where, icon in texts(icons):
        assert re.fullmatch(r"mdi:[a-z0-9-]+", icon), where


@pytest.mark.usefixtures("enable_custom_integrations")
@pytest.mark.parametrize("language", LANGUAGES)
async def test_home_assistant_serves_the_texts(
    hass: HomeAssistant, language: str
) -> None:
    for section in ("config", "exceptions", "issues", "services"):
        served = await async_get_translations(hass, language, section, {DOMAIN})
        own = translations(language)[section]
        prefix = f"component.{DOMAIN}.{section}."
        assert served == {f"{prefix}{where}": text for where, text in texts(own)}
