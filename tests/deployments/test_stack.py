"""Runs of the deployments on a server with a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from mediacensus.catalog import Catalog

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deployments.stack import Stack

pytestmark = pytest.mark.slow


def test_a_run_of_the_deployment_takes_a_census(stack: Stack, deployed_catalog: Path) -> None:
    """A run started as the pages' button does is completed, and its snapshot is the catalog's current one."""
    run = stack.run()

    assert stack.wait_for(run)["state_name"] == "Completed"
    assert len(list(Catalog(deployed_catalog).iter_snapshots())) > 0


def test_the_form_of_a_deployment_knows_every_parameter(stack: Stack) -> None:
    """A deployment's form shows a title and a description for each parameter, and refuses what is unfit."""
    deployment = stack.deployment()
    schema = deployment["parameter_openapi_schema"]["definitions"]["CensusParameters"]["properties"]

    assert schema["roots"]["title"] == "Library folders"
    assert all("title" in each and "description" in each for each in schema.values())
    with pytest.raises(httpx.HTTPStatusError, match="409"):
        stack.run(parameters={"parameters": {"roots": ["/media"], "workers": 0}})
