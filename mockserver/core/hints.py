"""Type hints at run time, found faster than `typing.get_type_hints`, which compiles every one of them anew.

Tables and endpoints are declared by some two thousand hints, of a few dozen kinds: that is a tenth of a start.
"""

from __future__ import annotations

import sys
from typing import Any

_BUILT_IN: dict[str, Any] = {
    "str": str,
    "str | None": str | None,
    "int": int,
    "bool": bool,
    "bool | None": bool | None,
    "dict[str, str]": dict[str, str],
}


def resolved(annotation: Any, module: str) -> Any:
    """What an annotation, which is text under `from __future__ import annotations`, means in a module."""
    if not isinstance(annotation, str):
        return annotation
    if annotation in _BUILT_IN:
        return _BUILT_IN[annotation]
    names = vars(sys.modules[module])
    if annotation in names:
        return names[annotation]
    return eval(annotation, names)
