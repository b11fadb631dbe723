"""What only tritonclient.grpc has: streams, compression, asyncio, deadlines, typed contents by its stubs."""

import asyncio
import queue

import numpy as np
import pytest
import tritonclient.grpc
import tritonclient.grpc.aio

NUMBERS = np.arange(16, dtype=np.int32).reshape(1, 16)


def inputs():
    made = []
    for name, values in (("INPUT0", NUMBERS), ("INPUT1", np.ones_like(NUMBERS))):
        tensor = tritonclient.grpc.InferInput(name, [1, 16], "INT32")
        tensor.set_data_from_numpy(values)
        made.append(tensor)
    return made


def assert_simple(result):
    np.testing.assert_array_equal(result.as_numpy("OUTPUT0"), NUMBERS + 1)
    np.testing.assert_array_equal(result.as_numpy("OUTPUT1"), NUMBERS - 1)


@pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
def test_compression(grpc_client, algorithm):
    assert_simple(grpc_client.infer("simple", inputs(), compression_algorithm=algorithm))


def test_a_stream_answers_every_request(grpc_client):
    came = queue.Queue()
    grpc_client.start_stream(lambda result, error: came.put((result, error)))
    for number in range(30):
        grpc_client.async_stream_infer("simple", inputs(), request_id=str(number))
    ids = set()
    for _ in range(30):
        result, error = came.get(timeout=30)
        assert error is None
        assert_simple(result)
        ids.add(result.get_response().id)
    grpc_client.stop_stream()
    assert ids == {str(number) for number in range(30)}


def test_an_error_on_a_stream_is_handed_over_and_the_stream_goes_on(grpc_client):
    came = queue.Queue()
    grpc_client.start_stream(lambda result, error: came.put((result, error)))
    grpc_client.async_stream_infer("nobody", inputs())
    result, error = came.get(timeout=30)
    assert result is None
    assert error is not None
    grpc_client.async_stream_infer("simple", inputs())
    result, error = came.get(timeout=30)
    assert error is None
    assert_simple(result)
    grpc_client.stop_stream()


def test_the_asyncio_client(grpc_address):
    async def calls():
        async with tritonclient.grpc.aio.InferenceServerClient(grpc_address) as client:
            assert await client.is_server_ready()
            assert await client.is_model_ready("simple")
            for result in await asyncio.gather(*(client.infer("simple", inputs()) for _ in range(20))):
                assert_simple(result)

            async def requests():
                for number in range(5):
                    yield {"model_name": "simple", "inputs": inputs(), "request_id": str(number)}

            count = 0
            async for result, error in client.stream_infer(requests()):
                assert error is None
                assert_simple(result)
                count += 1
            assert count == 5

    asyncio.run(calls())


def test_messages_beyond_four_megabytes(grpc_client):
    values = np.random.default_rng(1).random((8, 3 * 224 * 224), dtype=np.float32)
    tensor = tritonclient.grpc.InferInput("INPUT0", list(values.shape), "FP32")
    tensor.set_data_from_numpy(values)
    np.testing.assert_array_equal(grpc_client.infer("identity_fp32", [tensor]).as_numpy("OUTPUT0"), values)
