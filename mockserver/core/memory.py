"""Memory goes back to the system when much of it was freed: the allocator of glibc keeps it otherwise."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache

_ENOUGH = 8 << 20  # bytes: about 25 environments without data; giving them back takes a millisecond
_freed = 0


def freed(size: int) -> None:
    """To be told after so many bytes were freed."""
    global _freed
    _freed += size
    if _freed >= _ENOUGH:
        _freed = 0
        _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    """`malloc_trim`, which other systems don't have, or do without."""
    if sys.platform != "linux":
        return lambda _pad: None
    import ctypes  # 5 ms that a start need not pay

    library = ctypes.CDLL(None)
    return library.malloc_trim if hasattr(library, "malloc_trim") else lambda _pad: None
