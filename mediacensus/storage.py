"""Which storage a folder is on, and how many listings it can take at once."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LOCAL_CONCURRENCY = 1
"""A local listing is answered from memory or by one disk arm: threads would only get in each other's way."""
SLOW_CONCURRENCY = 16
"""Behind a network each listing waits for its answer. At 5 ms 16 at once are 3,000 listings a second, about
what one Python process can sort out; and few file servers are troubled by 16."""

_MOUNTS = Path("/proc/self/mounts")
_SLOW = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
)


def choose_concurrency(root: str, mounts: Path = _MOUNTS) -> int:
    """Return how many listings a root's storage takes at once, by the kind of its file system.

    File systems behind FUSE are taken for slow: most of them speak to a network. ``fuseblk``, such as NTFS
    on a disk of this machine, is not.
    """
    kind = _file_system_of(os.path.realpath(root), mounts)
    return SLOW_CONCURRENCY if kind in _SLOW or kind.startswith("fuse.") else LOCAL_CONCURRENCY


def _file_system_of(path: str, mounts: Path) -> str:
    """Return the kind of file system a path is on; "" where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    found = [line.split(" ")[1:3] for line in lines]
    above = [(point, kind) for point, kind in found if _is_above(_unescape(point), path)]
    return max(above, key=lambda each: len(each[0]), default=("", ""))[1]


def _is_above(point: str, path: str) -> bool:
    return path == point or path.startswith(point.rstrip("/") + "/")


def _unescape(point: str) -> str:
    r"""Return a mount point as it is: the kernel writes a space as ``\040``.

    >>> _unescape(r"/mnt/My\040Films")
    '/mnt/My Films'
    """
    for escape, character in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        point = point.replace(escape, character)
    return point


def group_by_device(roots: Iterable[str]) -> list[list[str]]:
    """Return the roots in groups that share a device, in the order of the first of each."""
    devices = {root: _device_of(root) for root in roots}
    order = list(dict.fromkeys(devices.values()))
    ranked = sorted(devices, key=lambda root: order.index(devices[root]))
    return [list(group) for _, group in groupby(ranked, key=devices.__getitem__)]


def _device_of(root: str) -> int:
    try:
        return os.stat(root).st_dev
    except OSError:
        return -1  # listing it will say what is wrong
