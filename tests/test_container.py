"""The image, without a container engine: its steps are run in a scratch directory, by a clean interpreter."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from mockserver.control.connections import SDKS, connection
from mockserver.core.environment import Keys
from tests.children import bound

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
NAME = "mockserver.localhost"
KEYS = Keys("sk_test_default", "client_default")


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile in their order, as name and the rest of the line."""
    text = re.sub(r"^\s*#.*\n", "", dockerfile.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line.strip()]


def last(name: str) -> str:
    return [rest for instruction, rest in instructions(ROOT / "Dockerfile") if instruction == name][-1]


class Image:
    """What building the Dockerfile leaves, below a scratch directory instead of below `/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        subprocess.run([sys.executable, "-m", "venv", root / "python"], check=True)
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("MOCKSERVER_", "WORKOS_"))
        } | {"PATH": f"{root}/python/bin:{os.environ['PATH']}"}
        self.folder = root
        for name, rest in instructions(ROOT / "Dockerfile"):
            if name == "WORKDIR":
                self.folder = Path(self.within(rest))
                self.folder.mkdir(parents=True)
            elif name == "ENV":
                self.environment |= dict(assignment.split("=", 1) for assignment in self.within(rest).split())
            elif name == "COPY" and not rest.startswith("--from"):
                *sources, target = rest.split()
                for source in sources:
                    self.copy(ROOT / source, self.folder / target)
            elif name == "RUN":
                command = ["sh", "-c", self.within(rest)]
                subprocess.run(command, cwd=self.folder, env=self.environment, check=True, timeout=120)

    def within(self, text: str) -> str:
        """The text with the image's absolute paths moved below the scratch directory."""
        moved = re.sub(r"(?<![\w./-])/(opt|data|src)\b", rf"{self.root}/\1", text)
        return moved.replace("$PATH", self.environment["PATH"])

    def copy(self, source: Path, target: Path) -> None:
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        program = shutil.which(command[0], path=self.environment["PATH"])
        assert program is not None
        assert program.startswith(str(self.root)), f"{program} is not the image's"
        return subprocess.Popen(bound([program, *command[1:]]), cwd=self.root, env=self.environment)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_hadolint_finds_nothing():
    hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert hadolint is not None, "hadolint is missing: scripts/install dev"

    result = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_the_build_gets_every_file_that_is_copied_and_no_other():
    ignored, *kept = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [
        source
        for name, rest in instructions(ROOT / "Dockerfile")
        if name == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]

    assert ignored == "*"
    assert sorted(line.removeprefix("!") for line in kept if line.startswith("!")) == sorted(copied)


def test_the_image_is_run_by_an_unprivileged_user():
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", last("USER"))
    assert (last("VOLUME"), last("EXPOSE")) == ("/data", "4100")


@pytest.mark.fault("D2")
def test_the_image_is_built_started_checked_and_stopped(tmp_path):
    image = Image(tmp_path)
    port = free_port()
    image.environment |= {"MOCKSERVER_PORT": str(port), "MOCKSERVER_DATA": str(tmp_path / "data")}
    assert list((tmp_path / "opt").rglob("site-packages/mockserver/__pycache__/*.pyc")), "not byte-compiled"

    server = image.start(json.loads(last("ENTRYPOINT")) + json.loads(last("CMD")))
    try:
        check = json.loads(last("HEALTHCHECK").partition(" CMD ")[2])
        deadline = time.monotonic() + 15
        while (healthy := image.start(check).wait(timeout=10)) != 0 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert healthy == 0
        made = run_app_of_compose(f"http://127.0.0.1:{port}/")
        assert made["email"] == "from-the-app@example.com"
        assert run_app_of_compose(f"http://127.0.0.1:{port}/") == made, "a second 'docker compose up' finds the user"

        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=2) == 0
    finally:
        server.kill()
        server.wait()
    assert image.start(check).wait(timeout=10) == 1


def run_app_of_compose(base_url: str) -> dict[str, str]:
    app = COMPOSE["services"]["app"]
    environment = {**os.environ, **app["environment"], "WORKOS_BASE_URL": base_url}
    _, *arguments = app["command"]
    result = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=True, timeout=10
    )
    return json.loads(result.stdout)


def test_compose_keeps_the_data_in_a_volume():
    server = COMPOSE["services"]["mockserver"]
    volume, _, folder = server["volumes"][0].partition(":")

    assert volume in COMPOSE["volumes"]
    assert folder == last("VOLUME") == server["environment"]["MOCKSERVER_DATA"]


def test_compose_publishes_the_port_of_the_public_url():
    server = COMPOSE["services"]["mockserver"]
    _, outside, inside = server["ports"][0].split(":")

    assert inside == last("EXPOSE")
    assert server["environment"]["MOCKSERVER_PUBLIC_URL"] == f"http://{NAME}:{outside}"


@pytest.mark.fault("D1")
def test_containers_find_the_server_by_the_name_of_the_public_url():
    assert COMPOSE["services"]["mockserver"]["networks"] == {"default": {"aliases": [NAME]}}


@pytest.mark.fault("D3")
def test_compose_shows_how_fixtures_and_redirect_uris_are_given():
    """By lines that need no more than their comment sign taken away."""
    text = (ROOT / "compose.yaml").read_text()
    shown = yaml.safe_load(re.sub(r"^( +)# (?=MOCKSERVER_|- \./)", r"\1", text, flags=re.MULTILINE))
    server = shown["services"]["mockserver"]

    assert server["volumes"][1] == f"./fixtures.yaml:{server['environment']['MOCKSERVER_FIXTURES']}:ro"
    assert server["environment"]["MOCKSERVER_REDIRECT_URI"].startswith("https://")


def test_the_app_waits_for_the_health_check():
    services = COMPOSE["services"]

    assert services["app"]["depends_on"] == {"mockserver": {"condition": "service_healthy"}}
    check = json.loads(last("HEALTHCHECK").partition(" CMD ")[2])
    assert services["mockserver"]["healthcheck"]["test"] == ["CMD", *check]


@pytest.mark.parametrize("sdk", SDKS)
def test_the_app_gets_the_variables_of_the_sdks(sdk):
    variables = COMPOSE["services"]["app"]["environment"]
    expected = connection(sdk, f"http://{NAME}:4100", KEYS).variables
    of_the_app_itself = {"WORKOS_COOKIE_PASSWORD", "NEXT_PUBLIC_WORKOS_REDIRECT_URI"}

    assert {name: variables.get(name) for name in expected.keys() - of_the_app_itself} == {
        name: value for name, value in expected.items() if name not in of_the_app_itself
    }
