"""The one place that touches flake8's internals, of the versions 6 and 7.

flake8 has no way for a plugin to check files that are not Python, to use codes of more than three letters, or
to skip work that nobody asked for. What it takes instead is here.
"""

from __future__ import annotations

import argparse
import ast
import fnmatch
import functools
import logging
import os
import re
from collections.abc import Callable, Iterator
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flake8 import checker, exceptions, style_guide
from flake8.options import config
from flake8.options.manager import OptionManager
from flake8.violation import Violation

from flake8_prep import failure
from flake8_prep.collecting import not_collecting
from flake8_prep.failure import described, not_checked
from flake8_prep.file_comments import mentions_flake8
from flake8_prep.finding import Finding
from flake8_prep.house import entry_points
from flake8_prep.options import OPTIONS, settings_from
from flake8_prep.rule import Severity
from flake8_prep.selection import PREFIX, Selection
from flake8_prep.session import Session

if TYPE_CHECKING:
    from flake8_prep.baseline.known import Baseline

# The names that TypeScript files have. Such a file is never read as Python, whatever the options say.
_TYPESCRIPT_SUFFIXES = (".ts", ".tsx", ".mts", ".cts")

_SESSION = "_prep_session"

_Results = tuple[str, list[tuple[str, int, int, str, str | None]], dict[str, int]]


def accept_codes() -> None:
    """Let the `ignore` and `extend-ignore` options of config files take codes of more than three letters.

    flake8 refuses them there, though it takes them everywhere else. Where a later version has no such
    pattern, the option `prep-ignore` still does what `ignore` does.
    """
    pattern = getattr(config, "VALID_CODE_PREFIX", None)
    if isinstance(pattern, re.Pattern):
        for prefix in _prefixes():
            if not pattern.match(f"{prefix}000"):
                pattern = re.compile(rf"{pattern.pattern}|^{prefix}[0-9]{{0,3}}$", pattern.flags)
        setattr(config, "VALID_CODE_PREFIX", pattern)  # noqa: B010 - the stubs leave it out


def take_for_path(manager: OptionManager, name: str) -> None:
    """Let flake8 take the option called `name`, as in a config file, for a path from where the file is.

    It does so by itself only where there is a slash in it.
    """
    option: Any = manager.config_options_dict[name]
    normalize = option.normalize
    option.normalize = lambda value, folder: value and normalize(os.path.join(".", value), folder)


def prepare(options: argparse.Namespace) -> None:
    """Add our part to flake8's parsed `options`, and put ourselves between flake8 and the files.

    Raises:
        flake8.exceptions.ExecutionError: the value of an option is none that it can have, or the baseline
            cannot be read.
    """
    for option in OPTIONS:
        value = getattr(options, option.attribute)
        problem = None if option.many else option.problem(value)
        if problem is not None:
            raise exceptions.ExecutionError(f"{option.flag.removeprefix('--')} is {value!r}; {problem}")
    options.extend_ignore = [*(options.extend_ignore or ()), *options.prep_ignore]
    if _passes_failures_in_silence(options):
        options.extend_select = [*(options.extend_select or ()), failure.CODE]
    if options.prep_typescript and session_of(options).checks_typescript:
        options.filename = [*options.filename, *options.prep_typescript]
        options.extend_exclude = [*(options.extend_exclude or ()), "node_modules"]
    # The API in flake8.api.legacy changes options after they were parsed.
    setattr(options, _SESSION, None)
    # Now, and not in the midst of the run, it is said that a baseline cannot be read.
    _read_baseline.cache_clear()
    _baseline_of(options)
    _stand_between()


def session_of(options: argparse.Namespace) -> Session:
    """Return the session of the run that has these `options`; it is made when it is first asked for."""
    session: Session | None = getattr(options, _SESSION, None)
    if session is None:
        selection = Selection(
            admits=_admits(options),
            named=(*options.prep_enable, *(options.select or ()), *(options.extend_select or ())),
            minimum=Severity[options.prep_min_severity.upper()],
        )
        session = Session(selection, settings_from(options))
        setattr(options, _SESSION, session)
    return session


def _admits(options: argparse.Namespace) -> Callable[[str], bool]:
    engine = style_guide.DecisionEngine(options)
    return lambda code: engine.decision_for(code) is style_guide.Decision.Selected


def _prefixes() -> tuple[str, ...]:
    return PREFIX, *entry_points.prefixes()


def _passes_failures_in_silence(options: argparse.Namespace) -> bool:
    """Say whether some of our rules are selected by name, and so without PREP000, which nobody ignores.

    A file that one of them cannot check would look like one that is clean.
    """
    selected = (*(options.select or ()), *(options.extend_select or ()))
    unreported = (*selected, *(options.ignore or ()), *options.extend_ignore)
    return (
        bool(options.select)
        and not failure.CODE.startswith(unreported)
        and any(code.startswith(ours) or ours.startswith(code) for code in selected for ours in _prefixes())
    )


def _only_ours(file: Any) -> bool:
    """Say whether no code but ours can be reported, and nobody asked how the rest of flake8 works."""
    options = file.options
    selected = [*(options.select or ()), *(options.extend_select or ())]
    # Names of plugins have three letters at the most: `ACM` may be a plugin's, and house rules be `ACME`.
    shared = {code[:3] for code in selected if not code.startswith(PREFIX)}
    return (
        bool(options.select)
        and all(code.startswith(_prefixes()) for code in selected)
        and not any(plugin.entry_name[:3] in shared for plugin in chain.from_iterable(file.plugins))
        and not options.benchmark
        and not logging.getLogger("flake8").isEnabledFor(logging.INFO)  # `-v`, which is not in the options
    )


def _is_to_be_checked(path: str, options: argparse.Namespace) -> bool:
    return any(fnmatch.fnmatch(path, pattern) for pattern in options.prep_typescript)


def _stand_between() -> None:
    """Wrap what reads and checks a file, on the class that other plugins inherit theirs from, and report."""
    mro = reversed(checker.FileChecker.__mro__)
    base: Any = next(class_ for class_ in mro if class_.__module__ == checker.__name__)
    original, original_report = base.run_checks, checker.Manager.report
    make_processor = base._make_processor
    if getattr(original, "is_of_flake8_prep", False):
        return

    @functools.wraps(make_processor)
    def make_processor_of_file(self: Any) -> Any:
        try:
            if not _is_pipe(self.filename):
                processor = make_processor(self)
                _look_for_file_comments_rarely(processor)
                return processor
            problem = "OSError: it is a named pipe"
        except UnicodeError as error:  # standard input, which flake8 tries in fewer encodings than files
            problem = described(error)
        # With a line, though an empty one: flake8 would look for it in the pipe.
        self.results.append(("E902", 0, 0, problem, ""))
        return None

    @functools.wraps(original)
    def run_checks(self: Any) -> _Results:
        if self.processor is None and self.filename == "-":
            self.display_name = self.options.stdin_display_name
        with not_collecting():
            if _is_to_be_checked(self.display_name, self.options):
                results = _check_typescript(self)
            elif self.display_name.endswith(_TYPESCRIPT_SUFFIXES):
                self.results.clear()
                results = self.display_name, self.results, self.statistics
            else:
                results = _check_python(self, original)
            if self.options.prep_baseline:
                _hide_known(self)
            _leave(self.processor)
        return results

    @functools.wraps(original_report)
    def report(self: Any) -> tuple[int, int]:
        for problem in dict.fromkeys((*_take_problems(self.results), *session_of(self.options).problems)):
            _report_once(self, problem)
        return original_report(self)

    run_checks.is_of_flake8_prep = True  # type: ignore[attr-defined]
    base._make_processor = make_processor_of_file
    base.run_checks = run_checks
    checker.Manager.report = report  # type: ignore[method-assign]


def _look_for_file_comments_rarely(processor: Any) -> None:
    """Keep flake8 from trying two patterns on every line of a file that does not even mention it."""
    if processor is not None:
        ask = processor.should_ignore_file
        processor.should_ignore_file = lambda: mentions_flake8(processor.lines) and ask()


def _leave(processor: Any) -> None:
    """Take back what we put into a file's processor, as it holds the processor, and that the whole tree.

    Together they would be garbage in a cycle, which takes the collector longer than the rules.
    """
    if processor is not None:
        for name in ("build_ast", "noqa_line_for", "should_ignore_file"):
            vars(processor).pop(name, None)


def _is_pipe(path: str) -> bool:
    """Say whether reading a file may never end; what a shell makes of a command's output has no suffix."""
    return os.path.splitext(path)[1] != "" and Path(path).is_fifo()


def _take_problems(results_of_files: list[_Results]) -> Iterator[str]:
    """Take out of the results, and yield, what every file says about modules of rules that are broken.

    Only the processes that check files know it, and each of them knows of others.
    """
    for _, results, _ in results_of_files:
        for result in list(results):
            if result[0] == failure.CODE and result[3].startswith(failure.NOT_LOADED):
                results.remove(result)
                yield result[3]


def _report_once(manager: Any, problem: str) -> None:
    """Report at the first file that may have it what is about no file: flake8 has no other place for it."""
    for filename, results, _ in sorted(manager.results, key=itemgetter(0)):
        guide = manager.style_guide.style_guide_for(filename)
        if guide.should_report_error(failure.CODE) is style_guide.Decision.Selected:
            # A comment on the file's first line has nothing to do with it.
            results.append((failure.CODE, 1, 0, problem, ""))
            return


def _hide_known(file: Any) -> None:
    """Take out of a file's results what is in the baseline; the lines of the file are at hand only here."""
    baseline = _baseline_of(file.options)
    if baseline is not None and file.processor is not None:

        def is_suppressed(result: tuple[str, int, int, str, str | None]) -> bool:
            code, line, column, text, physical_line = result
            found = Violation(code, file.display_name, line, column, text, physical_line)
            return found.is_inline_ignored(file.options.disable_noqa)

        lines = file.processor.lines
        file.results[:] = baseline.unknown(file.display_name, file.results, lines, is_suppressed)


def _baseline_of(options: argparse.Namespace) -> Baseline | None:
    # The run that writes a new one writes all that is there.
    if not options.prep_baseline or options.format == "prep-baseline":
        return None
    return _read_baseline(options.prep_baseline)


@functools.lru_cache(maxsize=1)
def _read_baseline(path: str) -> Baseline:
    from flake8_prep.baseline import known
    from flake8_prep.refusal import Refusal

    try:
        return known.read(path)
    except Refusal as refusal:
        raise exceptions.ExecutionError(str(refusal)) from refusal


def _check_python(file: Any, original: Callable[[Any], _Results]) -> _Results:
    """Check a Python file in flake8's way, and say where that was not possible if flake8 does not."""
    parsed = False
    if file.processor is not None:
        only_ours = _only_ours(file)
        build_ast = file.processor.build_ast

        def parse() -> Any:
            nonlocal parsed
            try:
                tree = build_ast()
            # All of these would end flake8's whole run.
            except (MemoryError, RecursionError) as error:
                _take_lines_as_they_are(file.processor)
                kind = type(error).__name__
                raise SyntaxError(f"too large or too deeply nested to parse ({kind})") from error
            except ValueError as error:
                raise SyntaxError(str(error)) from error
            parsed = True
            if only_ours:
                _find_lines_without_tokens(file.processor, tree)
            return tree

        file.processor.build_ast = parse
        if only_ours:
            file.plugins = file.plugins._replace(
                tree=[plugin for plugin in file.plugins.tree if plugin.entry_name == PREFIX[:3]],
                logical_line=[],
                physical_line=[],
            )
            file.process_tokens = lambda: None
    results = original(file)
    admits = session_of(file.options).selection.admits
    if not parsed:
        for code, line, column, text, physical_line in list(file.results):
            if code in {"E902", "E999"} and not admits(code):
                problem = not_checked(text, line, column)
                file.results.append((problem.code, line, column, problem.message, physical_line))
    return results


def _find_lines_without_tokens(processor: Any, tree: ast.Module) -> None:
    """Let flake8 find the line of a finding, where comments and formatters look at it, without its tokens.

    It tokenizes the whole file for that, which takes longer than all else on the fast path. Only lines that
    share a token or a backslash with others are left to it.
    """
    find, lines = processor.noqa_line_for, processor.lines

    @functools.cache
    def joined() -> set[int]:
        from flake8_prep.python.physical_lines import joined_lines

        return joined_lines(tree, lines)

    def noqa_line_for(number: int) -> Any:
        return lines[number - 1] if 0 < number <= len(lines) and number not in joined() else find(number)

    processor.noqa_line_for = noqa_line_for


def _take_lines_as_they_are(processor: Any) -> None:
    """Keep flake8 from tokenizing a file as Python to find the lines that belong together.

    With a long line, some versions of Python take minutes for that.
    """
    lines = processor.lines
    processor.noqa_line_for = lambda number: lines[number - 1] if number <= len(lines) else None


def _check_typescript(file: Any) -> _Results:
    """Check a TypeScript file; no other plugin gets to see it."""
    if file.processor is None:
        problems = [(not_checked(text), line) for code, _, _, text, line in file.results if code == "E902"]
        file.results[:] = [(each.code, *each[:2], each.message, line) for each, line in problems]
        return file.display_name, file.results, file.statistics
    _take_lines_as_they_are(file.processor)
    lines = file.processor.lines
    from flake8_prep.typescript.suppression import is_suppressed, suppresses_all

    noqa = not file.options.disable_noqa
    if file.should_process and not (noqa and suppresses_all(lines)):
        for finding in session_of(file.options).check_typescript(lines, file.display_name):
            if not (noqa and is_suppressed(finding, lines)):
                _report(file, finding)
    return file.display_name, file.results, file.statistics


def _report(file: Any, finding: Finding) -> None:
    file.report(finding.code, finding.line, finding.column, finding.message)
