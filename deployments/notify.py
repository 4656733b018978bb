"""Tell somebody when a census or a sweep fails or crashes: an example, to be changed to one's liking.

    PREFECT_API_URL=http://127.0.0.1:4200/api NOTIFY_URL=https://… .venv/bin/python deployments/notify.py

It saves the address as a block whose secret part is masked in Prefect's pages, and an automation that posts
``{"text": …}`` there, as Slack, Mattermost and others take it. Run it again after a change.
"""

import os

from prefect.automations import AutomationCore, EventTrigger, ResourceSpecification
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import get_client
from prefect.events.actions import SendNotification
from prefect.types import SecretDict

NAME = "mediacensus: tell of runs that went wrong"

block = CustomWebhookNotificationBlock(
    name="mediacensus",
    url="{{address}}",
    json_data={"text": "{{subject}}\n{{body}}"},
    secrets=SecretDict({"address": os.environ["NOTIFY_URL"]}),
)
block_id = block.save("mediacensus-notify", overwrite=True)

automation = AutomationCore(
    name=NAME,
    trigger=EventTrigger(
        expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"},
        match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
        match_related=ResourceSpecification(
            {"prefect.resource.id": "prefect.tag.mediacensus", "prefect.resource.role": "tag"}
        ),
    ),
    actions=[
        SendNotification(
            block_document_id=block_id,
            subject="{{ flow.name }} {{ flow_run.name }} is {{ flow_run.state.name }}",
            body="{{ flow_run.state.message }}\n{{ flow_run|ui_url }}",
        )
    ],
)
with get_client(sync_client=True) as client:
    for old in client.read_automations_by_name(NAME):
        client.delete_automation(old.id)
    client.create_automation(automation)
