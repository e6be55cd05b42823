"""An environment: a world of its own behind each API key."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Meta

from mockserver.core import memory, opening, retention
from mockserver.core.clock import Clock
from mockserver.core.database import Database
from mockserver.core.errors import JSON, NotFound
from mockserver.core.failures import DatabaseDamaged
from mockserver.core.ids import Codes, Ids
from mockserver.core.long_work import LONG, NotYetDerived, TakesLong, Turns
from mockserver.core.pagination import Listing, Page, Pagination, Tombstone
from mockserver.core.schema import M, Model, stored
from mockserver.core.statements import Among, Query, Statement
from mockserver.core.waiting import Closed, Signal
from mockserver.settings import InvalidSetting, Settings, settings_from

if TYPE_CHECKING:
    from mockserver.core.server import Server

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
        """True at every so many insertions of the model. With a data directory at the first: a start may be short."""
        self._insertions[model] += 1
        first = 0 if self.server.data_dir is None else 1
        return self._insertions[model] % every == first % every

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
        self.deletion_may_take_long(item)
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

    def deletion_may_take_long(self, item: Model) -> None:
        """As `may_take_long`, for rules that delete first what hangs on the item, one by one."""
        if self._derived is not None:
            self.may_take_long(self.db.dependents(item, LONG + 1))

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
