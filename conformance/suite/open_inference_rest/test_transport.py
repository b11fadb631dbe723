"""HTTP itself: chunks, compression, connections that stay open."""

import gzip
import json
import zlib

import numpy as np
import pytest
from support.tensors import assert_simple, binary_input, binary_request, json_input, parse, simple_request, to_binary
from support.wire import Answer

INFER = "/v2/models/simple/infer"
COMPRESS = {"gzip": gzip.compress, "deflate": zlib.compress}
DECOMPRESS = {"gzip": gzip.decompress, "deflate": zlib.decompress}


def pieces(body, size):
    return (body[at : at + size] for at in range(0, len(body), size))


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_a_chunked_json_request(rest, size):
    body = json.dumps(simple_request()).encode()
    assert_simple(parse(rest.post(INFER, pieces(body, size), chunked=True))[1])


@pytest.mark.parametrize("size", [1, 64, 10_000])
def test_a_chunked_binary_request(rest, size):
    values = np.arange(100, dtype=np.int32)
    data = to_binary("INT32", values)
    body, headers = binary_request({"inputs": [binary_input("INPUT0", "INT32", [1, 100], len(data))]}, data)
    answer = rest.post("/v2/models/identity_int32/infer", pieces(body, size), headers, chunked=True)
    np.testing.assert_array_equal(parse(answer)[1]["OUTPUT0"].values, values)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compressed_json_request(rest, encoding):
    body = COMPRESS[encoding](json.dumps(simple_request()).encode())
    assert_simple(parse(rest.post(INFER, body, {"Content-Encoding": encoding}))[1])


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_the_header_length_counts_bytes_before_compression(rest, encoding):
    data = to_binary("INT32", np.arange(1000))
    body, headers = binary_request({"inputs": [binary_input("INPUT0", "INT32", [1, 1000], len(data))]}, data)
    headers["Content-Encoding"] = encoding
    answer = rest.post("/v2/models/identity_int32/infer", COMPRESS[encoding](body), headers)
    np.testing.assert_array_equal(parse(answer)[1]["OUTPUT0"].values, np.arange(1000))


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_large_answer_is_compressed_when_asked(rest, encoding, binary):
    body = {"inputs": [json_input("INPUT0", "INT32", [1, 20_000], [7] * 20_000)]}
    if binary:
        body["parameters"] = {"binary_data_output": True}
    answer = rest.post("/v2/models/identity_int32/infer", body, {"Accept-Encoding": encoding})
    assert answer.status == 200, str(answer)
    assert answer.headers.get("content-encoding") == encoding
    assert len(answer.body) < 20_000
    whole = Answer(200, answer.headers, DECOMPRESS[encoding](answer.body))
    np.testing.assert_array_equal(parse(whole)[1]["OUTPUT0"].values, [7] * 20_000)


def test_an_answer_is_plain_unless_asked(rest):
    answer = rest.post(INFER, simple_request(), {"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("body", [b"not gzip at all", gzip.compress(b"{}", mtime=0)[:-6], b""], ids=["text", "cut", "empty"])
def test_a_body_that_is_not_gzip(rest, policy, body):
    policy.check(rest.post(INFER, body, {"Content-Encoding": "gzip"}), "corrupt-gzip")


def test_an_encoding_nobody_knows(rest, policy):
    answer = rest.post(INFER, json.dumps(simple_request()).encode(), {"Content-Encoding": "zebra"})
    policy.check(answer, "unknown-content-encoding")


def test_a_connection_serves_many_requests(rest):
    connection = rest.connect()
    for _ in range(5):
        assert_simple(parse(rest.request_on(connection, "POST", INFER, simple_request()))[1])
    connection.close()


def test_a_connection_outlives_a_bad_request(rest):
    connection = rest.connect()
    for _ in range(3):
        assert rest.request_on(connection, "POST", INFER, b'{"inputs":').status >= 400
        assert_simple(parse(rest.request_on(connection, "POST", INFER, simple_request()))[1])
    connection.close()


def test_requests_in_a_row_without_waiting_are_answered_in_their_order(rest):
    head = f"Host: {rest.address}\r\n"
    one = f"GET /v2/models/simple HTTP/1.1\r\n{head}\r\n"
    last = f"GET /v2/models/versioned HTTP/1.1\r\n{head}Connection: close\r\n\r\n"
    came = rest.raw((one + last).encode())
    assert came.count(b"HTTP/1.1 200") == 2
    assert 0 < came.index(b'"simple"') < came.index(b'"versioned"')


def test_a_client_may_ask_whether_to_go_on(rest):
    body = json.dumps(simple_request()).encode()
    head = (
        f"POST {INFER} HTTP/1.1\r\nHost: {rest.address}\r\nContent-Length: {len(body)}\r\n"
        "Expect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    came = rest.raw(head.encode() + body)
    assert b"HTTP/1.1 200" in came, came[:300]


def test_http_1_0_closes_after_the_answer(rest):
    came = rest.raw(b"GET /v2/health/live HTTP/1.0\r\n\r\n")
    assert came.split(b"\r\n")[0].endswith(b"200 OK"), came[:300]
