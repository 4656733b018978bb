"""The Compose file and the image: understood by Compose, true to the project, and its services work."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from flows.private_server import SERVER_SETTINGS
from flows.stack.parts import UPKEEP_SETTINGS
from mediacensus import __version__
from mediacensus.catalog import Catalog
from tests.commands import PROJECT
from tests.deployments.containers import COMPOSE, Containers, containers, read_services
from tests.deployments.stack import CENSUS
from tests.trees import many_films

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_DOCKERFILE = (PROJECT / "deployments" / "Dockerfile").read_text()
_IMAGE = f"mediacensus:{__version__}"

# Prints the settings that Prefect understood of its environment, by the names of their variables.
_UNDERSTOOD = """
import json
from prefect.settings import get_current_settings
print(json.dumps(get_current_settings().to_environment_variables(exclude_unset=True)))
"""


def prefect_settings(environment: Mapping[str, str], home: Path) -> dict[str, str]:
    """Return what Prefect understands of an environment."""
    done = subprocess.run(
        [sys.executable, "-c", _UNDERSTOOD],
        env={"PATH": os.environ["PATH"], "HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    understood: dict[str, str] = json.loads(done.stdout)
    return understood


def test_compose_understands_the_file() -> None:
    """Compose itself finds nothing wrong with the file, and asks for the library where none is named."""
    if (compose := shutil.which("docker-compose")) is None:
        pytest.skip("no Compose is installed; on Debian: apt install docker-compose")
    command = [compose, "--file", str(COMPOSE), "config", "--quiet"]

    done = subprocess.run(command, env={"MEDIA": "/media"}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    refused = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "names the folder with the media library" in refused.stderr


def test_only_this_machine_reaches_what_is_published() -> None:
    """One port is published, Prefect's, and on loopback."""
    ports = [port for service in read_services().values() for port in service.get("ports", [])]

    assert ports == ["127.0.0.1:4200:4200"]


def test_services_share_the_catalog_and_cannot_write_to_the_library() -> None:
    """The catalog has one path everywhere, the deployments name it, and the library is mounted read-only."""
    services = read_services()
    mounts = {name: service.get("volumes", []) for name, service in services.items()}

    catalogs = {name for name, volumes in mounts.items() if "catalog:/srv/census" in volumes}
    assert catalogs == {"worker", "dask-worker"}
    assert services["register"]["environment"]["MEDIACENSUS_CATALOG"] == "/srv/census"
    libraries = {name: each for name, volumes in mounts.items() for each in volumes if "/srv/media" in each}
    assert libraries.keys() == {"register", "worker"}
    assert all(each.endswith(":/srv/media:ro") for each in libraries.values())
    assert json.loads(services["register"]["environment"]["MEDIACENSUS_ROOTS"]) == ["/srv/media"]


def test_the_server_is_tuned(tmp_path: Path) -> None:
    """Prefect knows every setting that services give it, and the server has those of our own servers."""
    services = read_services()
    for service in services.values():
        said = {k: v for k, v in service.get("environment", {}).items() if k.startswith("PREFECT_")}
        assert prefect_settings(said, tmp_path).keys() >= said.keys()

    in_the_image = dict(re.findall(r"(\w+)=(\S+)", _DOCKERFILE.partition("ENV PATH")[2]))  # NAME=value
    given = in_the_image | services["server"]["environment"]
    assert given.items() >= (SERVER_SETTINGS | UPKEEP_SETTINGS).items()


def test_services_run_the_image_of_this_version() -> None:
    """Every service but the database is of the image that the file builds, under the project's version."""
    services = read_services()
    assert services.pop("postgres")["image"].startswith("postgres:")

    assert {service["image"] for service in services.values()} == {_IMAGE}
    assert [name for name, service in services.items() if "build" in service] == ["server"]
    assert f"--tag {_IMAGE} " in _DOCKERFILE


def test_the_image_is_made_of_what_is_there() -> None:
    """What the image is built from exists, and with the same installer as a checkout's environment."""
    copied = [
        name
        for line in re.findall(r"^COPY (?!--)(.+) \S+$", _DOCKERFILE, re.MULTILINE)  # COPY flows flows
        for name in line.split()
    ]
    ignored = (PROJECT / "deployments" / "Dockerfile.dockerignore").read_text().splitlines()
    kept = {line[1:].partition("/")[0] for line in ignored if line.startswith("!")}

    assert set(copied) == kept
    assert all((PROJECT / name).exists() for name in copied)
    [installer] = re.findall(r"uv==[\d.]+", _DOCKERFILE)  # uv==0.13.9
    assert installer in (PROJECT / "scripts" / "setup").read_text()


def test_secrets_are_files_that_are_not_committed() -> None:
    """Passwords and tokens come from files below deployments/secrets, which git leaves out."""
    asked = subprocess.run(
        ["git", "check-ignore", "deployments/secrets/postgres_password", "deployments/secrets/tmdb_token"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert len(asked.stdout.splitlines()) == 2
    files = re.findall(r"^ +file: (\S+)$", COMPOSE.read_text(), re.MULTILINE)  # file: secrets/tmdb_token
    assert files == ["secrets/postgres_password", "secrets/tmdb_token"]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Containers]:
    """The services for a library of 30 films, none started yet."""
    with ExitStack() as stack:
        try:
            made = stack.enter_context(containers(tmp_path, many_films(tmp_path / "films", 30)))
        except OSError:
            pytest.skip("only root can make the namespaces")
        yield made


@pytest.mark.slow
def test_the_services_take_a_census_together(services: Containers, tmp_path: Path) -> None:
    """Started in their order, each by its own command, they are healthy, and a run's batches reach Dask."""
    services.start("dask-worker")
    services.start("worker")

    done = services.run("worker", "prefect", "deployment", "run", CENSUS, "--watch")

    assert done.returncode == 0, done.stdout + done.stderr
    assert all(map(services.is_healthy, ("server", "worker", "dask-scheduler", "dask-worker")))
    run = json.loads((Catalog(tmp_path / "census").current_snapshot() / "run.json").read_text())
    assert (run["files"]["cataloged"], run["failures"]) == (30, 0)
    assert run["roots"] == ["/srv/media"]
    assert run["parameters"]["dask_address"] == "tcp://dask-scheduler:8786"
