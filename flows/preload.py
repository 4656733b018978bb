"""What a local worker does before its first batch: Dask's ``--preload``."""

import gc

import tasks.parsing  # noqa: F401 - a first batch would else wait two seconds for it, and the walk as well


def dask_setup(_worker: object) -> None:
    """Keep the garbage collector away from what is there already, which is all that Prefect imports.

    It would go through that again and again while names are parsed: 5 % of a batch.
    """
    gc.collect()
    gc.freeze()
