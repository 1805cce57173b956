"""Command lines that Windows programs read back as the arguments they were made of."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.rehearsal.winrm.command_line import split_command_line
from engine.transport.quoting import check_program, command_line, quote, quote_property
from engine.transport.refusals import UnsafeArgument

ARGUMENTS = st.text(st.sampled_from('ab \t"\\=/-&|<>^ü'), max_size=12)


def _is_safe(argument: str) -> bool:
    return not ('"' in argument and set("&|<>^") & set(argument))


@given(st.lists(ARGUMENTS.filter(_is_safe), max_size=6))
def test_every_argument_is_read_back(arguments: list[str]) -> None:
    assert split_command_line(command_line(arguments)) == arguments


@given(ARGUMENTS)
def test_what_cmd_acts_on_stands_inside_quotes_or_is_refused(argument: str) -> None:
    assume(set("&|<>^") & set(argument))
    try:
        quoted = quote(argument)
    except UnsafeArgument:
        assert '"' in argument
        return
    assert quoted.startswith('"')
    assert '"' not in quoted[1:-1]


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("plain", "plain"),
        ("", '""'),
        ("two words", '"two words"'),
        ('say "hi"', r'"say \"hi\""'),
        ("end\\", "end\\"),
        ("two words\\", r'"two words\\"'),
        (r"a\"b", r'"a\\\"b"'),
    ],
)
def test_known_cases(argument: str, expected: str) -> None:
    assert quote(argument) == expected


@pytest.mark.parametrize("argument", ["%PATH%", "100%", "a\nb", "a\rb", "a\0b", '"|calc', 'x" & y'])
def test_what_cannot_be_passed_with_certainty_is_refused(argument: str) -> None:
    with pytest.raises(UnsafeArgument):
        quote(argument)
    with pytest.raises(UnsafeArgument):
        quote_property(f"NAME={argument}")


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("/qn", "/qn"),
        ("INSTALLDIR=C:\\X", "INSTALLDIR=C:\\X"),
        ("NAME=two words", 'NAME="two words"'),
        ('NAME=say "hi"', 'NAME="say ""hi"""'),
        ("NAME=a&b", 'NAME="a&b"'),
        ("NAME=", "NAME="),
        (r"C:\a b\x.msi", r'"C:\a b\x.msi"'),
        ("two words=x y", '"two words=x y"'),
    ],
)
def test_msiexec_s_properties_have_only_their_value_in_quotes(argument: str, expected: str) -> None:
    assert quote_property(argument) == expected


@pytest.mark.parametrize("path", ['C:\\a"b.exe', "C:\\a&b.exe", "C:\\%TEMP%\\x.exe"])
def test_a_program_s_path_holds_nothing_special(path: str) -> None:
    with pytest.raises(UnsafeArgument):
        check_program(path)
