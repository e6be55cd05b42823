"""Whatever is inserted and deleted between pages, each surviving object comes exactly once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Client

URIS = "/user_management/redirect_uris"
# Newest first, `normal` calls its cursors the other way round.
FORWARD = {"asc": "after", "desc": "after", "normal": "before"}
BACKWARD = {"asc": "before", "desc": "before", "normal": "after"}

# "cursor" deletes the object that the next cursor names; "back" and "on" move the frozen clock.
changes = st.lists(st.sampled_from(["insert", "insert", "delete", "cursor", "back", "on"]), max_size=4)
plans = st.lists(changes, max_size=8)


@dataclass
class World:
    """An environment with a frozen clock, and the ids in it, in the order of their creation."""

    client: Client
    ids: list[str] = field(default_factory=list)
    inserted: int = 0
    now: int = 1_800_000_000

    def __post_init__(self) -> None:
        self.insert()  # The default URI, which can't be deleted.
        self.set_clock()

    def set_clock(self) -> None:
        moment = f"2027-01-15T{8 + self.now // 3600 % 12:02}:{self.now // 60 % 60:02}:{self.now % 60:02}.000Z"
        self.client.put("/_emulate/clock", json={"now": moment, "frozen": True}).raise_for_status()

    def insert(self) -> None:
        self.inserted += 1
        response = self.client.post(URIS, json={"uri": f"https://example.com/{self.inserted}"})
        self.ids.append(response.raise_for_status().json()["id"])

    def delete(self, id: str) -> None:
        self.client.delete(f"{URIS}/{id}").raise_for_status()
        self.ids.remove(id)

    def change(self, plan: list[str], cursor: str | None) -> None:
        for step in plan:
            if step == "insert":
                self.insert()
            elif step == "delete" and len(self.ids) > 1:
                self.delete(self.ids[1 + self.inserted % (len(self.ids) - 1)])
            elif step == "cursor" and cursor in self.ids[1:]:
                self.delete(str(cursor))
            elif step in ("back", "on"):
                self.now += -1 if step == "back" else 1
                self.set_clock()

    def page(self, **query: Any) -> tuple[list[str], dict[str, str | None]]:
        answer = self.client.get(URIS, params=query).raise_for_status().json()
        return [item["id"] for item in answer["data"]], answer["list_metadata"]

    def listed(self, order: str) -> list[str]:
        """Everything on one page."""
        return self.page(order=order, limit=100)[0]


def walk(
    world: World, order: str, limit: int, cursor_name: str, plans: list[list[str]], start: str | None
) -> list[str]:
    """The ids of all pages, none of them twice, with a plan of changes before each page but the first."""
    seen: list[str] = []
    cursor = start
    remaining = list(plans)
    while True:
        query = {} if cursor is None else {cursor_name: cursor}
        ids, metadata = world.page(order=order, limit=limit, **query)
        seen += ids
        assert len(seen) == len(set(seen))
        cursor = metadata[cursor_name]
        if cursor is None:
            return seen
        if remaining:
            world.change(remaining.pop(0), cursor)


@pytest.mark.parametrize("order", ["asc", "desc", "normal"])
@given(first=changes, second=changes, limit=st.integers(1, 4), plans=plans)
def test_walk_forward_meets_each_survivor_once(
    new_client: Callable[..., Client],
    order: str,
    first: list[str],
    second: list[str],
    limit: int,
    plans: list[list[str]],
) -> None:
    world = World(new_client())
    world.change(["insert", *first, "insert", *second], None)
    at_start = list(world.ids)
    seen = walk(world, order, limit, FORWARD[order], plans, None)
    assert {id for id in at_start if id in world.ids} <= set(seen)


@pytest.mark.parametrize("order", ["asc", "desc", "normal"])
@given(first=changes, second=changes, limit=st.integers(1, 4), plans=plans)
def test_walk_backward_meets_each_survivor_once(
    new_client: Callable[..., Client],
    order: str,
    first: list[str],
    second: list[str],
    limit: int,
    plans: list[list[str]],
) -> None:
    world = World(new_client())
    world.change(["insert", *first, "insert", *second], None)
    at_start = list(world.ids)
    last = world.listed(order)[-1]
    seen = [last, *walk(world, order, limit, BACKWARD[order], plans, last)]
    assert seen.count(last) == 1
    assert {id for id in at_start if id in world.ids} <= set(seen)


@pytest.mark.parametrize("order", ["asc", "desc", "normal"])
@given(plan=st.lists(changes, max_size=4), limit=st.integers(1, 4), gone=st.integers(0, 3), data=st.data())
def test_cursors_are_null_exactly_at_the_ends(
    new_client: Callable[..., Client], order: str, plan: list[list[str]], limit: int, gone: int, data: st.DataObject
) -> None:
    world = World(new_client())
    for steps in plan:
        world.change(["insert", *steps], None)
    listed = world.listed(order)
    position = data.draw(st.integers(0, len(listed) - 1))
    for id in listed[position : position + gone]:  # The cursor's object too, so that a backward page may be the last.
        if id != world.ids[0]:
            world.delete(id)
    earlier = [id for id in listed[:position] if id in world.ids]
    later = [id for id in listed[position + 1 :] if id in world.ids]
    for name, expected in ((FORWARD[order], later[:limit]), (BACKWARD[order], earlier[-limit:])):
        ids, metadata = world.page(order=order, limit=limit, **{name: listed[position]})
        assert ids == expected
        assert metadata[FORWARD[order]] == (ids[-1] if ids and ids[-1] != world.listed(order)[-1] else None)
        assert metadata[BACKWARD[order]] == (ids[0] if ids and ids[0] != world.listed(order)[0] else None)


@given(plan=st.lists(changes, max_size=4))
def test_orders_are_each_others_reverse_and_follow_creation_time(
    new_client: Callable[..., Client], plan: list[list[str]]
) -> None:
    world = World(new_client())
    for steps in plan:
        world.change(["insert", *steps], None)
    items = world.client.get(URIS, params={"order": "asc", "limit": 100}).json()["data"]
    assert items == sorted(items, key=lambda item: (item["created_at"], item["id"]))
    assert [item["id"] for item in items] == world.listed("desc")[::-1] == world.listed("normal")[::-1]
