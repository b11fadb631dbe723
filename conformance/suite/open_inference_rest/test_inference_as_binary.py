"""The extension for binary tensors: in, out, mixed with JSON, and raw."""

import numpy as np
import pytest
from support.tensors import (
    EXTREMES,
    array,
    assert_simple,
    binary_input,
    binary_request,
    from_binary,
    json_input,
    model_of,
    parse,
    simple_request,
    to_binary,
)

INFER = "/v2/models/simple/infer"
ALL_BINARY = {"parameters": {"binary_data_output": True}}


def binary_simple(rows=1, **more):
    first = to_binary("INT32", np.arange(rows * 16))
    second = to_binary("INT32", [1] * (rows * 16))
    header = {
        "inputs": [
            binary_input("INPUT0", "INT32", [rows, 16], len(first)),
            binary_input("INPUT1", "INT32", [rows, 16], len(second)),
        ]
    } | more
    return binary_request(header, first, second)


@pytest.mark.parametrize("datatype", sorted(EXTREMES))
def test_every_datatype_keeps_its_extremes_both_ways(rest, datatype):
    values = array(datatype, EXTREMES[datatype])
    data = to_binary(datatype, values)
    header = {"inputs": [binary_input("INPUT0", datatype, [1, len(values)], len(data))]} | ALL_BINARY
    _, outputs = parse(rest.post(f"/v2/models/{model_of(datatype)}/infer", *binary_request(header, data)))
    assert outputs["OUTPUT0"].binary
    assert outputs["OUTPUT0"].datatype == datatype
    assert outputs["OUTPUT0"].shape == [1, len(values)]
    np.testing.assert_array_equal(outputs["OUTPUT0"].values, values)


def test_bytes_may_be_anything(rest):
    values = [bytes(range(256)), b"", b"\x00", b"\xff\xfe"]
    data = to_binary("BYTES", values)
    header = {"inputs": [binary_input("INPUT0", "BYTES", [1, 4], len(data))]} | ALL_BINARY
    _, outputs = parse(rest.post("/v2/models/simple_identity/infer", *binary_request(header, data)))
    assert list(outputs["OUTPUT0"].values) == values


def test_binary_inputs_alone_do_not_make_the_outputs_binary(rest):
    answer = rest.post(INFER, *binary_simple())
    _, outputs = parse(answer)
    assert_simple(outputs)
    assert not any(each.binary for each in outputs.values())
    assert "inference-header-content-length" not in answer.headers
    assert answer.headers["content-type"].startswith("application/json")


def test_json_inputs_may_ask_for_binary_outputs(rest):
    answer = rest.post(INFER, simple_request(**ALL_BINARY))
    _, outputs = parse(answer)
    assert_simple(outputs)
    assert all(each.binary for each in outputs.values())
    assert answer.headers["content-type"] == "application/octet-stream"


def test_json_and_binary_inputs_mix(rest):
    second = to_binary("INT32", [1] * 16)
    header = simple_request()
    header["inputs"][1] = binary_input("INPUT1", "INT32", [1, 16], len(second))
    assert_simple(parse(rest.post(INFER, *binary_request(header, second)))[1])


def test_json_and_binary_outputs_mix(rest):
    outputs = [{"name": "OUTPUT0", "parameters": {"binary_data": True}}, {"name": "OUTPUT1"}]
    _, came = parse(rest.post(INFER, simple_request(outputs=outputs)))
    assert_simple(came)
    assert came["OUTPUT0"].binary
    assert not came["OUTPUT1"].binary


def test_the_flag_of_the_request_is_for_outputs_that_are_not_listed(rest):
    _, came = parse(rest.post(INFER, simple_request(outputs=[{"name": "OUTPUT0"}], **ALL_BINARY)))
    assert not came["OUTPUT0"].binary


def test_a_listed_output_may_refuse_to_be_binary(rest):
    outputs = [{"name": "OUTPUT0", "parameters": {"binary_data": False}}]
    _, came = parse(rest.post(INFER, simple_request(outputs=outputs, **ALL_BINARY)))
    assert not came["OUTPUT0"].binary


def test_binary_outputs_come_in_the_order_of_the_json(rest):
    listed = [{"name": name, "parameters": {"binary_data": True}} for name in ("OUTPUT1", "OUTPUT0")]
    assert_simple(parse(rest.post(INFER, simple_request(outputs=listed)))[1])


def test_binary_inputs_come_in_the_order_of_the_json(rest):
    first, second = to_binary("INT32", np.arange(16)), to_binary("INT32", [1] * 16)
    header = {
        "inputs": [binary_input("INPUT1", "INT32", [1, 16], 64), binary_input("INPUT0", "INT32", [1, 16], 64)]
    }
    assert_simple(parse(rest.post(INFER, *binary_request(header, second, first)))[1])


@pytest.mark.parametrize("datatype", ["FP16", "BF16"])
def test_halves_that_nobody_asked_to_be_binary_are_binary_all_the_same(rest, datatype):
    data = to_binary(datatype, EXTREMES[datatype])
    header = {"inputs": [binary_input("INPUT0", datatype, [1, 3], len(data))]}
    _, outputs = parse(rest.post(f"/v2/models/{model_of(datatype)}/infer", *binary_request(header, data)))
    assert outputs["OUTPUT0"].binary
    np.testing.assert_array_equal(outputs["OUTPUT0"].values, array(datatype, EXTREMES[datatype]))


def test_the_content_type_of_a_binary_request_is_not_enforced(rest):
    body, headers = binary_simple()
    for kind in ("application/json", "application/vnd.sagemaker-triton.binary+json;json-header-size=1", "text/plain"):
        assert_simple(parse(rest.post(INFER, body, headers | {"Content-Type": kind}))[1])


def test_a_header_that_spans_the_whole_body_is_plain_json(rest):
    assert_simple(parse(rest.post(INFER, *binary_request(simple_request())))[1])


def test_the_id_comes_back_beside_binary_outputs(rest):
    header, _ = parse(rest.post(INFER, *binary_simple(id="seven", **ALL_BINARY)))
    assert header["id"] == "seven"


def test_a_tensor_may_have_no_bytes(rest):
    header = {"inputs": [binary_input("INPUT0", "FP32", [1, 0], 0)]} | ALL_BINARY
    _, outputs = parse(rest.post("/v2/models/identity_fp32/infer", *binary_request(header)))
    assert outputs["OUTPUT0"].shape == [1, 0]


def test_eight_megabytes_pass(rest):
    values = np.random.default_rng(3).random(2**21, dtype=np.float32)
    data = to_binary("FP32", values)
    header = {"inputs": [binary_input("INPUT0", "FP32", [1, len(values)], len(data))]} | ALL_BINARY
    _, outputs = parse(rest.post("/v2/models/identity_fp32/infer", *binary_request(header, data)))
    np.testing.assert_array_equal(outputs["OUTPUT0"].values, values)


@pytest.mark.parametrize("count", [1, 5])
def test_a_raw_request_is_one_tensor_and_nothing_else(rest, count):
    data = to_binary("INT32", range(count))
    answer = rest.post("/v2/models/identity_int32/infer", data, {"Inference-Header-Content-Length": "0"})
    _, outputs = parse(answer)
    assert outputs["OUTPUT0"].binary
    assert outputs["OUTPUT0"].shape == [1, count]
    np.testing.assert_array_equal(outputs["OUTPUT0"].values, np.arange(count))


def test_a_raw_request_to_a_model_without_batching(rest):
    data = to_binary("INT32", range(5))
    answer = rest.post("/v2/models/plain_int32/infer", data, {"Inference-Header-Content-Length": "0"})
    assert parse(answer)[1]["OUTPUT0"].shape == [5]


def test_a_raw_request_may_be_one_string(rest):
    answer = rest.post("/v2/models/plain_bytes/infer", b"a string", {"Inference-Header-Content-Length": "0"})
    _, outputs = parse(answer)
    assert outputs["OUTPUT0"].binary
    assert list(outputs["OUTPUT0"].values) == [b"a string"]


def test_a_raw_request_to_a_model_of_two_inputs(rest, policy):
    answer = rest.post(INFER, bytes(128), {"Inference-Header-Content-Length": "0"})
    policy.check(answer, "raw-two-inputs")


def test_a_raw_request_of_half_an_element(rest, policy):
    answer = rest.post("/v2/models/identity_int32/infer", bytes(6), {"Inference-Header-Content-Length": "0"})
    policy.check(answer, "binary-size-wrong")


@pytest.mark.parametrize("more", [1, 10_000_000, 2**31, 2**63])
def test_a_header_longer_than_the_body(rest, policy, more):
    body, headers = binary_simple()
    headers["Inference-Header-Content-Length"] = str(len(body) + more)
    policy.check(rest.post(INFER, body, headers), "binary-header-too-long")


@pytest.mark.parametrize("length", ["-1", "abc", "1.5", "99999999999999999999999"])
def test_a_header_length_that_is_none(rest, policy, length):
    body, headers = binary_simple()
    headers["Inference-Header-Content-Length"] = length
    policy.check(rest.post(INFER, body, headers), "binary-header-odd")


@pytest.mark.parametrize("change", [-1, 1, -20])
def test_a_header_length_that_cuts_elsewhere(rest, policy, change):
    body, headers = binary_simple()
    headers["Inference-Header-Content-Length"] = str(int(headers["Inference-Header-Content-Length"]) + change)
    policy.check(rest.post(INFER, body, headers), "malformed-json")


@pytest.mark.parametrize("missing", [1, 64, 128])
def test_bytes_are_missing(rest, policy, missing):
    body, headers = binary_simple()
    policy.check(rest.post(INFER, body[:-missing], headers), "binary-too-short")


@pytest.mark.parametrize("more", [1, 64])
def test_bytes_are_left_over(rest, policy, more):
    body, headers = binary_simple()
    policy.check(rest.post(INFER, body + bytes(more), headers), "binary-too-long")


@pytest.mark.parametrize("size", [0, 60, 68, -64, 2**40])
def test_a_binary_size_that_does_not_fit(rest, policy, size):
    data = bytes(64)
    header = {"inputs": [binary_input("INPUT0", "INT32", [1, 16], size)]}
    answer = rest.post("/v2/models/identity_int32/infer", *binary_request(header, data))
    policy.check(answer, "binary-size-wrong")


@pytest.mark.parametrize("size", ["64", True, 64.5, None])
def test_a_binary_size_that_is_no_number(rest, policy, size):
    header = {"inputs": [binary_input("INPUT0", "INT32", [1, 16], size)]}
    answer = rest.post("/v2/models/identity_int32/infer", *binary_request(header, bytes(64)))
    policy.check(answer, "binary-size-wrong")


def test_binary_tensors_without_a_header_length(rest, policy):
    body, headers = binary_simple()
    del headers["Inference-Header-Content-Length"]
    policy.check(rest.post(INFER, body, headers), "binary-without-header")


def test_data_and_binary_data_for_one_input(rest, policy):
    header = {"inputs": [binary_input("INPUT0", "INT32", [1, 2], 8) | {"data": [1, 2]}]}
    answer = rest.post("/v2/models/identity_int32/infer", *binary_request(header, bytes(8)))
    policy.check(answer, "binary-and-data")


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", b"\x05\x00\x00\x00abc", b"\x01\x00\x00", b"\x01\x00\x00\x00ab"])
def test_a_string_that_goes_beyond_its_tensor(rest, policy, data):
    header = {"inputs": [binary_input("INPUT0", "BYTES", [1, 1], len(data))]}
    answer = rest.post("/v2/models/simple_identity/infer", *binary_request(header, data))
    policy.check(answer, "bytes-length-beyond-end")


@pytest.mark.parametrize("count", [1, 3])
def test_strings_must_be_as_many_as_the_shape_says(rest, policy, count):
    data = to_binary("BYTES", [b"x"] * count)
    header = {"inputs": [binary_input("INPUT0", "BYTES", [1, 2], len(data))]}
    answer = rest.post("/v2/models/simple_identity/infer", *binary_request(header, data))
    policy.check(answer, "too-few-elements" if count < 2 else "too-many-elements")


def test_from_binary_undoes_to_binary():
    for datatype, values in EXTREMES.items():
        np.testing.assert_array_equal(from_binary(datatype, to_binary(datatype, values)), array(datatype, values))
