"""Templates that would take long or give much are refused, by counting what they look at."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, nodes
from jinja2.visitor import NodeVisitor

from engine.manifest.budget import BUDGET, WORK, Budget, OverBudget, charged
from engine.manifest.templates import FILE_CHARACTERS, Context, TemplateProblem, Templates, Value

LONG = "x" * 60_000
MANY = ("x",) * 50_000
CONTEXT: Context = {"vars": {"many": MANY, "long": LONG, "few": ("a", "b"), "text": "t", "big": "9" * 5_000}}
TOO_MUCH = "the template takes too much work"


def told(source: str) -> str:
    with pytest.raises(TemplateProblem) as caught:
        Templates().render_value(source, CONTEXT)
    return caught.value.message


def loop(over: str, inner: str, name: str = "a") -> str:
    return f"{{% for {name} in {over} %}}{inner}{{% endfor %}}"


@pytest.mark.parametrize(
    "source",
    [
        loop("vars.many", loop("vars.many", "", "b")),  # 2.5 milliard turns without any output
        loop("vars.many", loop("vars.many | list", "{{ '' }}", "b")),
        loop("vars.many", "{% if 'y' in vars.many %}{% endif %}"),
        loop("vars.many", "{% if vars.many == vars.many %}{% endif %}"),
        loop("vars.many", "{% if vars.many | sort | first == 'y' %}{% endif %}"),
        loop("vars.many", "{% if vars.many | unique | join == 'y' %}{% endif %}"),
        loop("vars.many", "{% if vars.long | upper == 'y' %}{% endif %}"),
        loop("vars.many", "{% if vars | tojson == 'y' %}{% endif %}{{ '' if vars.long is string }}"),
        loop("vars.many", f"{{% if a == '{LONG[:5_000]}' %}}{{% endif %}}"),
        loop("vars.long", loop("vars.long | list", "", "b")),
        "{{ vars.many | join(vars.long) }}",  # three milliard characters
        "{{ vars.many | join(vars.long) | length }}",
        "{% if vars.many | join(vars.long) %}{% endif %}",
        "{{ [1, 2, 3] | join('"
        + "y" * 40_000
        + "') ~ vars.long ~ ("
        + " ~ ".join(["vars.long"] * 40)
        + ") }}",
        "{{ ([" + "vars.long, " * 60 + "]) | length }}",
        "{{ vars.text" + " | tojson" * 40 + " | length }}",  # each doubles what the one before escaped
        "{{ vars.text" + " | list | string" * 20 + " | length }}",
        "{{ [vars.text]" + " | string | list" * 20 + " | length }}",
        loop("vars.many", "{% if [vars] == [vars] %}{% endif %}"),  # all that a value holds counts
        "{% if " + " ~ ".join(["(vars.long ~ vars.long)"] * 12) + " %}{% endif %}",
        "{{ [" + "1," * 2_000 + "] | join('" + "y" * 50_000 + "') }}",
    ],
)
def test_work_is_bounded(source: str) -> None:
    assert told(source) == TOO_MUCH


@pytest.mark.parametrize(
    "source",
    [
        "{{ vars.long ~ vars.long }}",
        "{{ vars.long + vars.long }}",
        loop("vars.few", "{{ vars.long }}"),
        "{{ vars.many | join(', ') }}",
    ],
)
def test_what_a_value_holds_is_bounded(source: str) -> None:
    assert told(source) == "the template gives more than 65,536 characters"


@pytest.mark.parametrize(
    "source",
    [
        "{{ vars.text }}" * 3_000,
        "{{ [" + "1, " * 10_000 + "] | length }}",
        "{{ vars.text" + " ~ vars.text" * 5_000 + " }}",
        "{% if vars.text %}" + "{% elif vars.text %}" * 3_000 + "{% endif %}",
    ],
)
def test_what_reading_a_template_costs_is_bounded(source: str) -> None:
    assert told(source) == "the template is too long"


@pytest.mark.parametrize("number", ["1" * 5_000, "1e999", "1e999 - 1e999"])
@pytest.mark.parametrize("source", ["{{ %s }}", "{{ (%s) | int }}", "x{%% if %s %%}{%% endif %%}"])
def test_numbers_out_of_all_proportion_are_refused(number: str, source: str) -> None:
    assert re.fullmatch("a number in the template is too (long|big)", told(source % number))


def test_a_text_of_many_digits_is_no_number() -> None:
    assert Templates().render_value("{{ vars.big | int }}", CONTEXT) == 0


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{% for a in vars.none | default([]) %}{% else %}none{% endfor %}", "none"),
        (loop("(vars.few if vars.text else [])", "{{ a }}"), "ab"),
        ("{{ vars.few | join('-') }}", "a-b"),
        ("{{ vars.few | join }}", "ab"),
        ("{{ [1, true, 'x'] | join(', ') }}", "1, True, x"),
        ("{{ vars['few'][1] }}", "b"),
        ("{{ vars.few | last | upper }}", "B"),
        ("{{ vars.many | length }}", len(MANY)),
        ("{{ vars.long }}", LONG),
    ],
)
def test_what_is_charged_stays_what_it_is(source: str, value: Value) -> None:
    assert Templates().render_value(source, CONTEXT) == value


def test_each_rendering_has_a_budget_of_its_own() -> None:
    templates, source = Templates(), loop("vars.many", "{% if a == 'y' %}{% endif %}")
    for _ in range(WORK // len(MANY) + 2):
        assert templates.render_value(source, CONTEXT) == ""


def test_a_file_may_be_as_long_as_files_are() -> None:
    line = "a line of some length with {{ vars.text }} in it\n"
    text = Templates().render_file(loop("vars.few", line) + "y" * (FILE_CHARACTERS - 200), CONTEXT)
    assert len(text) > FILE_CHARACTERS - 200


@given(st.lists(st.integers(0, WORK), max_size=20))
def test_a_budget_ends_when_all_of_it_is_spent(units: list[int]) -> None:
    budget, spent = Budget(), 0
    for each in units:
        spent += each
        if spent > WORK:
            with pytest.raises(OverBudget):
                budget.spend(each)
            return
        budget.spend(each)


class _Uncharged(NodeVisitor):
    """Finds what is looked at without being charged."""

    def __init__(self) -> None:
        self.found: list[nodes.Node] = []

    def visit_Filter(self, node: nodes.Filter) -> None:  # noqa: N802 - named by Jinja's visitor
        if node.name == " weighed":
            return
        self.generic_visit(node)

    def visit_Name(self, node: nodes.Name) -> None:  # noqa: N802 - named by Jinja's visitor
        if node.ctx == "load":
            self.found.append(node)

    def visit_For(self, node: nodes.For) -> None:  # noqa: N802 - named by Jinja's visitor
        if not isinstance(node.iter, nodes.Filter) or node.iter.name != " counted":
            self.found.append(node)
        self.generic_visit(node)


EXPRESSIONS = st.recursive(
    st.sampled_from(["vars.text", "vars", "host['name']", "vars[host.name]", "'x'", "1", "[vars, 1]"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" ~ ", " + ", " == ", " in ", " and ", " or "]), inner).map(
            "".join
        ),
        st.tuples(inner, st.sampled_from([" | upper", " | join(vars.text)", " is defined"])).map(
            lambda two: f"({two[0]}{two[1]})"
        ),
        inner.map(lambda one: f"({one})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} if {two[1]} else vars.few)"),
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(EXPRESSIONS, EXPRESSIONS)
def test_nothing_is_looked_at_for_nothing(one: str, two: str) -> None:
    source = f"{{% for a in ({one}) %}}{{% if a in ({two}) %}}{{{{ {two} }}}}{{% endif %}}{{% endfor %}}"
    visitor = _Uncharged()
    visitor.visit(charged(Environment(autoescape=True).parse(source)))
    assert visitor.found == []


def test_no_template_can_name_the_budget() -> None:
    for source in ["{{ ' budget' }}", "{{ vars[' budget'] }}", "{{ vars | weighed }}", "{{ budget }}"]:
        try:
            value = Templates().render_value(source, CONTEXT)
        except TemplateProblem:
            continue
        assert value == BUDGET  # the text itself
