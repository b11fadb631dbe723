"""KServe's InferenceGRPCClient."""

import asyncio

import numpy as np
import pytest
from kserve import InferInput, InferRequest
from kserve.inference_client import InferenceGRPCClient

NUMBERS = np.arange(16, dtype=np.int32).reshape(1, 16)


@pytest.fixture
def call(grpc_address):
    async def once(do):
        client = InferenceGRPCClient(grpc_address, retries=0)
        try:
            return await do(client)
        finally:
            await client.close()

    return lambda do: asyncio.run(once(do))


def request(binary, model="simple"):
    inputs = []
    for name, values in (("INPUT0", NUMBERS), ("INPUT1", np.ones_like(NUMBERS))):
        tensor = InferInput(name, [1, 16], "INT32")
        tensor.set_data_from_numpy(values, binary_data=binary)
        inputs.append(tensor)
    return InferRequest(model, inputs)


def test_health(call):
    assert call(lambda client: client.is_server_live()) is True
    assert call(lambda client: client.is_server_ready()) is True
    assert call(lambda client: client.is_model_ready("simple")) is True


def test_an_unknown_model_is_not_ready(call):
    assert call(lambda client: client.is_model_ready("nobody")) is False


@pytest.mark.parametrize("binary", [True, False], ids=["raw", "typed"])
def test_inference(call, binary):
    response = call(lambda client: client.infer(request(binary)))
    outputs = {each.name: each for each in response.outputs}
    np.testing.assert_array_equal(outputs["OUTPUT0"].as_numpy(), NUMBERS + 1)
    np.testing.assert_array_equal(outputs["OUTPUT1"].as_numpy(), NUMBERS - 1)


def test_a_mistake_is_an_exception(call):
    with pytest.raises(Exception, match="(?i)not.found"):
        call(lambda client: client.infer(request(True, "nobody")))
