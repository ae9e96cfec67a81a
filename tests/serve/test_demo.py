"""The demonstration on one's own files: everything on the terminal as it comes, and on the page."""

import re
import signal
import subprocess

import httpx
import pytest

from penchant.errors import UnavailableError
from penchant.serve import demo as module
from penchant.serve.cli import main
from processes import RUN, environment, free_port, wait_ready


@pytest.fixture(scope="module")
def played(shop_files, tmp_path_factory):
    """What `penchant demo` printed about the shop, and its page."""
    page = tmp_path_factory.mktemp("demo") / "page.html"
    interactions, items = map(str, shop_files)
    command = ["demo", "--interactions", interactions, "--items", items, "--no-serve"]
    with pytest.MonkeyPatch.context() as patch:
        said = []
        patch.setattr("builtins.print", lambda *words, **_: said.append(" ".join(map(str, words))))
        patch.setattr(module, "show", lambda frame: said.append(str(frame.rows())))
        assert main([*command, "--encoder", "lsa", "--page", str(page)]) == 0
    return "\n".join(said), page.read_text(encoding="utf-8"), page


def test_it_ends_with_the_page(played):
    said, _, page = played

    assert said.splitlines()[-1] == f"Page: {page}"


def test_the_terminal_tells_what_the_page_tells(played):
    said, html, _ = played

    for what in ("rows read", "penchant", "popularity", "ials", "ease"):
        assert what in said
        assert what in html
    assert len(re.findall("× average", html)) >= 3
    assert html.count("<article") == 5


def test_nothing_is_printed_but_the_page_when_quiet(shop_files, tmp_path, capfd):
    interactions, items = map(str, shop_files)
    page = tmp_path / "p.html"
    command = ["demo", "--interactions", interactions, "--items", items, "--encoder", "lsa", "-q"]

    assert main([*command, "--no-serve", "--page", str(page)]) == 0
    assert capfd.readouterr() == (f"Page: {page}\n", "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--items", "x.csv"], 2),
        (["--page", "x.pdf"], 2),
        (["--interactions", "nowhere.csv"], 65),
        (["--llm", "local:/nowhere.gguf"], 69),
    ],
)
def test_a_demonstration_that_cannot_be_leaves_nothing(words, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert main(["demo", *words, *([] if "--page" in words else ["--page", "p.html"])]) == code
    assert list(tmp_path.iterdir()) == []


def test_without_the_groceries_it_says_what_to_install(tmp_path, monkeypatch, capsys):
    def missing(_):
        raise UnavailableError("no groceries", hint="Run: pip install 'penchant[demo]'")

    monkeypatch.setattr(module, "write_groceries", missing)

    assert main(["demo", "--page", str(tmp_path / "p.html")]) == 69
    assert "penchant[demo]" in capsys.readouterr().err


def test_it_ends_with_the_service_and_the_console_until_it_is_told_to(shop_files, tmp_path):
    ports = {"PENCHANT_PORT": str(free_port()), "PENCHANT_CONSOLE_PORT": str(free_port())}
    interactions, items = map(str, shop_files)
    words = ["--interactions", interactions, "--items", items, "--encoder", "lsa", "-q"]
    command = [*RUN, "demo", *words, "--page", str(tmp_path / "page.html")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment(TMPDIR=str(tmp_path), **ports)
    ) as process:
        try:
            page, key, _, console = (process.stdout.readline() for _ in range(4))
            assert page.startswith("Page: ")
            url = f"http://127.0.0.1:{ports['PENCHANT_PORT']}"
            wait_ready(process, url)
            headers = {"X-API-Key": key.split()[-1]}
            answer = httpx.get(f"{url}/v1/recommendations?user_id=u1", headers=headers)
            assert len(answer.json()["items"]) == 10
            address = console.removeprefix("Console: ").strip()
            assert httpx.get(f"{address}/login", timeout=30).status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
