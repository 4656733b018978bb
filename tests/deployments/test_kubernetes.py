"""The manifests for Kubernetes: right by its schemas, at one with one another and with the Compose file."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import kubernetes_validate
import pytest
import yaml

from mediacensus import __version__
from tests.commands import PROJECT
from tests.deployments.containers import read_services

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER = PROJECT / "deployments" / "kubernetes"
_KUSTOMIZATION: dict[str, Any] = yaml.safe_load((_FOLDER / "kustomization.yaml").read_text())
_RELEASE = "1.31"
"""The oldest release of Kubernetes whose schema the manifests are held against."""


def _iter_manifests() -> Iterator[dict[str, Any]]:
    for name in _KUSTOMIZATION["resources"]:
        yield from yaml.safe_load_all((_FOLDER / name).read_text())


_MANIFESTS = {f"{each['kind']} {each['metadata']['name']}": each for each in _iter_manifests()}
_CLUSTER = _MANIFESTS["DaskCluster dask"]["spec"]


def _settings(name: str) -> dict[str, str]:
    """Return the values of one of the generated ConfigMaps."""
    [of_it] = [each for each in _KUSTOMIZATION["configMapGenerator"] if each["name"] == name]
    return dict(literal.split("=", 1) for literal in of_it["literals"])


def _pods() -> dict[str, dict[str, Any]]:
    """Return the specification of every kind of pod."""
    pods = {
        name: each["spec"]["template"]["spec"]
        for name, each in _MANIFESTS.items()
        if "template" in each.get("spec", {})
    }
    return pods | {f"dask {role}": _CLUSTER[role]["spec"] for role in ("scheduler", "worker")}


def _containers() -> dict[str, dict[str, Any]]:
    return {
        f"{pod}: {container['name']}": container
        for pod, spec in _pods().items()
        for container in (*spec.get("initContainers", []), *spec["containers"])
    }


@pytest.mark.parametrize("name", [name for name in _MANIFESTS if not name.startswith("DaskCluster")])
def test_manifests_fit_their_schemas(name: str) -> None:
    """Each manifest has what its kind asks for and nothing that it does not know."""
    kubernetes_validate.validate(_MANIFESTS[name], _RELEASE, strict=True)


def test_the_dask_cluster_is_made_of_what_fits() -> None:
    """The cluster has the parts that its operator asks for; pods and service in it fit their own schemas."""
    scheduler, worker = _CLUSTER["scheduler"], _CLUSTER["worker"]
    assert (_CLUSTER.keys(), scheduler.keys(), worker.keys()) == (
        {"scheduler", "worker"},
        {"spec", "service"},
        {"spec", "replicas"},
    )
    for kind, spec in (
        ("Pod", scheduler["spec"]),
        ("Pod", worker["spec"]),
        ("Service", scheduler["service"]),
    ):
        made = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "dask"}, "spec": spec}
        kubernetes_validate.validate(made, _RELEASE, strict=True)


def test_a_manifest_with_a_slip_is_found() -> None:
    """What the other tests rely on: a misspelt field is refused."""
    slip = yaml.safe_load((_FOLDER / "namespace.yaml").read_text()) | {"metdata": {}}

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(slip, _RELEASE, strict=True)


def test_every_manifest_is_applied() -> None:
    """The kustomization names each file beside it."""
    beside = {path.name for path in _FOLDER.glob("*.yaml")} - {"kustomization.yaml"}

    assert set(_KUSTOMIZATION["resources"]) == beside


def test_kubectl_puts_them_together() -> None:
    """The client of Kubernetes builds the kustomization, with the image of this version everywhere."""
    if (kubectl := shutil.which("kubectl")) is None:
        pytest.skip("no kubectl is installed")
    done = subprocess.run([kubectl, "kustomize", str(_FOLDER)], capture_output=True, text=True, check=True)

    assert done.stdout.count(f"image: mediacensus:{__version__}\n") == 5
    assert "image: mediacensus\n" not in done.stdout


def test_settings_are_those_of_the_compose_file() -> None:
    """Server and register have the settings they have in Compose, addresses included."""
    services = read_services()

    assert _settings("server-settings") == services["server"]["environment"]
    register = {k: v for k, v in services["register"]["environment"].items() if k != "PWD"}
    assert _settings("addresses") == register
    assert [image["newTag"] for image in _KUSTOMIZATION["images"]] == [__version__]


def test_what_manifests_name_is_there() -> None:
    """Claims, ConfigMaps and ports that pods, services and probes name exist; one secret is the user's."""
    maps = {each["name"] for each in _KUSTOMIZATION["configMapGenerator"]}
    for name, pod in _pods().items():
        volumes = [each for each in pod.get("volumes", []) if "emptyDir" not in each]
        claims = [volume["persistentVolumeClaim"]["claimName"] for volume in volumes]
        assert all(f"PersistentVolumeClaim {claim}" in _MANIFESTS for claim in claims), name
    for name, container in _containers().items():
        ports = {port["name"] for port in container.get("ports", [])}
        probes = [
            container[each]["httpGet"]["port"]
            for each in container
            if each.endswith("Probe") and "httpGet" in container[each]
        ]
        assert ports.issuperset(probes), name
        assert maps.issuperset(each["configMapRef"]["name"] for each in container.get("envFrom", [])), name
        secrets = {
            each["valueFrom"]["secretKeyRef"]["name"]
            for each in container.get("env", [])
            if "valueFrom" in each
        }
        assert secrets <= {"census-secrets"}, name
    services = [each for name, each in _MANIFESTS.items() if name.startswith("Service ")]
    for service in services:
        labels = service["spec"]["selector"]
        assert any(
            each.get("spec", {}).get("template", {}).get("metadata", {}).get("labels") == labels
            for each in _MANIFESTS.values()
        ), service


def test_pods_share_the_catalog_and_can_do_little() -> None:
    """The catalog has one path, the library is read-only, and our containers gain no privileges."""
    mounts = {name: each.get("volumeMounts", []) for name, each in _containers().items()}
    catalogs = {
        name: each["mountPath"] for name in mounts for each in mounts[name] if each["name"] == "catalog"
    }
    libraries = [each for name in mounts for each in mounts[name] if each["name"] == "media"]

    assert catalogs == {
        "Deployment worker: worker": _settings("addresses")["MEDIACENSUS_CATALOG"],
        "dask worker: worker": _settings("addresses")["MEDIACENSUS_CATALOG"],
    }
    assert [each["readOnly"] for each in libraries] == [True, True]
    for name, container in _containers().items():
        if container["image"] == "mediacensus":
            assert container["securityContext"]["allowPrivilegeEscalation"] is False, name
    for name, pod in _pods().items():
        assert pod["automountServiceAccountToken"] is False, name
        assert name.endswith("postgres") or pod["securityContext"]["runAsNonRoot"], name
