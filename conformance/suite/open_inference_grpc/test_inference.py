"""ModelInfer: raw and typed contents, parameters, large messages."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import numpy as np
import pytest
from support.tensors import EXTREMES, array, from_binary, model_of, to_binary
from tritonclient.grpc import service_pb2 as pb

TYPED = {
    "BOOL": "bool_contents",
    "INT8": "int_contents",
    "INT16": "int_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "UINT8": "uint_contents",
    "UINT16": "uint_contents",
    "UINT32": "uint_contents",
    "UINT64": "uint64_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
    "BYTES": "bytes_contents",
}


def tensor(name, datatype, shape, typed=None):
    made = pb.ModelInferRequest.InferInputTensor(name=name, datatype=datatype, shape=shape)
    if typed is not None:
        getattr(made.contents, TYPED[datatype]).extend(typed)
    return made


def raw_simple(rows=1, **more):
    return pb.ModelInferRequest(
        model_name="simple",
        inputs=[tensor("INPUT0", "INT32", [rows, 16]), tensor("INPUT1", "INT32", [rows, 16])],
        raw_input_contents=[to_binary("INT32", np.arange(rows * 16)), to_binary("INT32", [1] * rows * 16)],
        **more,
    )


def typed_simple(**more):
    inputs = [tensor("INPUT0", "INT32", [1, 16], range(16)), tensor("INPUT1", "INT32", [1, 16], [1] * 16)]
    return pb.ModelInferRequest(model_name="simple", inputs=inputs, **more)


def values_of(response, name):
    """The elements of an output, from wherever they are."""
    for index, output in enumerate(response.outputs):
        if output.name == name:
            if response.raw_output_contents:
                return from_binary(output.datatype, response.raw_output_contents[index])
            return array(output.datatype, list(getattr(output.contents, TYPED[output.datatype])))
    raise AssertionError(f"no output {name}")


def refused(stub, policy, request, key):
    with pytest.raises(grpc.RpcError) as caught:
        stub.ModelInfer(request)
    policy.check_code(caught.value, key)


@pytest.mark.parametrize("datatype", sorted(EXTREMES))
def test_raw_contents_of_every_datatype_come_back_raw(stub, datatype):
    values = array(datatype, EXTREMES[datatype])
    request = pb.ModelInferRequest(
        model_name=model_of(datatype),
        inputs=[tensor("INPUT0", datatype, [1, 3])],
        raw_input_contents=[to_binary(datatype, values)],
    )
    response = stub.ModelInfer(request)
    (output,) = response.outputs
    assert (output.name, output.datatype, list(output.shape)) == ("OUTPUT0", datatype, [1, 3])
    assert not output.HasField("contents")
    assert len(response.raw_output_contents) == 1
    np.testing.assert_array_equal(values_of(response, "OUTPUT0"), values)


@pytest.mark.parametrize("datatype", sorted(TYPED))
def test_typed_contents_of_every_datatype_are_understood(stub, datatype):
    request = pb.ModelInferRequest(
        model_name=model_of(datatype), inputs=[tensor("INPUT0", datatype, [1, 3], EXTREMES[datatype])]
    )
    response = stub.ModelInfer(request)
    np.testing.assert_array_equal(values_of(response, "OUTPUT0"), array(datatype, EXTREMES[datatype]))


@pytest.mark.parametrize("datatype", sorted(TYPED))
def test_typed_contents_come_back_typed(stub, datatype):
    request = pb.ModelInferRequest(
        model_name=model_of(datatype), inputs=[tensor("INPUT0", datatype, [1, 3], EXTREMES[datatype])]
    )
    response = stub.ModelInfer(request)
    assert not response.raw_output_contents
    contents = getattr(response.outputs[0].contents, TYPED[datatype])
    np.testing.assert_array_equal(array(datatype, list(contents)), array(datatype, EXTREMES[datatype]))


def test_the_answer_is_right_and_says_who_gave_it(stub):
    response = stub.ModelInfer(raw_simple(3))
    assert (response.model_name, response.model_version) == ("simple", "1")
    np.testing.assert_array_equal(values_of(response, "OUTPUT0"), np.arange(48) + 1)
    np.testing.assert_array_equal(values_of(response, "OUTPUT1"), np.arange(48) - 1)


def test_an_id_comes_back_and_none_does_not(stub):
    assert stub.ModelInfer(raw_simple(id="seven")).id == "seven"
    assert stub.ModelInfer(raw_simple()).id == ""


def test_only_the_outputs_asked_for_come_back_and_their_contents_line_up(stub):
    wanted = [pb.ModelInferRequest.InferRequestedOutputTensor(name="OUTPUT1")]
    response = stub.ModelInfer(raw_simple(outputs=wanted))
    assert [each.name for each in response.outputs] == ["OUTPUT1"]
    np.testing.assert_array_equal(values_of(response, "OUTPUT1"), np.arange(16) - 1)


def test_raw_contents_belong_to_inputs_by_their_order(stub):
    request = raw_simple()
    inputs, contents = list(request.inputs)[::-1], list(request.raw_input_contents)[::-1]
    request = pb.ModelInferRequest(model_name="simple", inputs=inputs, raw_input_contents=contents)
    np.testing.assert_array_equal(values_of(stub.ModelInfer(request), "OUTPUT1"), np.arange(16) - 1)


@pytest.mark.parametrize(("version", "answers"), [("", 3), ("1", 1), ("3", 3)])
def test_the_newest_version_answers_unless_one_is_named(stub, version, answers):
    request = pb.ModelInferRequest(
        model_name="versioned",
        model_version=version,
        inputs=[tensor("x", "FP32", [1])],
        raw_input_contents=[to_binary("FP32", [0])],
    )
    response = stub.ModelInfer(request)
    assert response.model_version == str(answers)
    assert list(values_of(response, "y")) == [answers]


def test_classification_gives_score_index_and_label(stub):
    output = pb.ModelInferRequest.InferRequestedOutputTensor(name="OUTPUT0")
    output.parameters["classification"].int64_param = 2
    request = pb.ModelInferRequest(
        model_name="classifier",
        inputs=[tensor("INPUT0", "FP32", [1, 5])],
        outputs=[output],
        raw_input_contents=[to_binary("FP32", [0.5, 9, 1, 2, 3])],
    )
    response = stub.ModelInfer(request)
    assert response.outputs[0].datatype == "BYTES"
    assert list(response.outputs[0].shape) == [1, 2]
    first, second = values_of(response, "OUTPUT0")
    assert first.endswith(b":1:banana")
    assert second.endswith(b":4:elderberry")


def test_parameters_nobody_knows_do_no_harm(stub):
    request = raw_simple()
    request.parameters["text"].string_param = "x"
    request.parameters["number"].double_param = 1.5
    request.parameters["timeout"].int64_param = 10_000_000
    assert values_of(stub.ModelInfer(request), "OUTPUT0")[0] == 1


def test_a_message_of_sixteen_megabytes_passes(stub):
    values = np.random.default_rng(5).random(2**22, dtype=np.float32)
    request = pb.ModelInferRequest(
        model_name="identity_fp32",
        inputs=[tensor("INPUT0", "FP32", [1, len(values)])],
        raw_input_contents=[to_binary("FP32", values)],
    )
    np.testing.assert_array_equal(values_of(stub.ModelInfer(request), "OUTPUT0"), values)


@pytest.mark.parametrize("algorithm", [grpc.Compression.Gzip, grpc.Compression.Deflate])
def test_compressed_messages_are_understood(stub, algorithm):
    response = stub.ModelInfer(raw_simple(2), compression=algorithm)
    np.testing.assert_array_equal(values_of(response, "OUTPUT0"), np.arange(32) + 1)


def test_callers_at_the_same_time_each_get_their_own_rows(stub):
    def ask(number):
        values = np.full(number % 5 + 1, number, dtype=np.float32)
        request = pb.ModelInferRequest(
            model_name="identity_fp32",
            id=str(number),
            inputs=[tensor("INPUT0", "FP32", [1, len(values)])],
            raw_input_contents=[to_binary("FP32", values)],
        )
        response = stub.ModelInfer(request)
        return response.id == str(number) and np.array_equal(values_of(response, "OUTPUT0"), values)

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(300)))


def test_an_unknown_model(stub, policy):
    request = raw_simple()
    request.model_name = "nobody"
    refused(stub, policy, request, "grpc-unknown-model")


def test_an_unknown_version(stub, policy):
    refused(stub, policy, raw_simple(model_version="2"), "grpc-unknown-version")


def test_raw_and_typed_contents_do_not_mix(stub, policy):
    refused(stub, policy, typed_simple(raw_input_contents=raw_simple().raw_input_contents), "grpc-raw-and-typed")


@pytest.mark.parametrize("count", [1, 3])
def test_there_is_one_raw_entry_for_each_input(stub, policy, count):
    request = raw_simple()
    del request.raw_input_contents[:]
    request.raw_input_contents.extend([bytes(64)] * count)
    refused(stub, policy, request, "grpc-bad-input")


@pytest.mark.parametrize("size", [0, 60, 63, 65, 128])
def test_raw_contents_of_another_size(stub, policy, size):
    request = raw_simple()
    request.raw_input_contents[0] = bytes(size)
    refused(stub, policy, request, "grpc-bytes-missing")


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", b"\x05\x00\x00\x00abc", b"\x01\x00\x00"])
def test_a_string_that_goes_beyond_its_tensor(stub, policy, data):
    request = pb.ModelInferRequest(
        model_name="simple_identity", inputs=[tensor("INPUT0", "BYTES", [1, 1])], raw_input_contents=[data]
    )
    refused(stub, policy, request, "grpc-bytes-missing")


@pytest.mark.parametrize("count", [0, 15, 17])
def test_typed_contents_of_another_number(stub, policy, count):
    inputs = [tensor("INPUT0", "INT32", [1, 16], range(count)), tensor("INPUT1", "INT32", [1, 16], [1] * 16)]
    refused(stub, policy, pb.ModelInferRequest(model_name="simple", inputs=inputs), "grpc-bytes-missing")


def test_contents_in_the_list_of_another_datatype(stub, policy):
    request = typed_simple()
    request.inputs[0].ClearField("contents")
    request.inputs[0].contents.int64_contents.extend(range(16))
    refused(stub, policy, request, "grpc-bad-input")


@pytest.mark.parametrize("datatype", ["FP16", "BF16"])
def test_halves_have_no_typed_contents(stub, policy, datatype):
    inputs = [tensor("INPUT0", datatype, [1, 2])]
    inputs[0].contents.fp32_contents.extend([1, 2])
    request = pb.ModelInferRequest(model_name=f"identity_{datatype.lower()}", inputs=inputs)
    refused(stub, policy, request, "grpc-half-as-typed")


@pytest.mark.parametrize(("datatype", "value"), [("INT8", 128), ("INT16", -32769), ("UINT8", 256), ("UINT16", 65536)])
def test_a_typed_element_the_datatype_cannot_hold(stub, policy, datatype, value):
    inputs = [tensor("INPUT0", datatype, [1, 2], [value, 1])]
    request = pb.ModelInferRequest(model_name=f"identity_{datatype.lower()}", inputs=inputs)
    refused(stub, policy, request, "grpc-out-of-range")


BAD = {
    "a_shape_the_model_does_not_take": lambda request: request.inputs[0].shape.__setitem__(1, 8),
    "a_negative_dimension": lambda request: request.inputs[0].shape.__setitem__(1, -16),
    "a_shape_of_another_rank": lambda request: request.inputs[0].shape.append(1),
    "another_datatype": lambda request: setattr(request.inputs[0], "datatype", "FP32"),
    "a_datatype_that_does_not_exist": lambda request: setattr(request.inputs[0], "datatype", "INT33"),
    "an_input_the_model_has_not": lambda request: setattr(request.inputs[0], "name", "nobody"),
    "an_input_twice": lambda request: setattr(request.inputs[0], "name", "INPUT1"),
    "an_output_the_model_has_not": lambda request: request.outputs.add(name="nobody"),
    "no_inputs": lambda request: (request.ClearField("inputs"), request.ClearField("raw_input_contents")),
    "a_shape_that_overflows": lambda request: (
        request.inputs[0].shape.__setitem__(0, 2**62),
        request.inputs[0].shape.__setitem__(1, 2**62),
    ),
}


@pytest.mark.parametrize("change", sorted(BAD))
def test_a_bad_request(stub, policy, change):
    request = raw_simple()
    BAD[change](request)
    refused(stub, policy, request, "grpc-bad-input")


def test_an_output_twice(stub, policy):
    request = raw_simple()
    request.outputs.add(name="OUTPUT0")
    request.outputs.add(name="OUTPUT0")
    refused(stub, policy, request, "grpc-duplicate-output")


def test_a_row_more_than_the_largest_batch(stub, policy):
    refused(stub, policy, raw_simple(9), "grpc-batch-too-large")
