"""Triton's generate extension: keys of a JSON object are inputs, outputs are keys of another, and a stream has events."""

import json

import pytest

SIMPLE = {"INPUT0": list(range(16)), "INPUT1": [1] * 16}
SUM = list(range(1, 17))
BOTH = ["generate", "generate_stream"]


def generate(rest, model, body, kind="generate"):
    return rest.post(f"/v2/models/{model}/{kind}", body)


def said(rest, model, body):
    answer = generate(rest, model, body)
    assert answer.status == 200, str(answer)
    assert answer.headers["content-type"].split(";")[0] == "application/json"
    return answer.json()


def events(answer):
    assert answer.status == 200, str(answer)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    *parts, end = answer.body.decode().split("\n\n")
    assert end == "", "the last event ends with an empty line too"
    assert all(each.startswith("data: ") for each in parts), str(answer)
    return [json.loads(each.removeprefix("data: ")) for each in parts]


def test_outputs_are_keys(rest):
    came = said(rest, "simple", SIMPLE)
    assert came["OUTPUT0"] == SUM
    assert came["model_name"] == "simple"
    assert came["model_version"] == "1"
    assert "id" not in came


def test_a_named_version(rest):
    answer = rest.post("/v2/models/simple/versions/1/generate", SIMPLE)
    assert answer.json()["OUTPUT0"] == SUM


def test_rows_are_counted_by_the_fixed_dimensions(rest):
    twice = {name: values * 2 for name, values in SIMPLE.items()}
    assert said(rest, "simple", twice)["OUTPUT0"] == SUM * 2


@pytest.mark.parametrize(
    "model,value",
    [("plain_int32", 7), ("plain_bytes", "grüße"), ("identity_bool", True), ("identity_fp32", 0.5)],
)
def test_one_element_is_a_value_on_both_ways(rest, model, value):
    assert said(rest, model, {"INPUT0": value})["OUTPUT0"] == value
    assert said(rest, model, {"INPUT0": [value]})["OUTPUT0"] == value


def test_the_innermost_open_dimension_takes_them_all(rest):
    assert said(rest, "plain_int32", {"INPUT0": [1, 2, 3]})["OUTPUT0"] == [1, 2, 3]


def test_the_id_comes_back(rest):
    assert said(rest, "plain_int32", {"id": "a-7", "INPUT0": 1})["id"] == "a-7"
    assert "id" not in said(rest, "plain_int32", {"id": "", "INPUT0": 1})


def test_other_keys_are_parameters(rest):
    body = {"INPUT0": 1, "temperature": 0.5, "stream": False, "parameters": {"top": 3, "word": "x"}}
    assert said(rest, "plain_int32", body)["OUTPUT0"] == 1


def test_inputs_may_stand_among_the_parameters(rest):
    assert said(rest, "plain_int32", {"parameters": {"INPUT0": 1}})["OUTPUT0"] == 1


def test_a_model_with_one_answer_has_one_event(rest):
    (event,) = events(generate(rest, "simple", SIMPLE | {"id": "7"}, "generate_stream"))
    assert event["OUTPUT0"] == SUM
    assert event["id"] == "7"


@pytest.mark.parametrize("kind", BOTH)
def test_an_unknown_model(rest, policy, kind):
    policy.check(generate(rest, "nobody", SIMPLE, kind), "unknown-model")


@pytest.mark.parametrize("kind", BOTH)
def test_another_method(rest, policy, kind):
    answer = rest.get(f"/v2/models/simple/{kind}")
    assert answer.status == 405


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("body", [{}, {"INPUT0": [1] * 16}, {"other": 1}], ids=["empty", "one", "none"])
def test_a_missing_input(rest, policy, kind, body):
    policy.check(generate(rest, "simple", body, kind), "generate-missing-input")


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("count", [1, 15, 17])
def test_values_that_do_not_fill_the_shape(rest, policy, kind, count):
    body = SIMPLE | {"INPUT0": [1] * count}
    policy.check(generate(rest, "simple", body, kind), "generate-misfit")


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("value", ["1", {"a": 1}, True])
def test_a_value_of_another_type(rest, policy, kind, value):
    policy.check(generate(rest, "plain_int32", {"INPUT0": value}, kind), "generate-wrong-type")


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("value", [{"a": 1}, [1], None], ids=["object", "list", "null"])
def test_a_parameter_that_is_no_value(rest, policy, kind, value):
    policy.check(generate(rest, "plain_int32", {"INPUT0": 1, "extra": value}, kind), "generate-odd-parameter")


@pytest.mark.parametrize("kind", BOTH)
def test_parameters_that_are_no_object(rest, policy, kind):
    policy.check(generate(rest, "plain_int32", {"INPUT0": 1, "parameters": 1}, kind), "generate-parameters-not-object")


@pytest.mark.parametrize("kind", BOTH)
def test_an_input_twice(rest, policy, kind):
    body = {"INPUT0": 1, "parameters": {"INPUT0": 2}}
    policy.check(generate(rest, "plain_int32", body, kind), "generate-input-twice")


@pytest.mark.parametrize("kind", BOTH)
def test_a_body_that_is_not_json(rest, policy, kind):
    policy.check(generate(rest, "simple", b"{nonsense", kind), "malformed-json")
