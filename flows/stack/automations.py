"""What a server does by itself when runs go wrong."""

from __future__ import annotations

from datetime import timedelta

from prefect.automations import AutomationCore, EventTrigger, Posture, ResourceSpecification
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState

TAG = "mediacensus"
"""Carried by the runs of our deployments, as deployments/prefect.yaml says."""
ZOMBIES = "mediacensus: runs without a sign of life have crashed"
_SILENCE = timedelta(minutes=5)
"""Ten signs of life. A server that is started again in the middle of a run misses fewer."""

_RUNS = ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"})
_OURS = ResourceSpecification({"prefect.resource.id": f"prefect.tag.{TAG}", "prefect.resource.role": "tag"})
_SIGN_OF_LIFE = "prefect.flow-run.heartbeat"
_START = {"prefect.flow-run.Pending", "prefect.flow-run.Submitting"}
"""What a worker says before there is a run that could give signs of life."""
_ENDS = {f"prefect.flow-run.{name}" for name in ("Completed", "Failed", "Crashed", "Cancelled", "TimedOut")}


def zombie_automation(silence: timedelta = _SILENCE) -> AutomationCore:
    """Return the automation that marks runs as crashed which neither ended nor gave a sign of life.

    A worker notices when a run of its own dies; nobody does when both do, as when a machine is switched
    off. The run would stay "Running", and keep its deployment's next runs waiting.

    Args:
        silence: how long a run may give none; not less than 10 s.
    """
    return AutomationCore(
        name=ZOMBIES,
        description="Made by mediacensus. It needs the signs of life that its workers have runs give.",
        tags=[TAG],
        trigger=EventTrigger(
            after={_SIGN_OF_LIFE} | _START,
            expect={_SIGN_OF_LIFE} | _ENDS,
            match=_RUNS,
            match_related=_OURS,
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=silence,
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                state=StateType.CRASHED,
                force=False,
                message="No sign of life: the process or the machine it ran on is gone. Run it again: what "
                "is finished is kept.",
            )
        ],
    )


def save_automation(automation: AutomationCore) -> None:
    """Make an automation, or leave the one of that name as people have changed it since."""
    with get_client(sync_client=True) as client:
        if not client.read_automations_by_name(automation.name):
            client.create_automation(automation)
