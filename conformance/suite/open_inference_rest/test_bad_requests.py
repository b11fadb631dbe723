"""What a client may get wrong, and that it is told so: 4xx, {"error": ...}, and the server lives on."""

import copy
import json

import pytest
from support.tensors import assert_simple, json_input, parse, simple_request

INFER = "/v2/models/simple/infer"


@pytest.fixture(autouse=True)
def the_server_lives_on(rest):
    yield
    assert rest.get("/v2/health/live").status == 200
    assert_simple(parse(rest.post(INFER, simple_request()))[1])


def test_inference_with_an_unknown_model(rest, policy):
    policy.check(rest.post("/v2/models/nobody/infer", simple_request()), "unknown-model")


def test_inference_with_an_unknown_version(rest, policy):
    body = {"inputs": [json_input("x", "FP32", [1], [1])]}
    policy.check(rest.post("/v2/models/versioned/versions/2/infer", body), "unknown-version")


MALFORMED = ['{"inputs": [', "{'inputs': []}", "nonsense", '{"inputs": [],}', "\x00\x01\x02", '{"id": "\\ud800', "\xff"]


@pytest.mark.parametrize("text", MALFORMED)
def test_a_body_that_is_not_json(rest, policy, text):
    policy.check(rest.post(INFER, text.encode("latin-1")), "malformed-json")


@pytest.mark.parametrize("garbage", ["}", " x", "{}", "\x00"])
def test_garbage_after_the_json(rest, policy, garbage):
    policy.check(rest.post(INFER, (json.dumps(simple_request()) + garbage).encode()), "trailing-garbage")


@pytest.mark.parametrize("body", ["[]", "1", '"text"', "null", "true"])
def test_json_that_is_no_object(rest, policy, body):
    policy.check(rest.post(INFER, body.encode()), "not-an-object")


def test_an_empty_body(rest, policy):
    policy.check(rest.post(INFER, b""), "empty-body")


@pytest.mark.parametrize("form", ["objects", "lists", "data"])
def test_brackets_without_end(rest, policy, form):
    deep = 100_000
    if form == "objects":
        body = '{"a":' * deep + "1" + "}" * deep
    elif form == "lists":
        body = '{"x":' + "[" * deep + "]" * deep + "}"
    else:
        body = json.dumps(simple_request()).replace("[[0,", "[" * deep + "[[0,", 1)
    policy.check(rest.post(INFER, body.encode()), "deep-nesting")


def test_no_inputs_in_the_list(rest, policy):
    policy.check(rest.post(INFER, {"inputs": []}), "empty-inputs")


@pytest.mark.parametrize("body", [{}, {"inputs": {}}, {"inputs": "INPUT0"}, {"inputs": None}, {"inputs": [1]}])
def test_no_list_of_inputs(rest, policy, body):
    policy.check(rest.post(INFER, body), "no-inputs")


def test_an_input_is_missing(rest, policy):
    body = simple_request()
    del body["inputs"][1]
    policy.check(rest.post(INFER, body), "missing-input")


def test_an_input_too_many(rest, policy):
    body = simple_request()
    body["inputs"].append(json_input("INPUT2", "INT32", [1, 16], [0] * 16))
    policy.check(rest.post(INFER, body), "unknown-input")


def test_an_input_under_another_name(rest, policy):
    body = simple_request()
    body["inputs"][0]["name"] = "input0"
    policy.check(rest.post(INFER, body), "unknown-input")


def test_an_input_twice(rest, policy):
    body = simple_request()
    body["inputs"].append(copy.deepcopy(body["inputs"][0]))
    policy.check(rest.post(INFER, body), "duplicate-input")


def test_an_output_the_model_has_not(rest, policy):
    policy.check(rest.post(INFER, simple_request(outputs=[{"name": "OUTPUT2"}])), "unknown-output")


def test_an_output_twice(rest, policy):
    body = simple_request(outputs=[{"name": "OUTPUT0"}, {"name": "OUTPUT0"}])
    policy.check(rest.post(INFER, body), "duplicate-output")


@pytest.mark.parametrize("outputs", [{}, "OUTPUT0", ["OUTPUT0"], [{}], [{"name": 5}]])
def test_outputs_that_are_none(rest, policy, outputs):
    policy.check(rest.post(INFER, simple_request(outputs=outputs)), "unknown-output")


@pytest.mark.parametrize("key", ["name", "datatype", "shape", "data"])
def test_an_input_without_a_key(rest, policy, key):
    body = simple_request()
    del body["inputs"][0][key]
    policy.check(rest.post(INFER, body), "missing-key")


def changed(key, value):
    body = simple_request()
    body["inputs"][0][key] = value
    return body


@pytest.mark.parametrize("datatype", ["FP32", "INT64", "UINT32", "BYTES", "BOOL"])
def test_a_datatype_that_is_not_the_models(rest, policy, datatype):
    policy.check(rest.post(INFER, changed("datatype", datatype)), "wrong-datatype")


@pytest.mark.parametrize("datatype", ["INT33", "int32", "", "TYPE_INT32", "STRING", 5, None])
def test_a_datatype_that_does_not_exist(rest, policy, datatype):
    policy.check(rest.post(INFER, changed("datatype", datatype)), "unknown-datatype")


def test_an_element_too_few(rest, policy):
    policy.check(rest.post(INFER, changed("data", [list(range(15))])), "too-few-elements")


def test_no_elements(rest, policy):
    policy.check(rest.post(INFER, changed("data", [])), "too-few-elements")


def test_an_element_too_many(rest, policy):
    policy.check(rest.post(INFER, changed("data", [list(range(17))])), "too-many-elements")


@pytest.mark.parametrize("shape", [[16], [1, 8], [1, 16, 1], [16, 1], [1, 1, 16], []])
def test_a_shape_the_model_does_not_take(rest, policy, shape):
    body = simple_request()
    size = 1
    for each in shape:
        size *= each
    for each in body["inputs"]:
        each.update(shape=shape, data=list(range(size)))
    policy.check(rest.post(INFER, body), "wrong-shape")


@pytest.mark.parametrize("shape", [[1, -16], [-1, 16], [-1, -16], [-(2**63), 16]])
def test_a_negative_dimension(rest, policy, shape):
    policy.check(rest.post(INFER, changed("shape", shape)), "negative-dimension")


@pytest.mark.parametrize("shape", [[1, 16.5], ["1", "16"], [True, 16], [None, 16], 16, "1,16", {}, [[1, 16]]])
def test_a_dimension_that_is_no_whole_number(rest, policy, shape):
    policy.check(rest.post(INFER, changed("shape", shape)), "odd-dimension")


@pytest.mark.parametrize("shape", [[2**62, 16], [2**32, 2**32], [1, 2**63], [1, 2**64], [1, 10**30]])
def test_a_shape_that_overflows(rest, policy, shape):
    body = {"inputs": [json_input("INPUT0", "INT32", shape, [0] * 16)]}
    policy.check(rest.post("/v2/models/identity_int32/infer", body), "huge-dimension")
    body["inputs"][0]["data"] = []
    policy.check(rest.post("/v2/models/identity_int32/infer", body), "huge-dimension")


def test_a_shape_of_eight_gigabytes_and_two_elements(rest, policy):
    body = {"inputs": [json_input("INPUT0", "INT32", [1, 2**31], [0, 1])]}
    policy.check(rest.post("/v2/models/identity_int32/infer", body), "huge-dimension")


def test_a_row_more_than_the_largest_batch(rest, policy):
    policy.check(rest.post(INFER, simple_request(9)), "batch-too-large")


def one_bad(datatype, element):
    return {"inputs": [json_input("INPUT0", datatype, [1, 2], [element, 1])]}


@pytest.mark.parametrize("datatype", ["INT8", "INT32", "INT64", "UINT8", "UINT64"])
def test_a_fraction_where_integers_belong(rest, policy, datatype):
    answer = rest.post(f"/v2/models/identity_{datatype.lower()}/infer", one_bad(datatype, 1.5))
    policy.check(answer, "fraction-into-integer")


@pytest.mark.parametrize("element", ["1", {}, {"b64": "MQ=="}])
def test_something_else_where_integers_belong(rest, policy, element):
    policy.check(rest.post("/v2/models/identity_int32/infer", one_bad("INT32", element)), "text-into-integer")


@pytest.mark.parametrize("datatype", ["INT32", "FP32", "BOOL"])
def test_null_among_the_elements(rest, policy, datatype):
    body = one_bad(datatype, None)
    if datatype == "BOOL":
        body["inputs"][0]["data"] = [None, True]
    policy.check(rest.post(f"/v2/models/identity_{datatype.lower()}/infer", body), "null-element")


@pytest.mark.parametrize(
    ("datatype", "element"),
    [
        ("UINT8", 256),
        ("UINT8", -1),
        ("UINT16", 65536),
        ("UINT32", 2**32),
        ("UINT64", -1),
        ("UINT64", 2**64),
        ("INT8", 128),
        ("INT16", -32769),
        ("INT32", 2**31),
        ("INT64", 2**63),
        ("INT64", 10**40),
    ],
)
def test_a_number_the_datatype_cannot_hold(rest, policy, datatype, element):
    policy.check(rest.post(f"/v2/models/identity_{datatype.lower()}/infer", one_bad(datatype, element)), "out-of-range")


@pytest.mark.parametrize("element", [1, True, ["nested", 1]])
def test_a_number_where_strings_belong(rest, policy, element):
    body = {"inputs": [json_input("INPUT0", "BYTES", [1, 2], ["text", element])]}
    policy.check(rest.post("/v2/models/simple_identity/infer", body), "number-into-bytes")


def test_a_string_where_booleans_belong(rest, policy):
    body = {"inputs": [json_input("INPUT0", "BOOL", [1, 2], [True, "true"])]}
    policy.check(rest.post("/v2/models/identity_bool/infer", body), "text-into-bool")


@pytest.mark.parametrize("datatype", ["FP16", "BF16"])
def test_halves_as_json(rest, policy, datatype):
    body = {"inputs": [json_input("INPUT0", datatype, [1, 2], [1.5, 2.0])]}
    policy.check(rest.post(f"/v2/models/identity_{datatype.lower()}/infer", body), "half-as-json")


@pytest.mark.parametrize("identity", [5, True, {}, ["a"]])
def test_an_id_that_is_no_text(rest, policy, identity):
    policy.check(rest.post(INFER, simple_request(id=identity)), "id-not-text")


@pytest.mark.parametrize("parameters", [5, "text", ["a"]])
def test_parameters_that_are_none(rest, policy, parameters):
    policy.check(rest.post(INFER, simple_request(parameters=parameters)), "parameters-not-object")
