"""Metadata: the map of texts that users and organizations carry."""

from __future__ import annotations

from typing import Any

from mockserver.core.errors import ApiError


class InvalidMetadata(ApiError):
    status, code = 400, "invalid_metadata"


def merged_metadata(old: dict[str, str], changes: dict[str, Any] | None) -> dict[str, str]:
    """Merges; a null removes its key, `{}` and null remove everything. Raises InvalidMetadata.

    50 pairs as in the OpenAPI document, keys of 40 and values of 600 characters as in the docs.
    """
    if not changes:
        return {}
    merged = {**old, **changes}
    metadata = {key: value for key, value in merged.items() if value is not None}
    for key, value in metadata.items():
        if not isinstance(value, str):
            raise InvalidMetadata(f"The value of metadata key '{key}' must be a string or null.")
        if len(value) > 600 or not 1 <= len(key) <= 40:
            raise InvalidMetadata("A metadata key has 1 to 40 characters and its value at most 600.")
    if len(metadata) > 50:
        raise InvalidMetadata("Metadata has at most 50 pairs.")
    return metadata
