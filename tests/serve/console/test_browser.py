"""The console in a real browser: what the shop's people do, and what must not happen meanwhile.

Skipped where there is no Chromium; set ``PENCHANT_CHROMIUM`` to name one.
"""

import contextlib
import json
import os
import shutil
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from processes import free_port

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("PENCHANT_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
PAGES = ("/", "/people", "/items", "/try", "/quality", "/experiments", "/privacy", "/overview")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=f"none of {', '.join(NAMES)} is there")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        words = ["--no-sandbox", "--disable-dev-shm-usage"]
        found = started.chromium.launch(executable_path=CHROMIUM, args=words)
        yield found
        found.close()


def logged_in(browser, url, key):
    """Return cookies of a browser that has logged in."""
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.goto("/people")
    page.get_by_label("Key").fill(key)
    page.get_by_label("Key").press("Enter")
    page.wait_for_url(f"{url}/")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture(scope="module")
def state(browser, console):
    return logged_in(browser, *console)


@pytest.fixture
def page(browser, console, state):
    """A page that has logged in."""
    with opened(browser, console[0], state) as page:
        yield page


def connected(page):
    """Return what leads *page* to a path and waits until it hears what one does there."""
    go = page.goto

    def gone(path):
        go(path)
        if not path.endswith("/login"):  # what is done before the handshake is lost
            page.wait_for_function("window.did_handshake === true")

    return gone


@contextlib.contextmanager
def opened(browser, url, state):
    """Yield a page on which nothing may go wrong, and from which no other host is asked."""
    with_context = browser.new_context(base_url=url, storage_state=state)
    page, wrong = with_context.new_page(), []
    page.set_default_timeout(30_000)
    page.goto = connected(page)
    host = urlsplit(url).netloc
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: wrong.append(asked.url) if foreign(asked.url, host) else None)
    yield page
    ran = page.evaluate("window.ran")
    with_context.close()
    assert wrong == []
    assert ran is None


def foreign(url, host):
    parts = urlsplit(url)
    return parts.scheme not in {"data", "blob"} and parts.netloc != host


@pytest.fixture(scope="module")
def shared_states(browser, shared):
    url, *keys = shared
    return [logged_in(browser, url, key) for key in keys]


@pytest.fixture
def changing(browser, shared, shared_states):
    """A page on a store, of somebody who may change things."""
    with opened(browser, shared[0], shared_states[0]) as page:
        yield page


@pytest.fixture
def looking(browser, shared, shared_states):
    """A page on the same store, of somebody who only looks."""
    with opened(browser, shared[0], shared_states[1]) as page:
        yield page


def find(page, user):
    page.goto("/people")
    page.get_by_label("User id").fill(user)
    page.get_by_label("User id").press("Enter")


def enter(page, key):
    page.goto("/login")
    page.get_by_label("Key").fill(key)
    page.get_by_label("Key").press("Enter")
    page.wait_for_selector("main h1")


def test_a_wrong_key_is_said_to_be_wrong_and_opens_nothing(browser, console):
    url, _ = console
    page = browser.new_page(base_url=url)
    page.goto("/")
    page.get_by_label("Key").fill("pen_wrong")
    page.get_by_role("button", name="Log in").click()
    assert "does not open" in page.get_by_role("alert").inner_text()
    page.goto("/people")
    assert page.url.endswith("/login")
    page.close()


def test_a_person_is_found_with_a_portrait_and_a_list(page):
    find(page, "u0")
    page.get_by_text("What this person likes").wait_for()
    page.get_by_text("Next list").wait_for()
    assert page.locator(".portrait li").count() >= 2
    assert page.locator(".items li").count() == 10


def shown(page, heading):
    """Return the titles of the list under *heading*."""
    section = page.locator("section").filter(has=page.get_by_role("heading", name=heading))
    section.locator(".items li").first.wait_for()
    return section.locator(".items .title").all_inner_texts()


def until(holds):
    """Wait until something holds, half a minute at most."""
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it does not come true")


def test_the_parts_of_a_score_add_up_to_it(page):
    find(page, "u0")
    page.get_by_text("Next list").wait_for()
    page.locator(".items summary").first.click()
    table = page.locator(".items li").first.locator("table")
    *parts, score = (float(cell) for cell in table.locator("td").all_inner_texts())
    assert len(parts) >= 2
    assert sum(parts) == pytest.approx(score, abs=0.005 * (len(parts) + 1))


def test_new_interests_are_proposed_with_what_speaks_for_them(page):
    find(page, "u0")
    page.get_by_text("New interests that may come").wait_for()
    assert page.get_by_text("because of").count() >= 1


def test_an_interest_is_muted_and_the_list_changes_until_it_is_undone(page):
    find(page, "u1")
    page.get_by_text("Next list").wait_for()
    before = shown(page, "Next list")
    page.get_by_role("button", name="Mute:").first.click()
    page.get_by_text("The list before").wait_for()
    after = shown(page, "Next list")
    assert set(before[:3]).isdisjoint(after)
    assert shown(page, "The list before") == before
    page.get_by_role("button", name="Undo").click()
    until(lambda: shown(page, "Next list") == before)


def test_an_interest_is_set_by_the_keyboard(page):
    find(page, "u3")
    page.locator(".setter [tabindex]").first.press("ArrowLeft")
    page.get_by_text("Set:").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").wait_for(state="detached")


def test_a_list_is_steered_in_plain_words_until_it_is_undone(page):
    find(page, "u2")
    page.get_by_label("In plain words").fill("more coffee; nothing under 7 pounds")
    page.get_by_label("In plain words").press("Enter")
    page.get_by_text("The list before").wait_for()
    understood = page.locator(".kept p").inner_text()
    assert "More:" in understood
    assert "7" in understood
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").wait_for(state="detached")


def test_a_person_is_exported_and_erased_after_a_question(page):
    find(page, "u9")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as given:
        page.get_by_role("dialog").get_by_role("button", name="Export").click()
    assert set(json.loads(Path(given.value.path()).read_text())) == {
        *("user", "events", "portrait", "steering")
    }
    page.get_by_role("button", name="Erase").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_role("button", name="Erase").click()
    page.get_by_role("dialog").get_by_role("button", name="Erase").click()
    page.get_by_text("Receipt").wait_for()
    find(page, "u9")
    assert "u9" in page.get_by_role("alert").inner_text()


def test_whoever_only_looks_sees_a_person_and_has_nothing_to_change_with(looking):
    find(looking, "u0")
    looking.get_by_text("Next list").wait_for()
    assert looking.locator(".portrait li").count() >= 2
    assert looking.get_by_role("button", name="Export").count() == 1
    for tool in ("Pin", "Mute", "Erase", "Undo", "Change"):
        assert looking.get_by_role("button", name=tool).count() == 0
    assert looking.locator(".setter").count() == 0
    looking.goto("/")
    looking.locator("main section h2").wait_for()
    assert looking.get_by_text("Edit this interest").count() == 0
    assert looking.get_by_text("Read only").count() == 1


def test_a_page_of_an_admin_changes_nothing_once_another_has_logged_in(browser, shared):
    """The browser's cookie is what counts, not who the page was drawn for."""
    url, admin, looking = shared
    with opened(browser, url, None) as page:
        enter(page, admin)
        find(page, "u4")
        page.get_by_role("button", name="Mute:").first.wait_for()
        page.context.request.post(f"{url}/login", form={"key": looking})
        page.get_by_role("button", name="Mute:").first.click()
        page.wait_for_timeout(1500)
        assert page.get_by_role("button", name="Undo").count() == 0
        find(page, "u4")
        page.get_by_text("Next list").wait_for()
        assert page.locator(".kept").count() == 0


def test_an_experiment_is_begun_seen_and_ended(changing, looking):
    changing.goto("/experiments")
    changing.get_by_label("What is tried").fill("Wider <b>lists</b>")
    changing.get_by_label("Diversity, Arm 2").fill("0.6")
    changing.get_by_label("Share of people, Arm 1").fill("3")
    changing.get_by_label("Days a person counts").fill("2")
    changing.get_by_role("button", name="Begin", exact=True).click()
    dialog = changing.get_by_role("dialog")
    assert "as it is 75%, other 1 25%" in dialog.inner_text()
    dialog.get_by_role("button", name="Begin").click()
    changing.get_by_text("under way since").wait_for()
    assert changing.get_by_text("Begin an experiment").count() == 0

    looking.goto("/experiments")
    looking.get_by_role("heading", name="Wider <b>lists</b>").wait_for()
    assert "Diversity 0.6" in looking.locator("table").inner_text()
    assert looking.get_by_role("button", name="End").count() == 0

    changing.get_by_role("button", name="End").click()
    changing.get_by_role("dialog").get_by_role("button", name="End").click()
    changing.get_by_text("ended by hand").wait_for()
    changing.get_by_role("heading", name="Begin an experiment").wait_for()
    changing.goto("/privacy")
    assert changing.get_by_text("began or ended an experiment").count() == 2


def test_an_experiment_out_of_range_is_said_to_be_so(changing):
    changing.goto("/experiments")
    changing.get_by_label("Exploration, Arm 2").fill("7")
    changing.get_by_role("button", name="Begin", exact=True).click()
    until(lambda: "7" in changing.get_by_role("alert").inner_text())
    assert changing.get_by_role("dialog").count() == 0


def test_two_settings_stand_side_by_side(page):
    page.goto("/try")
    page.get_by_label("Or pick items").fill("coffee")
    page.get_by_label("Or pick items").press("Enter")
    page.locator(".chips button").first.click()
    page.get_by_role("button", name="Make the lists").click()
    first, second = shown(page, "Setting A"), shown(page, "Setting B")
    assert len(first) == len(second) == 10
    assert first != second
    assert page.locator(".lane").count() >= 1


def test_an_item_tells_what_it_is_about_and_a_text_whom_it_would_meet(page):
    page.goto("/items")
    page.get_by_label("Words of a title").fill("jazz record")
    page.get_by_label("Words of a title").press("Enter")
    page.locator(".chips button").first.click()
    page.get_by_text("people took it").wait_for()
    page.get_by_label("Text").fill("咖啡\n新鲜烘焙的咖啡豆，适合每天早晨")
    page.get_by_role("button", name="See whom").click()
    page.get_by_role("heading", name="It would meet").wait_for()
    assert page.get_by_text("of 60 people").count() >= 2


def test_who_looked_at_a_person_is_seen(page):
    find(page, "u5")
    page.get_by_text("Next list").wait_for()
    page.goto("/privacy")
    page.get_by_text("read the portrait").first.wait_for()
    assert page.get_by_text("u5", exact=True).count() == 0


def test_an_unknown_person_is_said_to_be_unknown(page):
    find(page, "nobody")
    assert "nobody" in page.get_by_role("alert").inner_text()


def test_a_wish_in_chinese_gets_a_list(page):
    page.goto("/try")
    page.get_by_label("Wishes").fill("咖啡")
    page.get_by_label("Wishes").press("Enter")
    page.get_by_text("咖啡").nth(1).wait_for()


def test_the_map_answers_a_click(page):
    page.goto("/")
    chart = page.get_by_role("img", name="Map of items")
    chart.locator("canvas").wait_for()
    page.wait_for_timeout(300)
    box = chart.bounding_box()
    heading = page.locator("main section h2")
    first = heading.inner_text()
    for step in range(60):  # dots lie somewhere: go over the map until one is met
        x, y = box["width"] * (0.2 + 0.01 * step), box["height"] * (0.2 + 0.01 * step)
        page.mouse.click(box["x"] + x, box["y"] + y)
        if step % 10 == 9:
            page.wait_for_timeout(200)
            if heading.inner_text() != first:
                return
    raise AssertionError("no dot answers")


def test_an_interest_is_renamed_everywhere_hidden_and_both_undone(page):
    page.goto("/")
    page.get_by_text("Edit this interest").click()
    page.get_by_label("Name", exact=True).fill("The morning's <b>best</b>")
    page.get_by_role("button", name="Rename").click()
    page.get_by_text("Edited by hand").wait_for()
    assert page.get_by_role("tree").get_by_text("The morning's <b>best</b>").count() == 1
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Edited by hand").wait_for(state="detached")
    page.get_by_text("Edit this interest").click()
    page.get_by_role("button", name="Hide").click()
    page.get_by_role("dialog").get_by_role("button", name="Hide").click()
    page.get_by_text("Edited by hand").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Edited by hand").wait_for(state="detached")


def test_titles_are_data(page):
    """HTML, templates and scripts in a title are shown as they are and do not run."""
    page.goto("/try")
    page.get_by_label("Wishes").fill("<img src=x onerror='window.ran = 1'> espresso beans")
    page.get_by_label("Wishes").press("Enter")
    page.get_by_text("<img src=x onerror").first.wait_for()
    page.get_by_text("espresso beans `${window.ran = 2}`").first.wait_for()
    assert page.locator("main img").count() == 0


def test_what_a_browser_chose_stays(page):
    page.goto("/people")
    page.get_by_role("link", name="Dark").click()
    page.wait_for_selector("body.body--dark")
    assert page.url.endswith("/people")
    page.get_by_role("link", name="中文").click()
    page.get_by_label("用户编号").wait_for()
    page.goto("/overview")
    page.wait_for_selector("body.body--dark")
    assert page.evaluate("document.documentElement.lang") == "zh"


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_nothing_stands_in_a_readers_way(page, shade):
    """No violation that axe-core calls serious or critical, on any page, with what it shows."""
    page.goto(f"/choose/shade/{shade}")
    found = []
    for path in PAGES:
        page.goto(path)
        page.wait_for_selector("main h1")
        if path == "/people":
            find(page, "u0")
            page.get_by_text("Next list").wait_for()
        if path == "/":
            page.get_by_role("img", name="Map of items").wait_for()
        seen = axe.Axe().run(page).response["violations"]
        found += [
            (path, one["id"], one["nodes"][0]["html"][:200])
            for one in seen
            if one["impact"] in {"serious", "critical"}
        ]
    assert found == []


def test_a_console_that_goes_away_says_so_and_the_next_asks_for_its_key(
    browser, odd_model, consoling
):
    port = free_port()
    page = browser.new_page()
    with consoling("--model", odd_model, port=port) as (url, key):
        page.goto(f"{url}/people")
        page.get_by_label("Key").fill(key)
        page.get_by_label("Key").press("Enter")
        page.wait_for_url(f"{url}/")
    page.get_by_text("Connection lost").wait_for()
    with consoling("--model", odd_model, port=port):
        page.get_by_label("Key").wait_for()
    page.close()


def test_a_page_is_there_within_a_second_and_a_half_and_answers_soon(page):
    """Wall time: on a loaded machine it may take thrice as long."""
    page.goto("/people")
    page.goto("/")
    page.wait_for_selector("main h1")
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    assert page.wait_for_function(paint).json_value() < 4500
    node = page.locator(".q-tree__node-header").filter(visible=True).nth(1)
    name = node.inner_text().split("\n")[-1].split(" ·")[0]
    start = time.monotonic()
    node.click()
    page.locator("main section h2").get_by_text(name, exact=True).wait_for()
    assert time.monotonic() - start < 3


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_telephone(page, path):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(path)
    page.wait_for_selector("main h1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
