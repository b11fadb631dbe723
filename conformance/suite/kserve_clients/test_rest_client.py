"""KServe's InferenceRESTClient, speaking Open Inference."""

import asyncio

import numpy as np
import pytest
from kserve import InferInput, InferRequest
from kserve.inference_client import InferenceRESTClient, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

NUMBERS = np.arange(16, dtype=np.int32).reshape(1, 16)


@pytest.fixture
def call(http_address):
    """Runs one method of a client: call(lambda client, url: ...)."""

    async def once(do):
        client = InferenceRESTClient(RESTConfig(protocol="v2", retries=0))
        try:
            return await do(client, f"http://{http_address}")
        finally:
            await client.close()

    return lambda do: asyncio.run(once(do))


def request(binary, **more):
    inputs = []
    for name, values in (("INPUT0", NUMBERS), ("INPUT1", np.ones_like(NUMBERS))):
        tensor = InferInput(name, [1, 16], "INT32")
        tensor.set_data_from_numpy(values, binary_data=binary)
        inputs.append(tensor)
    return InferRequest("simple", inputs, **more)


def assert_simple(response):
    outputs = {each.name: each for each in response.outputs}
    np.testing.assert_array_equal(outputs["OUTPUT0"].as_numpy(), NUMBERS + 1)
    np.testing.assert_array_equal(outputs["OUTPUT1"].as_numpy(), NUMBERS - 1)


def test_the_server_is_live(call):
    assert call(lambda client, url: client.is_server_live(url)) is True


def test_the_server_is_ready(call):
    assert call(lambda client, url: client.is_server_ready(url)) is True


def test_a_model_is_ready(call):
    assert call(lambda client, url: client.is_model_ready(url, "simple")) is True


def test_an_unknown_model_is_not_ready(call):
    try:
        assert call(lambda client, url: client.is_model_ready(url, "nobody")) is False
    except Exception as error:
        assert "404" in str(error), error


@pytest.mark.parametrize("binary", [True, False])
def test_inference(call, binary):
    assert_simple(call(lambda client, url: client.infer(url, request(binary), model_name="simple")))


def test_inference_with_binary_outputs(call):
    outputs = [RequestedOutput("OUTPUT0", parameters={"binary_data": True}), RequestedOutput("OUTPUT1")]
    made = request(True, request_outputs=outputs)
    assert_simple(call(lambda client, url: client.infer(url, made, model_name="simple")))


def test_inference_with_an_id(call):
    response = call(lambda client, url: client.infer(url, request(False, request_id="seven"), model_name="simple"))
    assert response.id == "seven"


def test_strings(call):
    tensor = InferInput("INPUT0", [1, 3], "BYTES")
    tensor.set_data_from_numpy(np.array([["a", "ü", ""]], dtype=object), binary_data=True)
    made = InferRequest("simple_identity", [tensor], parameters={"binary_data_output": True})
    response = call(lambda client, url: client.infer(url, made, model_name="simple_identity"))
    came = [each if isinstance(each, bytes) else each.encode() for each in response.outputs[0].as_numpy().flatten()]
    assert came == [b"a", "ü".encode(), b""]


def test_half_precision(call):
    values = np.array([[1.5, -2.0]], dtype=np.float16)
    tensor = InferInput("INPUT0", [1, 2], "FP16")
    tensor.set_data_from_numpy(values, binary_data=True)
    made = InferRequest("identity_fp16", [tensor], parameters={"binary_data_output": True})
    response = call(lambda client, url: client.infer(url, made, model_name="identity_fp16"))
    np.testing.assert_array_equal(response.outputs[0].as_numpy(), values)


def test_a_mistake_is_an_exception(call):
    with pytest.raises(Exception, match="4\\d\\d"):
        call(lambda client, url: client.infer(url, request(True), model_name="nobody"))
