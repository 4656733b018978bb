"""Somebody at a page in a real browser: what they see, click and type, by Chromium's DevTools protocol.

Its methods are described at https://chromedevtools.github.io/devtools-protocol/. What is sent are events of
a mouse and a keyboard, at the place where a thing is; what is covered by another or moves is waited for.
"""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import httpx
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from websockets.sync.connection import Connection

    from tests.browser import Browser

_T = TypeVar("_T")

_SECONDS = 60
_LOOK_SECONDS = 0.1
_PATIENCE_SECONDS = 20
_STILL_MILLISECONDS = 100
_STANDS_STILL = f"""new Promise(tell => {{
    const place = () => JSON.stringify(this.getBoundingClientRect()), before = place()
    setTimeout(() => requestAnimationFrame(() => tell(place() === before)), {_STILL_MILLISECONDS})
}})"""
"""A message that slides in is under the mouse when it is pressed, and may be gone when it is released."""


class Tab:
    """A tab of a browser. Elements are named by XPath, and waited for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbers = count(1)
        self._requests: dict[str, str] = {}
        for domain in ("Page", "DOM", "Network"):
            self._call(f"{domain}.enable")

    @property
    def requested(self) -> set[str]:
        """Hosts that pages asked for something, and ports; what a page's own policy forbids is not asked."""
        return {urlsplit(url).netloc for url in self._requests.values() if url.startswith(("http", "ws"))}

    def open(self, url: str) -> None:
        """Go to an address."""
        self._call("Page.navigate", url=url)

    def see(self, xpath: str) -> str:
        """Return the text of the first element that is meant, once there is one.

        Raises:
            AssertionError: there is none in time; the page's text is in the message.
        """
        return self._use(xpath, self._read)

    def click(self, xpath: str) -> None:
        """Press the mouse in the middle of an element.

        Raises:
            AssertionError: there is none in time.
        """
        self._use(xpath, self._press)

    def click_for(self, xpath: str, sign: str) -> None:
        """Press an element, now and then once more, until what comes of it is there.

        A busy server refuses a form, and a page tells so for some seconds only.

        Raises:
            AssertionError: nothing comes of it in time.
        """
        patience = 0.0

        def press_again() -> None:
            nonlocal patience
            if time.monotonic() > patience:
                with suppress(LookupError):
                    self._press(self._search(xpath))
                    patience = time.monotonic() + _PATIENCE_SECONDS

        self._use(sign, self._read, 2 * _SECONDS, press_again)

    def write(self, xpath: str, text: str) -> None:
        """Type text in place of what a field holds.

        Raises:
            AssertionError: there is no such field in time.
        """
        self.click(xpath)
        self._call("Input.dispatchKeyEvent", type="keyDown", commands=["selectAll", "deleteBackward"])
        self._call("Input.dispatchKeyEvent", type="keyUp")
        self._call("Input.insertText", text=text)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page's own language."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def _use(
        self,
        xpath: str,
        use: Callable[[int], _T],
        seconds: float = _SECONDS,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> _T:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                return use(self._search(xpath))
            except LookupError:  # not there yet, covered, moving, or gone between two calls
                meanwhile()
                time.sleep(_LOOK_SECONDS)
        raise AssertionError(f"{xpath} is not to be seen on:\n{self.evaluate('document.body.innerText')}")

    def _search(self, xpath: str) -> int:
        self._call("DOM.getDocument", depth=0)  # or elements have no numbers
        search = self._call("DOM.performSearch", query=xpath)
        if not search["resultCount"]:
            raise LookupError(xpath)
        found = self._call("DOM.getSearchResults", searchId=search["searchId"], fromIndex=0, toIndex=1)
        return int(found["nodeIds"][0])

    def _press(self, node: int) -> None:
        x, y = self._middle(node)
        number = next(self._numbers)  # in storage, since the page may be another one afterwards
        self._ask(
            node, f"this.addEventListener('pointerdown', () => {{ sessionStorage.pressed = {number} }})"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        if self.evaluate("sessionStorage.pressed") != str(number):
            raise LookupError("it was elsewhere by then")

    def _middle(self, node: int) -> tuple[float, float]:
        self._call("DOM.scrollIntoViewIfNeeded", nodeId=node)
        if not self._ask(node, _STANDS_STILL):
            raise LookupError("it moves")
        corners = self._call("DOM.getContentQuads", nodeId=node)["quads"]
        if not corners:
            raise LookupError("nothing is drawn")
        x, y = sum(corners[0][::2]) / 4, sum(corners[0][1::2]) / 4
        if not self._ask(node, f"this.contains(document.elementFromPoint({x}, {y}))"):
            raise LookupError("something covers it")
        return x, y

    def _read(self, node: int) -> str:
        # What is being replaced has a text as well, but without what separates its parts.
        text = self._ask(node, "this.checkVisibility() ? this.innerText : null")
        if text is None:
            raise LookupError("it is not drawn")
        return str(text)

    def _ask(self, node: int, expression: str) -> Any:
        element = self._call("DOM.resolveNode", nodeId=node)["object"]["objectId"]
        code = f"function() {{ return {expression} }}"
        answer = self._call(
            "Runtime.callFunctionOn", objectId=element, functionDeclaration=code, awaitPromise=True
        )
        return answer["result"].get("value")

    def _call(self, method: str, **arguments: object) -> dict[str, Any]:
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": arguments}))
        while (message := json.loads(self._connection.recv(_SECONDS))).get("id") != number:
            self._note(message["method"], message["params"])
        if "error" in message:
            raise LookupError(f"{method}: {message['error']['message']}")
        result: dict[str, Any] = message["result"]
        return result

    def _note(self, event: str, told: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            self._requests[told["requestId"]] = told["request"]["url"]
        elif event == "Network.loadingFailed" and told.get("blockedReason") == "csp":
            self._requests.pop(told["requestId"], None)


@contextmanager
def open_tab(browser: Browser) -> Iterator[Tab]:
    """Offer a tab of a browser that runs as long as the block does."""
    command = [*browser.command, "--window-size=1280,1000", "--remote-debugging-port=0", "about:blank"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with connect(_address(browser, process), max_size=None, ping_interval=None) as connection:
            yield Tab(connection)
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _address(browser: Browser, process: subprocess.Popen[bytes]) -> str:
    """Return where a starting browser's one tab takes calls."""
    file = browser.profile / "DevToolsActivePort"  # written when it does
    deadline = time.monotonic() + _SECONDS
    while not (file.exists() and file.read_text().count("\n")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(_LOOK_SECONDS)
    targets = httpx.get(f"http://127.0.0.1:{file.read_text().split()[0]}/json/list").json()
    return next(str(each["webSocketDebuggerUrl"]) for each in targets if each["type"] == "page")
