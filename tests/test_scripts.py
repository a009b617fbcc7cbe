"""The commands in scripts/, run as people run them."""

from importlib.metadata import version
import os
from pathlib import Path
import shutil
import socket
import subprocess
import sys

from packaging.requirements import Requirement
import pytest

from scripts import develop, integration_requirements
from scripts.lib.package_index import pip_settings, uv_settings

from .integration_files import ROOT

COMMANDS = ("develop", "python314", "setup", "test", "uv")

# Plays uv: notes what it is told, and makes a virtual environment whose interpreter
# is the one that runs the tests.
FAKE_UV = """\
#!/bin/sh
echo "$*" >>"$UV_LOG"
case "$1" in
    --version) echo "uv 0" ;;
    venv)
        for venv; do :; done
        mkdir -p "$venv/bin"
        ln -sf "$FAKE_PYTHON" "$venv/bin/python" ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a fresh checkout of what scripts/setup works with."""
    project = tmp_path / "project"
    for folder in ("scripts", "custom_components"):
        shutil.copytree(ROOT / folder, project / folder)
    shutil.copy(ROOT / "requirements_test.txt", project)
    # Left there by Python, and nothing that setup depends on.
    (project / "scripts/lib/__pycache__").mkdir(exist_ok=True)
    return project


@pytest.fixture
def clean_machine(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a machine with the system's commands and a fake uv."""
    folder = tmp_path / "bin"
    folder.mkdir()
    python = folder / "python3.14"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    # Without apt there are no packages to unpack.
    for name, text in (("uv", FAKE_UV), ("apt-get", "#!/bin/sh\nexit 1\n")):
        (folder / name).write_text(text)
    for path in folder.iterdir():
        path.chmod(0o755)
    return {
        "HOME": str(tmp_path / "home"),
        "PATH": f"{folder}:/usr/bin:/bin",
        "PYTHON": str(python),
        "FAKE_PYTHON": str(python),
        "CXX": "c++",
        "UV_LOG": str(tmp_path / "uv.log"),
    }


def run(
    *command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"} if env is None else env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_without_setting_anything_up(
    project: Path, command: str
) -> None:
    shown = run(project / "scripts" / command, "--help", cwd=project)
    assert shown.returncode == 0
    assert shown.stdout.startswith(f"Usage: scripts/{command}")
    assert shown.stderr == ""
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("command", ["python314", "setup", "uv"])
def test_a_command_refuses_what_it_does_not_know(project: Path, command: str) -> None:
    refused = run(project / "scripts" / command, "--nonsense", cwd=project)
    assert refused.returncode == 2
    assert "Usage:" in refused.stderr


def test_setup_installs_once_and_then_has_nothing_to_do(
    project: Path, clean_machine: dict[str, str]
) -> None:
    log = Path(clean_machine["UV_LOG"])
    first = run(project / "scripts/setup", cwd=project, env=clean_machine)
    assert first.returncode == 0, first.stderr
    assert "making .venv" in first.stderr
    told = log.read_text().splitlines()
    assert [line.split()[0] for line in told if line != "--version"] == [
        "venv",
        "pip",
        "pip",
    ]
    needed = (project / ".venv/integration_requirements.txt").read_text()
    assert "PyNaCl==" in needed

    log.unlink()
    second = run(project / "scripts/setup", cwd=project, env=clean_machine)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert not log.exists()


@pytest.mark.parametrize(
    "changed",
    ["requirements_test.txt", "custom_components/cabinet_secure/manifest.json"],
)
def test_setup_installs_again_when_what_is_required_has_changed(
    project: Path, clean_machine: dict[str, str], changed: str
) -> None:
    assert (
        run(project / "scripts/setup", cwd=project, env=clean_machine).returncode == 0
    )
    with (project / changed).open("a") as file:
        file.write("\n")
    log = Path(clean_machine["UV_LOG"])
    log.unlink()
    assert (
        run(project / "scripts/setup", cwd=project, env=clean_machine).returncode == 0
    )
    told = [line.split()[0] for line in log.read_text().splitlines()]
    assert told.count("pip") == 2
    assert "venv" not in told, "the interpreter is the same"


def test_setup_that_fails_is_not_taken_for_done(
    project: Path, clean_machine: dict[str, str]
) -> None:
    uv = Path(clean_machine["PATH"].split(":")[0]) / "uv"
    uv.write_text(FAKE_UV + '[ "$1" != pip ]\n')
    failed = run(project / "scripts/setup", cwd=project, env=clean_machine)
    assert failed.returncode != 0
    uv.write_text(FAKE_UV)
    assert (
        run(project / "scripts/setup", cwd=project, env=clean_machine).returncode == 0
    )
    assert (project / ".venv/.cabinet-secure-setup").exists()


def test_the_interpreter_that_the_user_names_is_taken(
    clean_machine: dict[str, str],
) -> None:
    found = run(ROOT / "scripts/python314", env=clean_machine)
    assert found.stdout.strip() == clean_machine["PYTHON"]


def test_what_is_installed_is_what_the_integrations_in_use_ask_for() -> None:
    printed = run(sys.executable, ROOT / "scripts/integration_requirements.py")
    assert printed.returncode == 0, printed.stderr
    constraint, *lines = printed.stdout.splitlines()
    assert Path(constraint.removeprefix("-c ")).is_file()
    requirements = [Requirement(line) for line in lines]
    names = {requirement.name for requirement in requirements}
    assert names >= {"PyNaCl", "home-assistant-frontend", "SQLAlchemy"}
    assert not names & {"bleak", "openai", "serialx"}
    for requirement in requirements:
        assert requirement.specifier.contains(version(requirement.name)), requirement


def test_dependencies_are_followed_to_their_end() -> None:
    found = integration_requirements.with_dependencies(["mobile_app"])
    assert {"mobile_app", "http", "person", "image_upload"} <= found
    assert "Pillow" in " ".join(integration_requirements.requirements(found))


def test_uv_takes_its_index_from_where_pip_has_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in list(os.environ):
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = http://mirror.test/a\ntrusted-host = m\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.setenv("PIP_INDEX_URL", "http://mirror.test/b")
    settings = uv_settings(pip_settings())
    assert settings["UV_DEFAULT_INDEX"] == "http://mirror.test/b"
    assert settings["UV_INSECURE_HOST"] == "m"


def test_uv_is_left_alone_where_pip_has_no_index_of_its_own() -> None:
    assert uv_settings({"extra-index-url": "http://mirror.test/more"}) == {}
    assert uv_settings({"cert": "/etc/ca.pem"}) == {"SSL_CERT_FILE": "/etc/ca.pem"}


def _develop(monkeypatch: pytest.MonkeyPatch, state: Path, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["develop", "--state", str(state), *arguments])
    return develop.main()


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("option", ["--port", "--station-port"])
def test_develop_says_which_port_is_taken_before_it_starts_anything(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    option: str,
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            free = probe.getsockname()[1]
        unaffected = "--station-port" if option == "--port" else "--port"
        ended = _develop(
            monkeypatch, tmp_path, option, str(taken), unaffected, str(free)
        )
    assert ended == 1
    shown = capsys.readouterr()
    assert f"port {taken} cannot be had" in shown.err
    assert shown.err.rstrip().endswith(option)
    assert shown.out == ""
    assert not (tmp_path / "config").exists()


def test_develop_runs_once_for_each_state(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    with develop.State(tmp_path).held():
        assert _develop(monkeypatch, tmp_path) == 1
    assert "runs already" in capsys.readouterr().err


@pytest.mark.parametrize(
    "ports", [("0", "8101"), ("65536", "8101"), ("eight", "8101"), ("8101", "8101")]
)
def test_develop_refuses_ports_that_make_no_sense(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ports: tuple[str, str]
) -> None:
    port, station_port = ports
    with pytest.raises(SystemExit, match="2"):
        _develop(monkeypatch, tmp_path, "--port", port, "--station-port", station_port)
