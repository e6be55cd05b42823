"""A server: any number of environments, and what they share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mockserver.core.environment import Environment, Keys
from mockserver.core.errors import JSON, ApiError
from mockserver.core.gate import Gate
from mockserver.core.keys import SigningKey
from mockserver.core.long_work import Workers
from mockserver.settings import Settings

DEFAULT = "default"


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
