"""All flags at once, as the runtime clients of the SDKs poll them and then evaluate by themselves.

Undocumented: the shapes are those that workos-node 8 to 11 (version 1) and workos-python 10 (version 2) read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal

from mockserver.core.environment import Environment
from mockserver.core.errors import JSON
from mockserver.core.statements import Query
from mockserver.feature_flags.models import FeatureFlag, FlagTarget

PayloadVersion = Literal["1", "2"]

_flags = FeatureFlag.table.c
_targets = FlagTarget.table.c
_ALL_FLAGS = Query(FeatureFlag, order_by=(_flags.slug,))
_ALL_TARGETS = Query(FlagTarget, order_by=(_targets.id,))


def payload(env: Environment, version: PayloadVersion) -> JSON:
    targets: defaultdict[str, list[FlagTarget]] = defaultdict(list)
    for target in env.all(_ALL_TARGETS):
        targets[target.flag_id].append(target)
    flags = env.all(_ALL_FLAGS)
    if version == "1":
        return {flag.slug: _with_targets(flag, targets[flag.id]) for flag in flags}
    return {"version": 2, "flags": {flag.slug: _with_rules(flag, targets[flag.id]) for flag in flags}}


def _with_targets(flag: FeatureFlag, targets: list[FlagTarget]) -> JSON:
    """Node's client takes a target that is not enabled for none at all; version 2 has a rule for it."""
    return {
        "slug": flag.slug,
        "enabled": flag.enabled,
        "default_value": flag.default_value,
        "targets": {
            "users": [{"id": target.user_id, "enabled": target.enabled} for target in targets if target.user_id],
            "organizations": [
                {"id": target.organization_id, "enabled": target.enabled}
                for target in targets
                if target.organization_id
            ],
        },
    }


def _with_rules(flag: FeatureFlag, targets: list[FlagTarget]) -> JSON:
    return {
        "slug": flag.slug,
        "enabled": flag.enabled,
        "default_value": flag.default_value,
        "off_value": False,
        "rules": list(_rules(flag, targets)),
    }


def _rules(flag: FeatureFlag, targets: list[FlagTarget]) -> Iterator[JSON]:
    """The first that matches counts, so those of users come first."""
    for kind in ("user", "organization"):
        for enabled in (True, False):
            ids = [getattr(target, f"{kind}_id") for target in targets if target.enabled == enabled]
            values = [id for id in ids if id is not None]
            if values:
                yield {
                    "id": f"{flag.id}_{kind}_{'on' if enabled else 'off'}",
                    "kind": "conditions",
                    "value": enabled,
                    "conditions": [{"target_type": kind, "operator": "one_of", "values": values}],
                }
