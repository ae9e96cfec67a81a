"""Pictures of every page of the console, light and dark, wide and narrow: to be looked at.

    python benchmarks/screenshots.py --model model/ --out pictures/ [--readme docs/console.png]

Needs Chromium and Playwright (`pip install '.[dev]'`); PENCHANT_CHROMIUM names another browser.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from penchant.engine import Penchant
from penchant.serve.console.shell import PAGES

_WIDTHS: Final = (1280, 390)
_PORT: Final = 8190
_RUN: Final = "import sys; from penchant.serve.cli import main; sys.exit(main())"


def main() -> None:
    """Make the pictures."""
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    model = Penchant.open(options.model)
    words = ["console", "--model", str(options.model), "--console-port", str(_PORT)]
    command = [sys.executable, "-c", _RUN, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            key, url = _said(process)
            with sync_playwright() as started:
                browser = started.chromium.launch(
                    executable_path=_chromium(), args=["--no-sandbox"]
                )
                acts = _acts(options, model)
                if options.readme is not None:
                    page = _logged_in(browser, url, key, size=(1200, 820))
                    page.goto("/choose/shade/light")
                    page.goto("/")
                    acts["/"](page)
                    # The machine that makes pictures may have no Chinese letters.
                    page.add_style_tag(content=".top a[lang] { visibility: hidden }")
                    time.sleep(1)
                    page.screenshot(path=options.readme)
                _pictures(browser, url, key, acts, options.out)
                browser.close()
        finally:
            process.terminate()
            process.wait(20)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="whose pages")
    parser.add_argument("--out", type=Path, required=True, help="folder of the pictures")
    parser.add_argument("--readme", type=Path, help="also the README's picture, into this file")
    parser.add_argument("--user", help="whose portrait (the first user)")
    parser.add_argument("--wish", default="breakfast; 给猫咪的零食", help="what is tried")
    return parser.parse_args()


def _chromium() -> str | None:
    return os.environ.get("PENCHANT_CHROMIUM") or shutil.which("chromium")


def _said(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Return the key and the address that the console printed."""
    assert process.stdout is not None  # noqa: S101  # it is a pipe
    text = process.stdout.readline() + process.stdout.readline()
    key, url = re.search(r"pen_\w+", text), re.search(r"Console: (\S+)", text)
    if key is None or url is None:
        raise SystemExit(f"the console did not begin: {text}")
    return key[0], url[1]


def _acts(options: argparse.Namespace, model: Penchant) -> dict[str, Callable[[Page], Any]]:
    """Return what is done on a page before its picture is made, by path."""
    leaf = model.interests().row(0, named=True)["name"]
    title = next(iter(model.titles().values()))
    user = options.user or model.fitted.users.ids[0]

    def interests(page: Page) -> None:
        page.locator(".map canvas").wait_for()

    def person(page: Page) -> None:
        _enter(page, "User id", user)
        page.get_by_role("button", name="Mute:").first.click()
        page.get_by_text("The list before").wait_for()

    def items(page: Page) -> None:
        _enter(page, "Words of a title", title)
        page.locator(".chips button").first.click()
        page.get_by_label("Text").fill(f"Something new\nIt is about {leaf}")
        page.get_by_role("button", name="See whom").click()
        page.get_by_role("heading", name="It would meet").wait_for()

    def wish(page: Page) -> None:
        _enter(page, "Wishes", options.wish)
        page.locator(".items li").first.wait_for()

    return {"/": interests, "/people": person, "/items": items, "/try": wish}


def _logged_in(browser: Browser, url: str, key: str, *, size: tuple[int, int]) -> Page:
    width, height = size
    context = browser.new_context(base_url=url, viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto("/login")
    _enter(page, "Key", key)
    page.wait_for_selector("main h1")
    return page


def _enter(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).fill(text)
    page.get_by_label(label).press("Enter")


def _pictures(
    browser: Browser, url: str, key: str, acts: dict[str, Callable[[Page], Any]], out: Path
) -> None:
    for shade in ("light", "dark"):
        for width in _WIDTHS:
            page = _logged_in(browser, url, key, size=(width, 800))
            page.goto(f"/choose/shade/{shade}")
            for path, name in PAGES.items():
                page.goto(path)
                page.wait_for_selector("main h1")
                acts.get(path, lambda _: None)(page)
                time.sleep(0.5)
                page.screenshot(path=out / f"{name}-{shade}-{width}.png", full_page=True)
            page.context.close()


if __name__ == "__main__":
    main()
