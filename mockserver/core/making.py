"""Environments come and go: made, opened again, deleted. Each of it happens wholly or not at all.

What touches the server (names, keys, who finds what) belongs on the loop's thread; what makes a database whole, or
disposes of one, may run in any.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from mockserver.core import data_files, memory, opening
from mockserver.core.database import Database
from mockserver.core.environment import Environment, Keys
from mockserver.core.server import EnvironmentTaken, Server

Start = Callable[[Environment], None]


def make(server: Server, name: str, keys: Keys, start: Start) -> Environment:
    """An environment that `start` has filled.

    Raises EnvironmentTaken, InvalidName, KeysMissing, DiskFailure and what `start` raises, and then there is none.
    """
    with server.reserved(name, keys):
        environment = make_database(server, name, keys, start)
        server.register(environment)
    return environment


def make_database(server: Server, name: str, keys: Keys, start: Start) -> Environment:
    """A whole environment that nobody finds yet. For any thread."""
    if server.data_dir is None:
        with closing(opening.open_in_memory()) as draft:  # goes with all that its many statements need
            environment = _started(server, name, keys, start, draft)
            environment.db = opening.copy_in_memory(draft)
        return environment
    path = data_files.path_of(server.data_dir, name)
    if path.exists():  # put there since the start
        raise EnvironmentTaken(f"{path} is there already. Choose another name, or start the server anew to open it.")
    with data_files.draft(server.data_dir, name) as draft:
        environment = _started(server, name, keys, start, draft)
    try:
        environment.db = opening.open_file(path)
    except BaseException:
        data_files.remove(server.data_dir, name)
        raise
    return environment


def _started(server: Server, name: str, keys: Keys, start: Start, db: Database) -> Environment:
    environment = Environment(server, name, db)
    environment.change_keys(keys)
    start(environment)
    environment.commit()
    return environment


def reopen(server: Server, name: str) -> Environment | None:
    """What the data directory keeps, to be registered; None if its file has no keys and was set aside.

    Raises SchemaMismatch, DatabaseDamaged, DatabaseBusy and DiskFailure.
    """
    assert server.data_dir is not None
    path = data_files.path_of(server.data_dir, name)
    if path.stat().st_size > 0:
        db = opening.open_file(path)
        try:
            environment = Environment(server, name, db)
        except BaseException:
            db.close()
            raise
        if environment.keys.api_key and environment.keys.client_id:
            return environment
        db.close()
    data_files.set_aside(server.data_dir, name)
    return None


async def remove(server: Server, environment: Environment) -> None:
    """Deletes it with all that is in it, for one whose turn it is. Raises DiskFailure, and then it is still there."""
    with server.held(environment.name, environment.keys):
        if server.data_dir is not None:
            await server.workers.run(data_files.remove, server.data_dir, environment.name)
        server.unregister(environment)
        await server.workers.run(dispose, server, environment)


def dispose(server: Server, environment: Environment) -> None:
    """Frees what a deleted environment used. For any thread."""
    size = environment.db.memory
    environment.db.close()
    memory.freed(size)
    if server.data_dir is not None:
        data_files.forget(server.data_dir, environment.name)
