"""The forms that Prefect's pages make of the flows' parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import validate

from flows.census import census_library
from flows.sweep import sweep_cache

if TYPE_CHECKING:
    from collections.abc import Iterator

_ITEMS = {"string", "integer", "number", "boolean", "array"}


def _fields() -> Iterator[tuple[str, dict[str, Any]]]:
    for flow in (census_library, sweep_cache):
        for model in parameter_schema(flow).definitions.values():
            yield from model["properties"].items()


_FIELDS = list(_fields())


@pytest.mark.parametrize(("name", "field"), _FIELDS, ids=[name for name, _ in _FIELDS])
def test_a_field_is_explained_and_bounded(name: str, field: dict[str, Any]) -> None:
    """Each has a title and a description as sentences, one kind of value, bounds, and a default."""
    assert field["title"][0].isupper()
    assert field["title"] != name.replace("_", " ").title() or name == "catalog"
    assert field["description"].endswith(".")
    assert field["type"] in _ITEMS
    if field["type"] in {"integer", "number"}:
        assert {"minimum", "exclusiveMinimum"} & set(field)
        assert "maximum" in field
    assert "default" in field or "Default: " in field["description"] or name == "roots"


def test_no_field_is_a_box_for_what_only_programs_write() -> None:
    """No paths, durations or objects, for which the pages have nothing but a box for text."""
    fields = [field for _, field in _FIELDS]
    assert {field.get("format") for field in fields} == {None}
    assert {field["items"]["type"] for field in fields if field["type"] == "array"} == {"string"}


def test_choices_are_lists_to_choose_from() -> None:
    """What can only be one of some words is offered as these."""
    assert dict(_FIELDS)["lookup"]["enum"] == ["cached", "refresh", "offline"]


def test_nothing_can_be_given_for_what_may_stay_empty() -> None:
    """Prefect takes null, as stored runs and other programs give it, where the form has a plain box."""
    empty = dict.fromkeys(name for name, field in _FIELDS if "default" not in field)
    given = {"parameters": empty | {"roots": ["/media"]}}
    assert len(empty) > 5
    validate(given, parameter_schema(census_library).model_dump(), raise_on_error=True)


@pytest.mark.parametrize("flow", [census_library, sweep_cache], ids=lambda each: str(each.name))
def test_the_whole_form_is_explained(flow: Any) -> None:
    """The one parameter of a flow, in which all others stand, says what it is for."""
    [(name, field)] = parameter_schema(flow).properties.items()
    assert name == "parameters"
    assert field["description"][0].isupper()
