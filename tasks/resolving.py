"""Resolving titles as a task: one run a bucket of queries, in the flow's own process, kept by Prefect."""

from typing import Any

from prefect import get_run_logger, task
from prefect.serializers import JSONSerializer
from prefect.transactions import get_transaction

from mediacensus.lookup import Bucket, Lookup
from mediacensus.tmdb.keys import bucket_key


@task(
    name="resolve-bucket",
    task_run_name="resolve-bucket-{bucket.number}",
    cache_key_fn=bucket_key,
    persist_result=True,
    result_serializer=JSONSerializer(object_encoder=None, object_decoder=None),  # plain values: twice as fast
    cache_result_in_memory=False,
)
def resolve_bucket(bucket: Bucket, lookup: Lookup) -> dict[str, Any]:
    """Resolve the queries of a bucket. Where one got no answer, nothing of it is kept under its key.

    Args:
        bucket: the queries.
        lookup: who answers.
    """
    looked_up = lookup.resolve(bucket)
    transaction = get_transaction()
    if not looked_up.may_be_kept and transaction is not None:
        transaction.write_on_commit = False
    get_run_logger().info("Resolved %d queries", len(bucket.queries))
    return looked_up.resolutions
