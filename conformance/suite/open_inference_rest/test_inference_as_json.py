"""Inference with JSON tensors."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from support.tensors import EXTREMES, JSON_TYPES, array, assert_simple, json_input, model_of, parse, simple_request

INFER = "/v2/models/simple/infer"


def test_the_answer_is_right(rest):
    answer = rest.post(INFER, simple_request())
    header, outputs = parse(answer)
    assert_simple(outputs)
    assert header["model_name"] == "simple"
    assert header["model_version"] == "1"
    assert answer.headers["content-type"].startswith("application/json")
    assert "inference-header-content-length" not in answer.headers


def test_nothing_in_an_answer_is_null(rest):
    assert b"null" not in rest.post(INFER, simple_request()).body


@pytest.mark.parametrize("rows", [1, 2, 8])
def test_rows_up_to_the_largest_batch(rest, rows):
    assert_simple(parse(rest.post(INFER, simple_request(rows)))[1], rows)


def test_data_may_be_flat(rest):
    body = simple_request(2)
    for each in body["inputs"]:
        each["data"] = [value for row in each["data"] for value in row]
    assert_simple(parse(rest.post(INFER, body))[1], 2)


def test_a_request_without_content_type_is_json(rest):
    import json

    assert_simple(parse(rest.post(INFER, json.dumps(simple_request()).encode()))[1])


def test_keys_nobody_knows_are_passed_over(rest):
    assert_simple(parse(rest.post(INFER, simple_request(unknown={"a": [1, {}]})))[1])


def test_inputs_may_come_in_any_order(rest):
    body = simple_request()
    body["inputs"].reverse()
    assert_simple(parse(rest.post(INFER, body))[1])


def test_only_the_outputs_asked_for_come_back(rest):
    _, outputs = parse(rest.post(INFER, simple_request(outputs=[{"name": "OUTPUT1"}])))
    assert list(outputs) == ["OUTPUT1"]


def test_an_empty_list_of_outputs_means_all(rest):
    _, outputs = parse(rest.post(INFER, simple_request(outputs=[])))
    assert set(outputs) == {"OUTPUT0", "OUTPUT1"}


@pytest.mark.parametrize("identity", ["42", "", "grüße", "x" * 300, 'a "quoted" \\ one'])
def test_an_id_comes_back(rest, identity):
    header, _ = parse(rest.post(INFER, simple_request(id=identity)))
    assert header.get("id", "") == identity


def test_without_an_id_there_is_none(rest):
    header, _ = parse(rest.post(INFER, simple_request()))
    assert "id" not in header


@pytest.mark.parametrize("datatype", JSON_TYPES)
def test_every_datatype_keeps_its_extremes(rest, datatype):
    values = EXTREMES[datatype]
    data = [each.decode() for each in values] if datatype == "BYTES" else values
    body = {"inputs": [json_input("INPUT0", datatype, [1, len(values)], data)]}
    _, outputs = parse(rest.post(f"/v2/models/{model_of(datatype)}/infer", body))
    assert outputs["OUTPUT0"].datatype == datatype
    assert outputs["OUTPUT0"].shape == [1, len(values)]
    np.testing.assert_array_equal(outputs["OUTPUT0"].values, array(datatype, values))


@pytest.mark.parametrize("datatype", ["FP32", "FP64"])
def test_whole_numbers_are_floats_too(rest, datatype):
    body = {"inputs": [json_input("INPUT0", datatype, [1, 3], [1, -2, 1e3])]}
    _, outputs = parse(rest.post(f"/v2/models/{model_of(datatype)}/infer", body))
    np.testing.assert_array_equal(outputs["OUTPUT0"].values, [1.0, -2.0, 1000.0])


def test_random_floats_survive_json_to_the_last_bit(rest):
    values = np.random.default_rng(7).standard_normal(1000).astype(np.float32)
    body = {"inputs": [json_input("INPUT0", "FP32", [1, 1000], [float(each) for each in values])]}
    _, outputs = parse(rest.post("/v2/models/identity_fp32/infer", body))
    np.testing.assert_array_equal(outputs["OUTPUT0"].values, values)


def test_text_with_escapes_survives(rest):
    text = ["\\u0041", "tab\t", "\u0001", "\u2028", "/", "\U0001f40b", "</script>"]
    body = {"inputs": [json_input("INPUT0", "BYTES", [1, len(text)], text)]}
    _, outputs = parse(rest.post("/v2/models/simple_identity/infer", body))
    assert [each.decode() for each in outputs["OUTPUT0"].values] == text


def test_strings_are_added_as_numbers(rest):
    body = {
        "inputs": [
            json_input("INPUT0", "BYTES", [1, 16], [str(each) for each in range(16)]),
            json_input("INPUT1", "BYTES", [1, 16], ["1"] * 16),
        ]
    }
    _, outputs = parse(rest.post("/v2/models/simple_string/infer", body))
    assert [int(each) for each in outputs["OUTPUT0"].values] == list(range(1, 17))
    assert [int(each) for each in outputs["OUTPUT1"].values] == list(range(-1, 15))


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_travel_as_literals(rest, policy, literal):
    body = b'{"inputs":[{"name":"INPUT0","datatype":"FP32","shape":[1,2],"data":[%s,1]}]}' % literal.encode()
    answer = rest.post("/v2/models/identity_fp32/infer", body)
    assert answer.status in policy.status("nan-in-json"), str(answer)
    if answer.status == 200:
        _, outputs = parse(answer)
        came = outputs["OUTPUT0"].values[0]
        assert math.isnan(came) if literal == "NaN" else came == float(literal)


def test_a_tensor_may_have_no_elements(rest):
    body = {"inputs": [json_input("INPUT0", "FP32", [1, 0], [])]}
    _, outputs = parse(rest.post("/v2/models/identity_fp32/infer", body))
    assert outputs["OUTPUT0"].shape == [1, 0]
    assert len(outputs["OUTPUT0"].values) == 0


@pytest.mark.parametrize("shape", [[2, 3], [3, 2], [1, 6], [6, 1]])
def test_a_model_without_batching_takes_any_shape_that_fits(rest, shape):
    body = {"inputs": [json_input("INPUT0", "FP32", shape, [1, 2, 3, 4, 5, 6])]}
    _, outputs = parse(rest.post("/v2/models/matrix_fp32/infer", body))
    assert outputs["OUTPUT0"].shape == shape


@pytest.mark.parametrize(("path", "version"), [("", 3), ("/versions/1", 1), ("/versions/3", 3)])
def test_the_newest_version_answers_unless_one_is_named(rest, path, version):
    body = {"inputs": [json_input("x", "FP32", [2], [0, 10])]}
    header, outputs = parse(rest.post(f"/v2/models/versioned{path}/infer", body))
    assert header["model_version"] == str(version)
    np.testing.assert_array_equal(outputs["y"].values, [version, 10 + version])


def test_an_ensemble_passes_tensors_from_step_to_step(rest):
    header, outputs = parse(rest.post("/v2/models/ensemble/infer", simple_request(2)))
    np.testing.assert_array_equal(outputs["OUTPUT0"].values, np.arange(32) * 2)
    np.testing.assert_array_equal(outputs["OUTPUT1"].values, np.full(32, 2))
    assert header["model_name"] == "ensemble"


@pytest.mark.parametrize("parameters", [{"a": "text"}, {"b": 7}, {"c": True}, {"d": 1.5}, {}])
def test_parameters_nobody_knows_do_no_harm(rest, parameters):
    body = simple_request(parameters=parameters)
    body["inputs"][0]["parameters"] = parameters
    assert_simple(parse(rest.post(INFER, body))[1])


@pytest.mark.parametrize("parameters", [{"timeout": 10_000_000}, {"priority": 0}])
def test_timeout_and_priority_are_understood(rest, parameters):
    assert_simple(parse(rest.post(INFER, simple_request(parameters=parameters)))[1])


def test_callers_at_the_same_time_each_get_their_own_rows(rest):
    def ask(number):
        rows = number % 8 + 1
        values = [float(number * 100 + each) for each in range(rows * 3)]
        body = {"id": str(number), "inputs": [json_input("INPUT0", "FP32", [rows, 3], values)]}
        header, outputs = parse(rest.post("/v2/models/identity_fp32/infer", body))
        return header["id"] == str(number) and list(outputs["OUTPUT0"].values) == values

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(300)))
