"""What tritonclient.http and tritonclient.grpc have in common, as their users call them."""

import json
import time

import ml_dtypes
import numpy as np
import pytest
import tritonclient.grpc
from support.tensors import EXTREMES, array, model_of
from tritonclient.utils import InferenceServerException

NUMBERS = np.arange(16, dtype=np.int32).reshape(1, 16)
ONES = np.ones((1, 16), dtype=np.int32)


def simple_inputs(module, binary=None):
    made = []
    for name, values in (("INPUT0", NUMBERS), ("INPUT1", ONES)):
        tensor = module.InferInput(name, [1, 16], "INT32")
        if binary is None:
            tensor.set_data_from_numpy(values)
        else:
            tensor.set_data_from_numpy(values, binary_data=binary)
        made.append(tensor)
    return made


def assert_simple(result):
    np.testing.assert_array_equal(result.as_numpy("OUTPUT0"), NUMBERS + 1)
    np.testing.assert_array_equal(result.as_numpy("OUTPUT1"), NUMBERS - 1)


def test_health(both):
    client, _ = both
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("simple")
    assert client.is_model_ready("versioned", "1")
    assert not client.is_model_ready("nobody")


def test_infer_without_naming_outputs(both):
    client, module = both
    assert_simple(client.infer("simple", simple_inputs(module)))


def test_infer_with_outputs_named(both):
    client, module = both
    outputs = [module.InferRequestedOutput("OUTPUT0"), module.InferRequestedOutput("OUTPUT1")]
    assert_simple(client.infer("simple", simple_inputs(module), outputs=outputs))


def test_an_output_that_was_not_asked_for_is_none(both):
    client, module = both
    result = client.infer("simple", simple_inputs(module), outputs=[module.InferRequestedOutput("OUTPUT1")])
    assert result.as_numpy("OUTPUT0") is None
    np.testing.assert_array_equal(result.as_numpy("OUTPUT1"), NUMBERS - 1)


def test_a_request_id_comes_back(both):
    client, module = both
    response = client.infer("simple", simple_inputs(module), request_id="seven").get_response()
    assert (response["id"] if isinstance(response, dict) else response.id) == "seven"


@pytest.mark.parametrize("datatype", [each for each in sorted(EXTREMES) if each != "BF16"])
def test_every_datatype(both, datatype):
    client, module = both
    values = array(datatype, EXTREMES[datatype]).reshape(1, 3)
    tensor = module.InferInput("INPUT0", [1, 3], datatype)
    tensor.set_data_from_numpy(values)
    result = client.infer(model_of(datatype), [tensor])
    np.testing.assert_array_equal(result.as_numpy("OUTPUT0"), values)


def test_bfloat16(both):
    client, module = both
    values = np.array([[1.5, -2.0, 0.0]], dtype=ml_dtypes.bfloat16)
    tensor = module.InferInput("INPUT0", [1, 3], "BF16")
    tensor.set_data_from_numpy(values)
    result = client.infer("identity_bf16", [tensor])
    np.testing.assert_array_equal(result.as_numpy("OUTPUT0").astype(np.float32), values.astype(np.float32))


def test_strings_of_python_are_strings_of_the_model(both):
    client, module = both
    inputs = []
    for name, values in (("INPUT0", range(16)), ("INPUT1", [1] * 16)):
        tensor = module.InferInput(name, [1, 16], "BYTES")
        tensor.set_data_from_numpy(np.array([[str(each) for each in values]], dtype=object))
        inputs.append(tensor)
    result = client.infer("simple_string", inputs)
    np.testing.assert_array_equal(result.as_numpy("OUTPUT0").astype(np.int32), NUMBERS + 1)
    np.testing.assert_array_equal(result.as_numpy("OUTPUT1").astype(np.int32), NUMBERS - 1)


def test_strings_may_be_empty_and_may_hold_zero_bytes(both):
    client, module = both
    values = np.array([[b"", b"a\x00b", b"\x00", "ü".encode()]], dtype=object)
    tensor = module.InferInput("INPUT0", [1, 4], "BYTES")
    tensor.set_data_from_numpy(values)
    np.testing.assert_array_equal(client.infer("simple_identity", [tensor]).as_numpy("OUTPUT0"), values)


def test_the_best_classes_come_with_labels(both):
    client, module = both
    tensor = module.InferInput("INPUT0", [1, 5], "FP32")
    tensor.set_data_from_numpy(np.array([[0.1, 0.2, 0.9, 0.3, 0.4]], dtype=np.float32))
    result = client.infer("classifier", [tensor], outputs=[module.InferRequestedOutput("OUTPUT0", class_count=3)])
    labels = [each.decode().split(":")[2] for each in result.as_numpy("OUTPUT0").flatten()]
    assert labels == ["cherry", "elderberry", "date"]


def test_priority_and_timeout_are_taken(both):
    client, module = both
    assert_simple(client.infer("simple", simple_inputs(module), priority=0, timeout=10_000_000))


def test_parameters_of_the_caller_are_taken(both):
    client, module = both
    assert_simple(client.infer("simple", simple_inputs(module), parameters={"a": "text", "b": 5, "c": True}))


def test_headers_of_the_caller_do_no_harm(both):
    client, module = both
    assert_simple(client.infer("simple", simple_inputs(module), headers={"x-mine": "yes"}))


def test_a_version_can_be_named(both):
    client, module = both
    tensor = module.InferInput("x", [1], "FP32")
    tensor.set_data_from_numpy(np.zeros(1, dtype=np.float32))
    assert client.infer("versioned", [tensor], model_version="1").as_numpy("y")[0] == 1
    assert client.infer("versioned", [tensor]).as_numpy("y")[0] == 3


def test_many_requests_without_waiting(both):
    client, module = both
    if module is tritonclient.grpc:
        import queue

        done = queue.Queue()
        for _ in range(50):
            client.async_infer("simple", simple_inputs(module), lambda result, error: done.put((result, error)))
        for _ in range(50):
            result, error = done.get(timeout=30)
            assert error is None
            assert_simple(result)
    else:
        for pending in [client.async_infer("simple", simple_inputs(module)) for _ in range(50)]:
            assert_simple(pending.get_result())


def test_an_ensemble_looks_like_a_model(both):
    client, module = both
    result = client.infer("ensemble", simple_inputs(module))
    np.testing.assert_array_equal(result.as_numpy("OUTPUT0"), NUMBERS * 2)


@pytest.mark.parametrize(
    ("model", "shape", "datatype"), [("nobody", [1, 16], "INT32"), ("simple", [1, 8], "INT32"), ("simple", [1, 16], "FP32")]
)
def test_a_mistake_is_an_exception_with_a_message(both, model, shape, datatype):
    client, module = both
    inputs = []
    for name in ("INPUT0", "INPUT1"):
        tensor = module.InferInput(name, shape, datatype)
        tensor.set_data_from_numpy(np.zeros(shape, dtype=np.float32 if datatype == "FP32" else np.int32))
        inputs.append(tensor)
    with pytest.raises(InferenceServerException) as caught:
        client.infer(model, inputs)
    assert caught.value.message()


def as_json(module, said):
    """The gRPC client gives messages unless asked for JSON, the HTTP client always JSON."""
    return said if isinstance(said, dict | list) else json.loads(said)


def ask(client, module, method, *arguments):
    more = {"as_json": True} if module is tritonclient.grpc else {}
    return as_json(module, getattr(client, method)(*arguments, **more))


def test_metadata(both):
    client, module = both
    assert ask(client, module, "get_server_metadata")["name"]
    said = ask(client, module, "get_model_metadata", "simple")
    assert said["name"] == "simple"
    assert [each["name"] for each in said["inputs"]] == ["INPUT0", "INPUT1"]


def test_configuration(both):
    client, module = both
    said = ask(client, module, "get_model_config", "simple")
    said = said.get("config", said)
    assert said["max_batch_size"] == 8


def test_statistics(both):
    client, module = both
    client.infer("simple", simple_inputs(module))
    (said,) = ask(client, module, "get_inference_statistics", "simple")["model_stats"]
    assert int(said["inference_count"]) >= 1
    assert len(ask(client, module, "get_inference_statistics")["model_stats"]) > 1


def test_model_control(both):
    client, module = both
    try:
        client.unload_model("reloadable")
        end = time.monotonic() + 20
        while client.is_model_ready("reloadable"):
            assert time.monotonic() < end
            time.sleep(0.05)
    finally:
        client.load_model("reloadable")
    assert client.is_model_ready("reloadable")
    index = ask(client, module, "get_model_repository_index")
    entries = index if isinstance(index, list) else index["models"]
    assert {"simple", "reloadable", "broken"} <= {each["name"] for each in entries}


def test_loading_with_a_configuration(both):
    client, module = both
    said = ask(client, module, "get_model_config", "reloadable")
    config = said.get("config", said) | {"max_batch_size": 4}
    try:
        client.load_model("reloadable", config=json.dumps(config))
        said = ask(client, module, "get_model_config", "reloadable")
        assert said.get("config", said)["max_batch_size"] == 4
    finally:
        client.unload_model("reloadable")
        end = time.monotonic() + 20
        while client.is_model_ready("reloadable"):
            assert time.monotonic() < end
            time.sleep(0.05)
        client.load_model("reloadable")


def test_loading_what_is_not_there_is_an_exception(both):
    client, _ = both
    with pytest.raises(InferenceServerException):
        client.load_model("nobody")


def test_unknown_models_are_exceptions(both):
    client, _ = both
    for method in ("get_model_metadata", "get_model_config", "get_inference_statistics"):
        with pytest.raises(InferenceServerException):
            getattr(client, method)("nobody")
