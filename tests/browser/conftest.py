"""Pages in a context of their own for each test, and applications that sign in through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.app import App
from tests.conftest import Client

expect.set_options(timeout=20_000)  # several Chromiums may share two cores

NewPage = Callable[..., Page]
NewApp = Callable[..., App]
Visit = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens pages; at the end none of them may have met an error, but for refusals, which they show or deal with."""
    contexts = []
    problems: list[tuple[str, str]] = []
    refused: set[str] = set()

    def open_page(url: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(("", str(error))))
        page.on("console", lambda message: note(message.type, message.location["url"], message.text))
        page.on("response", lambda answer: refused.add(answer.url) if is_refusal(answer) else None)
        page.goto(url)
        return page

    def note(kind: str, url: str, text: str) -> None:
        if kind == "error":
            problems.append((url, text))

    def is_refusal(answer: Any) -> bool:
        return answer.status >= 400 and answer.request.resource_type in ("document", "fetch")

    yield open_page
    for context in contexts:
        context.close()
    assert [text for url, text in problems if url not in refused] == []


@pytest.fixture
def new_app(client: Client) -> Iterator[NewApp]:
    """Starts applications of an environment, by default the test's. Further parameters are its authorize URL's."""
    with ExitStack() as running:
        yield lambda of=client, **parameters: running.enter_context(App(of, parameters))


@pytest.fixture
def visit(new_page: NewPage, new_app: NewApp, client: Client) -> Visit:
    """Opens the start page of a new application."""
    return lambda of=client, **parameters: new_page(new_app(of, **parameters).url)
