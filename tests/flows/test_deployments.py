"""The deployment file on a real server."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.commands import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_the_deployment_file_deploys(prefect_api: str, tmp_path: Path) -> None:
    """The commands of deployments/README.md make a deployment whose form knows every parameter's title."""
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    environment = os.environ | {
        "PREFECT_API_URL": prefect_api,
        "PREFECT_HOME": str(tmp_path),
        "PWD": str(PROJECT),
    }

    def run(*arguments: str) -> None:
        done = subprocess.run(
            [*prefect, *arguments], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run("work-pool", "create", "--type", "process", "census")
    run("deploy", "--prefect-file", "deployments/prefect.yaml", "--all")

    deployment = httpx.get(f"{prefect_api}/deployments/name/census-library/census").raise_for_status().json()
    schema = deployment["parameter_openapi_schema"]["definitions"]["CensusParameters"]["properties"]
    assert schema["roots"]["title"] == "Library folders"
    assert all("title" in each and "description" in each for each in schema.values())
    assert [{"prefect.deployments.steps.set_working_directory": {"directory": str(PROJECT)}}] == deployment[
        "pull_steps"
    ]
