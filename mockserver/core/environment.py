"""An environment: a world of its own behind each API key. A server holds any number of them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from mockserver.core import database
from mockserver.core.clock import Clock
from mockserver.core.database import Database, Image, Query, Statement
from mockserver.core.errors import JSON, ApiError, NotFound
from mockserver.core.ids import Codes, Ids
from mockserver.core.keys import SigningKey
from mockserver.core.pagination import Listing, Page, Pagination, Tombstone
from mockserver.core.schema import M, Model, stored
from mockserver.core.waiting import Signal
from mockserver.settings import Settings, settings_from

log = logging.getLogger("mockserver")

DEFAULT = "default"


@stored("environment", key="name")
class Value(Model):
    """What an environment knows of itself: its keys, clock, settings and the fixtures it started with, as JSON."""

    name: str
    content: str


_ALL_VALUES = Query(Value)


@dataclass(frozen=True)
class Keys:
    api_key: str
    client_id: str


class Environment:
    """The first argument of every rule: storage, time, ids, codes and settings of one world."""

    def __init__(self, server: Server, name: str, db: Database) -> None:
        self.server = server
        self.name = name
        self.db = db
        self.initial_image: Image | None = None
        self.arrivals = Signal()
        self._after_commit: list[Callable[[], None]] = []
        self._load()

    def _load(self) -> None:
        values = {value.name: msgspec.json.decode(value.content) for value in self.db.all(_ALL_VALUES)}
        self.clock = Clock(*values.get("clock", (0, None)))
        self.ids = Ids(self.clock, int(values.get("last_id", "0")))
        self.codes = Codes()
        self.keys = Keys(**values["keys"]) if "keys" in values else Keys("", "")
        self.settings = settings_from(values.get("settings", {}), base=self.server.settings)
        self._last_saved_id = self.ids.last

    @property
    def authkit_path(self) -> str:
        """Where the hosted pages of this environment live on the server."""
        return f"/authkit/{quote(self.keys.client_id, safe='')}"

    @property
    def authkit_url(self) -> str:
        return f"{self.server.public_url}{self.authkit_path}"

    # Objects

    def find(self, model: type[M], id: str) -> M | None:
        return self.db.find(model, id)

    def get(self, model: type[M], id: str) -> M:
        """Raises NotFound."""
        item = self.db.find(model, id)
        if item is None:
            raise NotFound(model.label, id)
        return item

    def first(self, query: Query[M], **parameters: Any) -> M | None:
        return self.db.first(query, **parameters)

    def all(self, query: Query[M], **parameters: Any) -> list[M]:
        return self.db.all(query, **parameters)

    def page(self, listing: Listing[M], pagination: Pagination, **values: Any) -> Page[M]:
        return listing.page(self.db, pagination, **values)

    def insert(self, item: M) -> M:
        return self.db.insert(item)

    def update(self, item: M, **changes: Any) -> M:
        """The changed object; `updated_at`, where the model has it, becomes now."""
        if "updated_at" in item.__struct_fields__ and "updated_at" not in changes:
            changes["updated_at"] = self.clock.now()
        return self.db.update(item, changes)

    def consume(self, item: Model) -> bool:
        """Spends a code or token; False when it was spent before."""
        return self.db.consume(item, self.clock.now())

    def delete(self, item: Model) -> None:
        """Deletes the object and, by `ON DELETE CASCADE`, what refers to it."""
        created_at = getattr(item, "created_at", None)
        if created_at is not None:
            self.db.replace(Tombstone(item.id, created_at))  # type: ignore[attr-defined]  # who has it has an id
        self.db.delete(item)

    def execute(self, statement: Statement, **parameters: Any) -> int:
        return self.db.execute(statement, **parameters)

    # What the environment knows of itself

    def remember(self, name: str, content: Any) -> None:
        self.db.replace(Value(name, msgspec.json.encode(content).decode()))

    def recall(self, name: str) -> Any:
        """What was remembered under the name, or None."""
        value = self.db.find(Value, name)
        return None if value is None else msgspec.json.decode(value.content)

    def change_settings(self, settings: Settings) -> None:
        self.settings = settings
        self.remember("settings", settings.to_json())

    def remember_clock(self) -> None:
        self.remember("clock", (self.clock.offset_ms, self.clock.frozen_ms))

    # Transactions

    def after_commit(self, action: Callable[[], None]) -> None:
        """For what must not happen if the request fails in the end: log lines, waking those who wait."""
        self._after_commit.append(action)

    def commit(self) -> None:
        if self.db.in_transaction:
            if self.ids.last != self._last_saved_id and self.server.data_dir is not None:
                self.remember("last_id", str(self.ids.last))
                self._last_saved_id = self.ids.last
            self.db.commit()
        if self._after_commit:
            actions, self._after_commit = self._after_commit, []
            for action in actions:
                action()

    def rollback(self) -> None:
        self._after_commit.clear()
        self.db.rollback()

    def restore(self, image: Image) -> None:
        """Goes back to an image; only the keys and the highest id stay, so that no id is given out twice."""
        keys, last = self.keys, self.ids.last
        self.rollback()
        self.db.restore(image)
        self._load()
        self.keys = keys
        self.ids.last = max(last, self.ids.last)
        self.remember("keys", {"api_key": keys.api_key, "client_id": keys.client_id})
        self.remember("last_id", str(self.ids.last))
        self.commit()
        self.arrivals.withdraw()


class EnvironmentTaken(ApiError):
    """A control error: the name, key or client id belongs to another environment of this server."""

    status, code = 409, "environment_exists"


class InvalidName(ApiError):
    status, code = 422, "invalid_name"
    message = "An environment's name has 1 to 64 of a-z, A-Z, 0-9, '-' and '_'."


@dataclass
class Server:
    """What all environments of a process share.

    `allows_origin` is a rule of the slice that keeps CORS origins, which the kernel doesn't know.
    """

    public_url: str
    signing_key: SigningKey
    settings: Settings = field(default_factory=Settings)
    argon2: str = "fast"
    data_dir: Path | None = None
    control_token: str | None = None
    control_calls: list[JSON] = field(default_factory=list)
    allows_origin: Callable[[Environment, str], bool] = lambda _env, _origin: True
    environments: dict[str, Environment] = field(default_factory=dict)
    _by_api_key: dict[str, Environment] = field(default_factory=dict)
    _by_client_id: dict[str, Environment] = field(default_factory=dict)

    @property
    def is_https(self) -> bool:
        """Whether browsers reach it by https, which secure cookies need."""
        return self.public_url.startswith("https://")

    @property
    def default(self) -> Environment:
        return self.environments[DEFAULT]

    def by_api_key(self, api_key: str) -> Environment | None:
        return self._by_api_key.get(api_key)

    def by_client_id(self, client_id: str) -> Environment | None:
        return self._by_client_id.get(client_id)

    def any_allows_origin(self, origin: str) -> bool:
        """For calls that name no environment, such as a browser's question before the call itself."""
        return any(self.allows_origin(environment, origin) for environment in self)

    def __iter__(self) -> Iterator[Environment]:
        return iter(self.environments.values())

    def open(self, name: str, keys: Keys) -> Environment:
        """Opens or makes an environment. Raises EnvironmentTaken, InvalidName, SchemaMismatch."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
            raise InvalidName
        self._require_free(name, keys)
        if self.data_dir is None:
            db = database.open_in_memory()
        else:
            db = database.open_file(self.data_dir / f"{name}.sqlite3")
        environment = Environment(self, name, db)
        environment.keys = keys
        environment.remember("keys", {"api_key": keys.api_key, "client_id": keys.client_id})
        environment.commit()
        self._register(environment)
        return environment

    def reopen_all(self) -> None:
        """Opens what the data directory holds besides the default environment."""
        if self.data_dir is None:
            return
        for path in sorted(self.data_dir.glob("*.sqlite3")):
            if path.stem != DEFAULT:
                environment = Environment(self, path.stem, database.open_file(path))
                self._require_free(path.stem, environment.keys)
                self._register(environment)

    def remove(self, environment: Environment) -> None:
        del self.environments[environment.name]
        del self._by_api_key[environment.keys.api_key]
        del self._by_client_id[environment.keys.client_id]
        environment.arrivals.close()
        environment.db.close()
        if self.data_dir is not None:
            for path in self.data_dir.glob(f"{environment.name}.sqlite3*"):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        for environment in self:
            environment.db.close()

    def _require_free(self, name: str, keys: Keys) -> None:
        taken = [
            (name in self.environments, "name", name),
            (keys.api_key in self._by_api_key, "api_key", keys.api_key),
            (keys.client_id in self._by_client_id, "client_id", keys.client_id),
        ]
        for is_taken, what, value in taken:
            if is_taken:
                raise EnvironmentTaken(f"Another environment has the {what} '{value}'. Choose another one.")

    def _register(self, environment: Environment) -> None:
        self.environments[environment.name] = environment
        self._by_api_key[environment.keys.api_key] = environment
        self._by_client_id[environment.keys.client_id] = environment
