"""The HTML report in Chromium: it works for everybody, quickly, and without a network."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flake8_prep.report.excerpts import excerpt_from
from flake8_prep.report.page import render
from flake8_prep.report.report import Report
from flake8_prep.report.violation import Violation

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

EXAMPLES = Path(__file__).parents[1] / "examples"

HOSTILE = """\
CLOSE = "</script><script>window.broken = 1</script>"
COMMENT = "<!-- <script>"
TEMPLATE = "{{ 7 * 7 }}"
SMILE = "\N{GRINNING FACE}" or   "<img src=x onerror='window.broken = 1'>"
TURNED = "\u202e"   + ""
"""

READY_SECONDS = 2


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium")
    if executable is None:
        pytest.exit("Chromium is not installed: apt-get install chromium", returncode=1)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report about the examples, and about a file that would break a page that does not escape."""
    folder = tmp_path_factory.mktemp("report")
    shutil.copytree(EXAMPLES, folder / "examples")
    (folder / "hostile.py").write_text(HOSTILE, "utf-8")
    command = [sys.executable, "-m", "flake8", "--isolated", "--select=PREP,E2", "--format=prep-html"]
    run = subprocess.run([*command, "--output-file=report.html", "."], cwd=folder, check=False)
    assert run.returncode == 1
    return folder / "report.html"


OpenPage = Callable[..., "Page"]


@pytest.fixture
def open_page(chromium: Browser, report: Path) -> Iterator[OpenPage]:
    """Return a function that opens the report; in the end, nothing may have gone wrong or left the page."""
    contexts: list[BrowserContext] = []
    requests: list[str] = []
    complaints: list[str] = []

    def open_page(fragment: str = "", path: Path = report, **options: Any) -> Page:
        context = chromium.new_context(reduced_motion="reduce", **options)
        context.set_default_timeout(5_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri() + fragment)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert {request for request in requests if not request.startswith(("file:", "data:"))} == set()
    assert complaints == []


def count(page: Page) -> str:
    """Return what the page says about the number of findings, when it has filtered them."""
    page.wait_for_timeout(200)
    return page.inner_text("#count")


class TestFilters:
    """The list, and the links that keep what it shows."""

    def test_filters_are_combined_and_kept_in_the_url(self, open_page: OpenPage) -> None:
        page = open_page()
        everything = count(page)
        total = int(everything.split()[0])
        assert page.locator("#list > li").count() == min(total, 100)

        page.locator("label.chip.high").click()
        page.locator("label.chip.critical").click()
        page.select_option("#section", "security")
        page.select_option("#language", "TypeScript")
        page.fill("#file", "web/")
        page.fill("#text", "WEBHOOK")
        shown = count(page)
        assert shown.endswith(f"of {everything}")
        assert int(shown.split()[0]) == page.locator("#list > li").count() > 0
        assert page.url.endswith(
            "#severity=critical,high&section=security&language=TypeScript&file=web/&text=WEBHOOK"
        )
        assert set(page.locator("#list .badge").all_inner_texts()) <= {"critical", "high"}

        page.reload()
        assert count(page) == shown
        again = open_page(page.url.partition("report.html")[2])
        assert count(again) == shown
        again.click("button[type=reset]")
        assert count(again) == everything
        assert "#" not in again.url

    def test_nothing_passes(self, open_page: OpenPage) -> None:
        page = open_page("#text=no+such+text")
        assert count(page).startswith("0 of ")
        assert page.is_visible("#nothing")
        assert not page.is_visible("#open-all")

    @pytest.mark.parametrize(
        ("link", "fragment"),
        [
            (".tile.critical", "#severity=critical"),
            (".sections a", "#section=security"),
            (".languages a", "#language=Python"),
        ],
    )
    def test_figures_lead_to_what_they_count(self, open_page: OpenPage, link: str, fragment: str) -> None:
        page = open_page()
        page.locator(link).first.click()
        assert page.url.endswith(fragment)
        assert " of " in count(page)
        assert page.evaluate("document.activeElement.id") == "findings-title"

    def test_paths_are_suggested(self, open_page: OpenPage) -> None:
        page = open_page()
        page.focus("#file")
        values = page.eval_on_selector_all("#paths option", "options => options.map(each => each.value)")
        assert "examples/web/server.ts" in values


class TestSource:
    """The source of a finding, with its place."""

    def test_it_opens_and_closes(self, open_page: OpenPage) -> None:
        page = open_page("#text='attempt'")
        button = page.locator("#list h3 button").first
        button.click()
        assert page.inner_text(".line.marked mark") == "attempt"
        assert page.locator(".line.marked").get_attribute("data-line") == "34"
        assert page.locator(".source .line").count() == 5
        button.click()
        assert not page.is_visible(".source")

    def test_all_at_once(self, open_page: OpenPage) -> None:
        page = open_page("#severity=critical")
        page.click("#open-all")
        assert page.locator(".source:visible").count() == page.locator("#list > li").count()
        page.click("#open-all")
        assert page.locator(".source:visible").count() == 0

    @pytest.mark.parametrize("opener", ["#list h3 button", "#open-all"])
    def test_marks_far_to_the_right_are_in_view(
        self, open_page: OpenPage, tmp_path: Path, opener: str
    ) -> None:
        lines = ["value = " + " + ".join(f"number_{number}" for number in range(40))]
        violation = Violation("long.py", 1, 200, "E501", "line too long", excerpt_from(lines, 1))
        (tmp_path / "long.html").write_text(render(Report.of([violation], [])), "utf-8")
        page = open_page(path=tmp_path / "long.html", viewport={"width": 600, "height": 800})
        page.click(opener)
        code, mark = (page.locator(part).bounding_box() for part in (".source .code", "mark"))
        assert code is not None
        assert mark is not None
        assert code["x"] < mark["x"] < mark["x"] + mark["width"] < code["x"] + code["width"]

    def test_file_as_a_whole(self, open_page: OpenPage, tmp_path: Path) -> None:
        violation = Violation("gone.py", 0, 0, "E902", "FileNotFoundError")
        (tmp_path / "gone.html").write_text(render(Report.of([violation], [])), "utf-8")
        page = open_page(path=tmp_path / "gone.html")
        assert page.inner_text("#list .place") == "gone.py"
        page.click("#list h3 button")
        assert page.inner_text(".source") == "The source could not be read."

    def test_what_looks_like_a_page_is_text(self, open_page: OpenPage) -> None:
        page = open_page("#file=hostile.py")
        page.click("#open-all")
        source = page.inner_text("#list")
        for line in HOSTILE.splitlines()[1:4]:
            assert line in source
        assert page.evaluate("window.broken") is None
        assert "\\u202e" in source
        assert "\u202e" not in source
        marks = dict(zip(page.locator(".place").all_inner_texts(), page.locator("mark").all(), strict=True))
        mark = marks["hostile.py:4:15"]
        assert mark.evaluate("mark => mark.previousSibling.textContent") == " or"


class TestRule:
    """The page of a rule."""

    def test_there_and_back(self, open_page: OpenPage) -> None:
        page = open_page("#severity=critical")
        link = page.locator("#list .where a", has_text="PREP101").first
        link.click()
        assert page.title().startswith("PREP101 silent-exception")
        assert page.is_visible("#PREP101")
        assert not page.is_visible("#overview")
        assert page.evaluate("document.activeElement.id") == "PREP101"
        page.click("#PREP101 .back a")
        page.wait_for_url("**/report.html#severity=critical")
        assert page.is_visible("#overview")
        assert page.evaluate("document.activeElement.textContent") == "PREP101 silent-exception"
        assert link.is_visible()

    def test_from_a_link_to_its_findings(self, open_page: OpenPage) -> None:
        page = open_page("#PREP105")
        page.click("#PREP105 .facts a")
        assert page.url.endswith("#text=PREP105")
        assert set(page.locator("#list .where a").all_inner_texts()) == {"PREP105 undefined-name"}

    def test_from_a_link_to_the_whole_list(self, open_page: OpenPage) -> None:
        page = open_page("#PREP105")
        page.click("#PREP105 .back a")
        assert page.url.endswith("#findings")
        assert page.is_visible("#list")


class TestTheme:
    """Dark and light."""

    @pytest.mark.parametrize(("system", "other"), [("light", "dark"), ("dark", "light")])
    def test_the_switch_is_remembered(self, open_page: OpenPage, system: str, other: str) -> None:
        background = "getComputedStyle(document.body).backgroundColor"
        page = open_page(color_scheme=system)
        first = page.evaluate(background)
        button = page.get_by_role("button", name="Dark theme")
        assert button.get_attribute("aria-pressed") == str(system == "dark").lower()
        button.click()
        second = page.evaluate(background)
        assert second != first
        page.reload()
        assert page.evaluate(background) == second
        assert button.get_attribute("aria-pressed") == str(other == "dark").lower()


class TestCopy:
    """The place, for an editor."""

    def test_the_place_is_copied(self, open_page: OpenPage) -> None:
        page = open_page("#text=PREP101", permissions=["clipboard-read", "clipboard-write"])
        page.locator(".place").first.click()
        assert page.locator(".place .said").first.inner_text() == "Copied"
        assert page.evaluate("navigator.clipboard.readText()") == "examples/booking/audit.py:30:9"
        assert page.inner_text("#said") == "Copied examples/booking/audit.py:30:9"
        page.wait_for_selector(".place .said", state="detached")

    @pytest.mark.parametrize(("allowed", "said"), [(True, "Copied"), (False, "Not allowed")])
    def test_without_clipboard(self, open_page: OpenPage, allowed: bool, said: str) -> None:
        page = open_page("#text=PREP101")
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        if not allowed:
            page.evaluate("document.execCommand = () => false")
        page.locator(".place").first.click()
        assert page.locator(".place .said").first.inner_text() == said
        assert page.evaluate("document.activeElement.className").startswith("place")


class TestForEverybody:
    """Keyboard, screen reader, small screens, paper, and browsers without scripts."""

    def test_keyboard_alone(self, open_page: OpenPage) -> None:
        page = open_page()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the findings"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "text"
        page.keyboard.type("audit")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert count(page).startswith("1 of ")
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('#list h3 button')"):
                break
        page.keyboard.press("Enter")
        assert page.is_visible(".source")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.is_visible("#PREP101")

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_accessibility(self, open_page: OpenPage, theme: str) -> None:
        package = importlib.util.find_spec("axe_playwright_python")
        assert package is not None and package.origin is not None
        axe = Path(package.origin).with_name("axe.min.js").read_text("utf-8")
        page = open_page("#severity=critical", color_scheme=theme)
        page.click("#open-all")
        page.click("details.more summary")
        for place in ("#severity=critical", "#PREP101", "#text=no+such+text"):
            page.evaluate("place => { location.hash = place }", place)
            page.wait_for_timeout(200)
            page.evaluate(axe)
            found = page.evaluate("axe.run()")["violations"]
            assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []

    @pytest.mark.parametrize("width", [320, 360, 768, 1440])
    def test_nothing_is_cut_off(self, open_page: OpenPage, width: int) -> None:
        page = open_page(viewport={"width": width, "height": 800})
        page.click("#open-all")
        page.click("details.more summary")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.evaluate("location.hash = 'PREP101'")
        assert page.evaluate("document.documentElement.scrollWidth") == width

    def test_paper(self, open_page: OpenPage) -> None:
        page = open_page()
        assert page.pdf().startswith(b"%PDF")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        total = int(page.inner_text("#count").split()[0])
        assert page.locator("#list > li:visible").count() == total
        assert page.locator(".source:visible").count() == total
        assert page.is_visible("#PREP101")
        for control in ("#filters", ".top nav", "#theme", "#open-all", ".skip", ".back"):
            assert not page.locator(control).first.is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator(".source").count() == 0

    def test_findings_are_not_torn_apart_on_paper(self, open_page: OpenPage, tmp_path: Path) -> None:
        """A rule that keeps the last part of an item with what follows would keep all items together."""
        page = open_page()
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        breaks = page.evaluate(
            "[...document.querySelectorAll('#list > li')].map((item) => [item, item.lastElementChild]"
            ".map((node) => [getComputedStyle(node).breakInside, getComputedStyle(node).breakAfter].join()))"
        )
        assert {tuple(each) for each in breaks} == {("avoid,auto", "auto,auto")}

    def test_without_scripts(self, open_page: OpenPage) -> None:
        page = open_page(java_script_enabled=False)
        assert not page.is_visible("#filters")
        assert not page.is_visible("#theme")
        page.locator("noscript a", has_text="PREP101").first.click()
        assert page.is_visible("#PREP101")
        assert not page.is_visible("#overview")


def test_20_000_findings(open_page: OpenPage, tmp_path: Path) -> None:
    """The page is ready within two seconds, and a filter answers at once."""
    sources = [path.read_text("utf-8").splitlines() for path in sorted(EXAMPLES.rglob("*.py"))]
    codes = ("PREP101", "PREP107", "PREP251", "PREP401", "E501")
    violations = []
    for number in range(20_000):
        lines = sources[number % len(sources)]
        path, line = f"src/package_{number // 200}/module_{number // 20}.py", number % len(lines) + 1
        message = f"something is wrong with value number {number}, and this says what"
        excerpt = excerpt_from(lines, line)
        violations.append(Violation(path, line, 4, codes[number % 5], message, excerpt))
    started = time.perf_counter()
    document = render(Report.of(violations, ["src"]))
    rendered = time.perf_counter()
    large = tmp_path / "large.html"
    large.write_text(document, "utf-8")
    print(f"{len(document.encode()):,} bytes in {rendered - started:.1f} s")

    started = time.perf_counter()
    page = open_page(path=large)
    page.wait_for_selector("#list > li:nth-child(100)")
    ready = time.perf_counter() - started
    print(f"ready in {ready:.2f} s")
    assert page.inner_text("#count") == "20,000 findings"
    assert ready < READY_SECONDS

    started = time.perf_counter()
    page.fill("#text", "number 1999,")
    page.locator("#count", has_text="1 of 20,000 findings").wait_for()
    print(f"filtered in {time.perf_counter() - started:.2f} s")
    page.click("button[type=reset]")
    page.click("#more")
    assert page.locator("#list > li").count() == 200
    assert page.evaluate("document.activeElement.matches('#list > li:nth-child(101) button')")
