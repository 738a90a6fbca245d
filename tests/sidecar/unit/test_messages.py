"""Messages: numbers are what JSON Schema takes them for."""

import json

import jsonschema
import pytest

from rag_ask.errors import BadRequest
from rag_ask.messages import Delete, parse


@pytest.mark.parametrize("text", ["1", "1.0", "1e3", "0", "-1.0", "1.5", "true", '"1"', "null", "Infinity", "NaN"])
def test_an_integer_is_what_json_schema_takes_for_one(text):
    version = json.loads(text)
    schema = {"type": "integer", "minimum": 1}
    assert is_taken(version) == jsonschema.Draft202012Validator(schema).is_valid(version)


def is_taken(version):
    try:
        taken = parse({"op": "delete", "id": 1, "version": version}, Delete)
    except BadRequest:
        return False
    return type(taken.version) is int and taken.version == version


def test_a_float_too_large_to_be_exact_is_refused():
    assert is_taken(2.0**53)
    assert not is_taken(2.0**53 + 2)
