"""A folder seen through latency: ``python -m profiling.latency_mount FOLDER MOUNT_POINT [--latency-ms 5]``.

A real file system (FUSE) that passes a folder on, read-only; every listing is answered late, any number of
them at once. It ends when it is unmounted. Needs ``pip install mfusepy`` and the system's FUSE library
(Debian: ``apt install fuse3 libfuse2``).
"""

from __future__ import annotations

import argparse
import errno
import os
import time
from typing import TYPE_CHECKING, Any

import mfusepy

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOLD = ("st_mode", "st_ino", "st_nlink", "st_uid", "st_gid", "st_size")
_TIMES = ("st_atime", "st_mtime", "st_ctime")


class LatencyFolder(mfusepy.Operations):  # type: ignore[misc] # its base is untyped
    """Answers for a folder, its listings so many seconds late."""

    use_ns = True

    def __init__(self, folder: str, latency_seconds: float) -> None:
        self._folder = folder
        self._latency_seconds = latency_seconds

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:  # noqa: ARG002 - FUSE's signature
        """Return the status of what is behind a path."""
        try:
            status = os.lstat(self._folder + path)
        except OSError as error:
            raise mfusepy.FuseOSError(error.errno or errno.EIO) from error
        times = {name: getattr(status, f"{name}_ns") for name in _TIMES}
        return {name: getattr(status, name) for name in _TOLD} | times

    def readdir(self, path: str, fh: int) -> Iterator[str]:  # noqa: ARG002 - FUSE's signature
        """Yield the names in a folder, after a while."""
        time.sleep(self._latency_seconds)
        yield from (".", "..", *os.listdir(self._folder + path))


def main() -> None:
    """Mount, and answer until it is unmounted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("mount_point")
    parser.add_argument("--latency-ms", type=float, default=5.0)
    chosen = parser.parse_args()
    answers = LatencyFolder(os.path.abspath(chosen.folder), chosen.latency_ms / 1000)
    mfusepy.FUSE(answers, chosen.mount_point, foreground=True, ro=True, nothreads=False)


if __name__ == "__main__":
    main()
