"""What users can set."""

from __future__ import annotations

import argparse

import pytest

from flake8_prep.options import OPTIONS, Option, Settings, settings_from


def test_attribute_is_the_one_of_argparse() -> None:
    for option in OPTIONS:
        parser = argparse.ArgumentParser()
        parser.add_argument(option.flag, default=option.default)
        assert vars(parser.parse_args([])) == {option.attribute: option.default}


def test_each_option_is_declared_well() -> None:
    assert len({option.flag for option in OPTIONS}) == len(OPTIONS)
    for option in OPTIONS:
        assert option.flag.startswith("--prep-")
        assert option.help.endswith(".")
        assert not option.choices or option.default in option.choices


def test_option_takes_a_list_of_anything_unless_it_says_otherwise() -> None:
    option = Option("--prep-thing", "", "Help.")
    assert option.many
    assert option.choices == ()


# The setting that is an option of the pyflakes plugin, not one of ours.
FOREIGN = {"builtins"}


def test_problem_of_a_value() -> None:
    assert Option("--prep-thing", "", "Help.", many=False).problem("(") is None
    choice = Option("--prep-choice", "low", "Help.", many=False, choices=("low", "high"))
    assert choice.problem("high") is None
    assert choice.problem("fatal") == "it can be low, high"
    pattern = Option("--prep-pattern", "", "Help.", many=False, is_pattern=True)
    assert pattern.problem("[A-Z]+-[0-9]{1,5}") is None
    assert (
        pattern.problem("[A-Z") == "it is not a regular expression: unterminated character set at position 0"
    )


def test_defaults_have_no_problem() -> None:
    assert [option.flag for option in OPTIONS if not option.many and option.problem(option.default)] == []


def test_settings_are_those_of_the_options() -> None:
    wanted: dict[str, object] = {
        name: (f"a {name}", "b") if isinstance(default, tuple) else f"a {name}"
        for name, default in Settings()._asdict().items()
    }
    given = {
        name if name in FOREIGN else f"prep_{name}": list(value) if isinstance(value, tuple) else value
        for name, value in wanted.items()
    }
    assert settings_from(argparse.Namespace(**given))._asdict() == wanted


@pytest.mark.parametrize("foreign", [{}, {"builtins": None}])
def test_settings_where_pyflakes_is_absent_or_silent(foreign: dict[str, None]) -> None:
    defaults = {
        option.attribute: (
            [each for each in option.default.split(",") if each] if option.many else option.default
        )
        for option in OPTIONS
    }
    assert settings_from(argparse.Namespace(**defaults, **foreign)) == Settings()


def test_every_setting_has_an_option() -> None:
    settings = {f"prep_{name}" for name in Settings._fields if name not in FOREIGN}
    assert settings <= {option.attribute for option in OPTIONS}
