"""What only tritonclient.http has: a choice of JSON or binary, compression, bodies made by hand."""

import asyncio

import numpy as np
import pytest
import tritonclient.http
import tritonclient.http.aio

NUMBERS = np.arange(16, dtype=np.int32).reshape(1, 16)


def inputs(binary=True):
    made = []
    for name, values in (("INPUT0", NUMBERS), ("INPUT1", np.ones_like(NUMBERS))):
        tensor = tritonclient.http.InferInput(name, [1, 16], "INT32")
        tensor.set_data_from_numpy(values, binary_data=binary)
        made.append(tensor)
    return made


def assert_simple(result):
    np.testing.assert_array_equal(result.as_numpy("OUTPUT0"), NUMBERS + 1)
    np.testing.assert_array_equal(result.as_numpy("OUTPUT1"), NUMBERS - 1)


@pytest.mark.parametrize("binary_in", [True, False])
@pytest.mark.parametrize("binary_out", [True, False])
def test_json_and_binary_in_any_combination(http_client, binary_in, binary_out):
    outputs = [
        tritonclient.http.InferRequestedOutput(name, binary_data=binary_out) for name in ("OUTPUT0", "OUTPUT1")
    ]
    assert_simple(http_client.infer("simple", inputs(binary_in), outputs=outputs))


def test_one_input_json_the_other_binary(http_client):
    mixed = [inputs(True)[0], inputs(False)[1]]
    outputs = [
        tritonclient.http.InferRequestedOutput("OUTPUT0", binary_data=False),
        tritonclient.http.InferRequestedOutput("OUTPUT1", binary_data=True),
    ]
    assert_simple(http_client.infer("simple", mixed, outputs=outputs))


@pytest.mark.parametrize("request_algorithm", [None, "gzip", "deflate"])
@pytest.mark.parametrize("response_algorithm", [None, "gzip", "deflate"])
def test_compression_both_ways(http_client, request_algorithm, response_algorithm):
    result = http_client.infer(
        "simple",
        inputs(),
        request_compression_algorithm=request_algorithm,
        response_compression_algorithm=response_algorithm,
    )
    assert_simple(result)


def test_a_body_made_by_hand_and_sent_by_hand(http_client):
    body, length = tritonclient.http.InferenceServerClient.generate_request_body(inputs())
    headers = {"Inference-Header-Content-Length": str(length)} if length else {}
    answer = http_client._post("v2/models/simple/infer", body, headers, None)
    length = answer.get("Inference-Header-Content-Length")
    result = tritonclient.http.InferenceServerClient.parse_response_body(
        answer.read(), header_length=None if length is None else int(length)
    )
    assert_simple(result)


def test_strings_as_json(http_client):
    values = np.array([["a", "ü", ""]], dtype=object)
    tensor = tritonclient.http.InferInput("INPUT0", [1, 3], "BYTES")
    tensor.set_data_from_numpy(values, binary_data=False)
    output = tritonclient.http.InferRequestedOutput("OUTPUT0", binary_data=False)
    result = http_client.infer("simple_identity", [tensor], outputs=[output])
    assert [str(each) if isinstance(each, str) else each.decode() for each in result.as_numpy("OUTPUT0")[0]] == [
        "a",
        "ü",
        "",
    ]


def test_not_a_number_as_json(http_client):
    values = np.array([[np.nan, np.inf, -np.inf, 1]], dtype=np.float32)
    tensor = tritonclient.http.InferInput("INPUT0", [1, 4], "FP32")
    tensor.set_data_from_numpy(values, binary_data=False)
    output = tritonclient.http.InferRequestedOutput("OUTPUT0", binary_data=False)
    result = http_client.infer("identity_fp32", [tensor], outputs=[output])
    np.testing.assert_array_equal(result.as_numpy("OUTPUT0").reshape(1, 4), values)


def test_many_at_once_on_pooled_connections(http_address):
    with tritonclient.http.InferenceServerClient(http_address, concurrency=16) as client:
        for pending in [client.async_infer("simple", inputs()) for _ in range(200)]:
            assert_simple(pending.get_result())


def test_the_asyncio_client(http_address):
    async def calls():
        async with tritonclient.http.aio.InferenceServerClient(http_address) as client:
            assert await client.is_server_ready()
            assert await client.is_model_ready("simple")
            assert (await client.get_model_metadata("simple"))["name"] == "simple"
            for result in await asyncio.gather(*(client.infer("simple", inputs()) for _ in range(20))):
                assert_simple(result)
            compressed = await client.infer(
                "simple", inputs(), request_compression_algorithm="gzip", response_compression_algorithm="gzip"
            )
            assert_simple(compressed)

    asyncio.run(calls())
