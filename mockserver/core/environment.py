"""An environment: a world of its own behind each API key. A server holds any number of them."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Meta

from mockserver.core import memory, opening, retention
from mockserver.core.clock import Clock
from mockserver.core.database import Among, Database, Query, Statement
from mockserver.core.errors import JSON, ApiError, NotFound
from mockserver.core.failures import DatabaseDamaged
from mockserver.core.gate import Gate
from mockserver.core.ids import Codes, Ids
from mockserver.core.keys import SigningKey
from mockserver.core.long_work import LONG, NotYetDerived, TakesLong, Turns, Workers
from mockserver.core.pagination import Listing, Page, Pagination, Tombstone
from mockserver.core.schema import M, Model, stored
from mockserver.core.waiting import Closed, Signal
from mockserver.settings import InvalidSetting, Settings, settings_from

log = logging.getLogger("mockserver")

DEFAULT = "default"
T = TypeVar("T")


@stored("environment", key="name")
class Value(Model):
    """What an environment knows of itself: its keys, clock, settings and what it started with, as JSON."""

    name: str
    content: str


@dataclass(frozen=True)
class Keys:
    """`further` are API keys that are the environment's too."""

    api_key: str
    client_id: str
    further: tuple[str, ...] = ()

    @property
    def api_keys(self) -> tuple[str, ...]:
        return (self.api_key, *self.further)

    def with_further(self, keys: Iterable[str]) -> Keys:
        further = dict.fromkeys((*self.further, *keys))
        further.pop(self.api_key, None)
        return replace(self, further=tuple(further))


class Environment:
    """The first argument of every rule: storage, time, ids, codes and settings of one world."""

    def __init__(self, server: Server, name: str, db: Database) -> None:
        self.server = server
        self.name = name
        self.db = db
        self.arrivals = Signal()
        self.turns = Turns()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._derived: Mapping[Hashable, asyncio.Future[Any]] | None = None
        self._insertions: Counter[type[Model]] = Counter()
        self._after_commit: list[Callable[[], None]] = []
        self._load()

    def _load(self) -> None:
        """Raises DatabaseDamaged."""
        self.clock = Clock(*self.recall("clock", tuple[int, int | None], (0, None)))
        self.ids = Ids(self.clock, int(self.recall("last_id", Annotated[str, Meta(pattern=r"^[0-9]{1,39}$")], "0")))
        self.codes = Codes()
        self.keys = self.recall("keys", Keys, Keys("", ""))
        try:
            self.settings = settings_from(self.recall("settings", JSON, {}), base=self.server.settings)
        except InvalidSetting as error:
            raise DatabaseDamaged(self.db.place, f"of its stored settings, {error}") from None
        self.origins = self.server.registered_origins(self)
        self._keep()

    def _keep(self) -> None:
        """What memory holds is what the database holds now."""
        self._kept = (self.settings, self.clock.offset_ms, self.clock.frozen_ms, self.ids.last)

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

    def among(self, among: Among[M], values: Iterable[str]) -> list[M]:
        return self.db.among(among, values)

    def by_id(self, model: type[M], ids: Iterable[str]) -> dict[str, M]:
        return self.db.by_key(model, ids)

    def page(self, listing: Listing[M], pagination: Pagination, **values: Any) -> Page[M]:
        return listing.page(self.db, pagination, **values)

    def insert(self, item: M) -> M:
        if item.is_fleeting:
            item.goes_ms = retention.goes_ms(self, item)  # type: ignore[attr-defined]  # the fleeting have it
            if self.is_turn_of(type(item), retention.EVERY):
                retention.sweep(self, type(item))
        return self.db.insert(item)

    def replace(self, item: M) -> M:
        """Inserts, in the place of one with the same key."""
        self.db.delete(item)
        return self.insert(item)

    def is_turn_of(self, model: type[Model], every: int) -> bool:
        """True at every so many insertions of the model."""
        self._insertions[model] += 1
        return self._insertions[model] % every == 0

    def update(self, item: M, **changes: Any) -> M:
        """The changed object; `updated_at`, where the model has it, becomes now."""
        if "updated_at" in item.__struct_fields__ and "updated_at" not in changes:
            changes["updated_at"] = self.clock.now()
        return self.db.update(item, changes)

    def consume(self, item: Model) -> bool:
        """Spends a code or token; False when it was spent before."""
        return self.db.consume(item, self.clock.now(), retention.a_day_on())

    def delete(self, item: Model) -> None:
        """Deletes the object and, by `ON DELETE CASCADE`, what refers to it."""
        created_at = getattr(item, "created_at", None)
        if created_at is not None:
            self.replace(Tombstone(item.id, created_at))  # type: ignore[attr-defined]  # who has it has an id
        self.db.delete(item)

    def execute(self, statement: Statement, **parameters: Any) -> int:
        return self.db.execute(statement, **parameters)

    # What the environment knows of itself

    def remember(self, name: str, content: Any) -> None:
        self.db.replace(Value(name, msgspec.json.encode(content).decode()))

    def recall(self, name: str, kind: Any = Any, otherwise: Any = None) -> Any:
        """What was remembered under the name, of the kind that is given. Raises DatabaseDamaged."""
        value = self.db.find(Value, name)
        if value is None:
            return otherwise
        try:
            return msgspec.json.decode(value.content, type=kind)
        except msgspec.MsgspecError as error:
            raise DatabaseDamaged(self.db.place, f"its stored value '{name}' can't be read ({error})") from None

    def change_keys(self, keys: Keys) -> None:
        """Only before it is registered, since it is found by them."""
        self.keys = keys
        self.remember("keys", keys)

    def change_settings(self, settings: Settings) -> None:
        self.settings = settings
        self.remember("settings", settings.to_json())

    def remember_clock(self) -> None:
        self.remember("clock", (self.clock.offset_ms, self.clock.frozen_ms))

    # Long work

    def derived(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` answers or raises, such as a password's hash; `key` identifies the computation wholly.

        In a call on the loop it is computed in a thread, and the call is made again from its start when it is there:
        what the computation needs is then read anew. Elsewhere it is computed at once.
        """
        if self._derived is None:
            return compute()
        if key not in self._derived:
            raise NotYetDerived(key, compute)
        value: T = self._derived[key].result()
        return value

    def may_take_long(self, rows: int) -> None:
        """To be called before so many rows are written or deleted: more than a few hundred are a worker's work.

        In a call on the loop it ends the call, which is then made again in a worker.
        """
        if self._derived is not None and rows > LONG:
            raise TakesLong

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """For endpoints that wait: within it no worker touches the environment. Raises Closed when it is deleted."""
        await self.turns.take()
        try:
            if self.server.environments.get(self.name) is not self:
                raise Closed
            yield
        finally:
            self.turns.give_back()

    def begin_on_loop(self, derived: Mapping[Hashable, asyncio.Future[Any]]) -> None:
        """Begins a call, with what was derived for it so far; `end` ends it."""
        self._derived = derived
        self.clock.hold()

    def begin_in_worker(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.clock.hold()

    def end(self) -> None:
        self._derived = self._loop = None
        self.clock.release()

    # Transactions

    def after_commit(self, action: Callable[[], None]) -> None:
        """For what must not happen if the request fails in the end: log lines, waking those who wait.

        It happens on the loop's thread, before the answer.
        """
        self._after_commit.append(action)

    def commit(self) -> None:
        """Raises DiskFailure and DatabaseBusy; then a rollback is due."""
        if self.db.in_transaction:
            *_, last_id = self._kept
            if self.ids.last != last_id and self.server.data_dir is not None:
                self.remember("last_id", str(self.ids.last))
            self.db.commit()
        self._keep()
        if self._after_commit:
            actions, self._after_commit = self._after_commit, []
            for action in actions:
                if self._loop is None:
                    action()
                else:
                    self._loop.call_soon_threadsafe(action)

    def rollback(self) -> None:
        """Back to the last commit, in memory too."""
        self._after_commit.clear()
        self.db.rollback()
        self.settings, offset_ms, frozen_ms, self.ids.last = self._kept
        self.clock.restore(offset_ms, frozen_ms)

    def begin_anew(self, fill: Callable[[Environment], None]) -> None:
        """Everything that `fill` puts into an empty environment, in the place of what is here, in one transaction.

        The keys stay, and so does the highest id, so that no id is given out twice. It commits by itself.
        """
        self.rollback()
        blank = Environment(self.server, self.name, opening.open_in_memory(self.db.page_size))
        try:
            blank.ids.last = self.ids.last
            fill(blank)
            blank.change_keys(self.keys)
            blank.remember("last_id", str(blank.ids.last))
            blank.db.commit()
            size = self.db.memory
            self.db.take_all_from(blank.db)
        finally:
            blank.db.close()
        memory.freed(size)
        self._load()
        self.after_commit(self.arrivals.withdraw)


class EnvironmentTaken(ApiError):
    """A control error: the name, key or client id belongs to another environment of this server."""

    status, code = 409, "environment_exists"


class InvalidName(ApiError):
    status, code = 422, "invalid_name"
    message = "An environment's name has 1 to 64 of a-z, A-Z, 0-9, '-' and '_'."


class KeysMissing(ApiError):
    """An empty key would be found by requests that have none."""

    status, code = 422, "keys_missing"
    message = "An environment needs an API key and a client id that are not empty, such as 'sk_test_1' and 'client_1'."


@dataclass
class Server:
    """What all environments of a process share.

    `is_kept` says that the default environment was there before this start. `registered_origins` reads what the slice
    of CORS origins keeps, which the kernel doesn't know; an environment has them at hand, since they are asked for
    while its database may be busy.
    """

    public_url: str
    signing_key: SigningKey
    settings: Settings = field(default_factory=Settings)
    argon2: str = "fast"
    data_dir: Path | None = None
    control_token: str | None = None
    is_kept: bool = False
    control_calls: list[JSON] = field(default_factory=list)
    registered_origins: Callable[[Environment], set[str]] = lambda _env: set()
    allowed_hosts: Sequence[str] = ()
    control_origins: Sequence[str] = ()
    environments: dict[str, Environment] = field(default_factory=dict)
    _by_api_key: dict[str, Environment] = field(default_factory=dict)
    _by_client_id: dict[str, Environment] = field(default_factory=dict)
    _addresses: dict[Environment, Mapping[str, str]] = field(default_factory=dict)
    _held: list[tuple[str, Keys]] = field(default_factory=list)
    workers: Workers = field(default_factory=lambda: Workers(2))
    """For transactions and whole environments. Two threads: each delays the loop a little."""
    derivers: Workers = field(default_factory=lambda: Workers(2))
    """For computations alone, which need no environment."""

    def __post_init__(self) -> None:
        self.gate = Gate(self.public_url, self.allowed_hosts, self.control_origins)

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

    def allows_origin(self, environment: Environment | None, origin: str) -> bool:
        """Whether pages of the origin may read what the API answers: those of this machine, of the public URL, and of
        origins that are registered.

        Without an environment, as in a browser's question before the call itself, in any of them.
        """
        header, name = origin.encode("latin-1"), origin.lower()
        if environment is not None:
            return self.gate.is_own_origin(header) or name in environment.origins
        return self.gate.allows_control(header) or any(name in each.origins for each in self)

    def holders(self, address: str) -> list[Environment]:
        """The environments that have the session id or token: several where one is a copy of another."""
        return [environment for environment, addresses in self._addresses.items() if address in addresses]

    def holder_of_live(self, token: str) -> Environment | None:
        """One where the token is neither spent nor expired."""
        for environment in self.holders(token):
            if self._addresses[environment].get(token, "") > environment.clock.now():
                return environment
        return None

    def __iter__(self) -> Iterator[Environment]:
        return iter(self.environments.values())

    @contextmanager
    def reserved(self, name: str, keys: Keys) -> Iterator[None]:
        """Nobody else gets the name or the keys meanwhile. Raises EnvironmentTaken, InvalidName, KeysMissing."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
            raise InvalidName
        self.require_free(name, keys)
        with self.held(name, keys):
            yield

    @contextmanager
    def held(self, name: str, keys: Keys) -> Iterator[None]:
        """As `reserved`, for those of an environment that is there and about to go."""
        self._held.append((name, keys))
        try:
            yield
        finally:
            self._held.remove((name, keys))

    def register(self, environment: Environment) -> None:
        """From now on requests find it."""
        self.environments[environment.name] = environment
        self._by_api_key |= dict.fromkeys(environment.keys.api_keys, environment)
        self._by_client_id[environment.keys.client_id] = environment
        self._addresses[environment] = environment.db.addresses

    def unregister(self, environment: Environment) -> None:
        """No request finds it any more, and all waits in it end."""
        del self.environments[environment.name]
        for key in environment.keys.api_keys:
            del self._by_api_key[key]
        del self._by_client_id[environment.keys.client_id]
        del self._addresses[environment]
        environment.arrivals.close()

    def close(self) -> None:
        """What a worker hasn't finished is undone."""
        self.workers.close()
        self.derivers.close()
        for environment in self:
            if environment.turns.is_taken:
                environment.db.interrupt()
            else:
                environment.db.close()

    def require_free(self, name: str, keys: Keys) -> None:
        """Raises EnvironmentTaken and KeysMissing."""
        if not all(keys.api_keys) or not keys.client_id:
            raise KeysMissing
        taken = [
            (name in self.environments, "name", name),
            *((key in self._by_api_key, "api_key", key) for key in keys.api_keys),
            (keys.client_id in self._by_client_id, "client_id", keys.client_id),
        ]
        for held_name, held in self._held:
            taken += [
                (name == held_name, "name", name),
                *((key in held.api_keys, "api_key", key) for key in keys.api_keys),
                (keys.client_id == held.client_id, "client_id", keys.client_id),
            ]
        for is_taken, what, value in taken:
            if is_taken:
                raise EnvironmentTaken(f"Another environment has the {what} '{value}'. Choose another one.")
