"""Clients that mean harm, or break in the middle: each is refused or dropped, and the others never notice."""

import gzip
import json
import socket
import zlib

import pytest
from support.tensors import assert_simple, binary_input, parse, simple_request

INFER = "/v2/models/simple/infer"


@pytest.fixture(autouse=True)
def the_others_never_notice(rest):
    yield
    assert rest.get("/v2/health/ready").status == 200
    assert_simple(parse(rest.post(INFER, simple_request()))[1])


def connect(rest):
    return socket.create_connection((rest.host, rest.port), timeout=10)


def head(rest, *lines):
    return "\r\n".join([f"POST {INFER} HTTP/1.1", f"Host: {rest.address}", *lines, "", ""]).encode()


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
def test_a_bomb_of_half_a_gigabyte_is_refused(rest, compress):
    piece = compress(b" " * (512 * 1024 * 1024), 1)
    encoding = "gzip" if compress is gzip.compress else "deflate"
    try:
        answer = rest.post(INFER, piece, {"Content-Encoding": encoding})
    except OSError:
        return  # Closing the connection is an answer too.
    assert 400 <= answer.status < 500, str(answer)


def test_a_body_larger_than_the_server_takes_is_refused_before_it_is_sent(rest):
    with connect(rest) as connection:
        connection.sendall(head(rest, f"Content-Length: {2**40}", "Connection: close"))
        try:
            came = connection.recv(4096)
        except ConnectionError:
            return
    assert came.startswith(b"HTTP/1.1 4") or came == b"", came[:200]


@pytest.mark.parametrize("length", ["-1", "abc", "99999999999999999999999999", "1, 2"])
def test_a_content_length_that_is_none(rest, length):
    came = rest.raw(head(rest, f"Content-Length: {length}", "Connection: close"))
    assert came == b"" or came.startswith(b"HTTP/1.1 4"), came[:200]


def test_a_length_and_chunks_at_once(rest):
    """Two servers that read this differently let one client speak for another."""
    body = b"0\r\n\r\nGET /v2 HTTP/1.1\r\nHost: x\r\n\r\n"
    lines = (f"Content-Length: {len(body)}", "Transfer-Encoding: chunked", "Connection: close")
    came = rest.raw(head(rest, *lines) + body)
    assert came.count(b"HTTP/1.1 ") <= 1, came[:300]
    assert b"HTTP/1.1 200" not in came, came[:300]


@pytest.mark.parametrize("body", [b"zz\r\nabc\r\n0\r\n\r\n", b"-1\r\n\r\n", b"ffffffffffffffffff\r\nabc"])
def test_chunks_that_are_none(rest, body):
    came = rest.raw(head(rest, "Transfer-Encoding: chunked", "Connection: close") + body)
    assert came == b"" or came.startswith(b"HTTP/1.1 4"), came[:200]


@pytest.mark.parametrize("sent", [0, 10, 100])
def test_a_client_that_leaves_in_the_middle_of_its_body(rest, sent):
    body = json.dumps(simple_request()).encode()
    for _ in range(20):
        with connect(rest) as connection:
            connection.sendall(head(rest, f"Content-Length: {len(body)}") + body[:sent])


def test_a_client_that_stops_sending_but_still_listens(rest):
    body = json.dumps(simple_request()).encode()
    with connect(rest) as connection:
        connection.sendall(head(rest, f"Content-Length: {len(body)}", "Connection: close") + body)
        connection.shutdown(socket.SHUT_WR)
        came = b""
        while piece := connection.recv(65536):
            came += piece
    assert came == b"" or came.startswith(b"HTTP/1.1 200"), came[:200]


def test_a_hundred_clients_that_send_nothing_more(rest):
    waiting = [connect(rest) for _ in range(100)]
    for each in waiting:
        each.sendall(head(rest, "Content-Length: 1000")[:-2])
    assert_simple(parse(rest.post(INFER, simple_request()))[1])
    for each in waiting:
        each.close()


def test_headers_without_end(rest):
    try:
        came = rest.raw(f"GET /v2 HTTP/1.1\r\nHost: {rest.address}\r\n".encode() + b"X-Filler: " + b"a" * 1_000_000)
    except ConnectionError:
        return
    assert came == b"" or came.startswith(b"HTTP/1.1 4"), came[:200]


def test_a_long_path(rest):
    assert 400 <= rest.get("/v2/models/" + "a" * 3000).status < 500


def test_a_megabyte_for_a_name(rest):
    body = simple_request()
    body["inputs"][0]["name"] = "x" * 1_000_000
    answer = rest.post(INFER, body)
    assert 400 <= answer.status < 500, answer.status
    assert len(answer.body) < 100_000, "an error does not repeat everything it was told"


def test_ten_thousand_inputs(rest):
    body = {"inputs": [binary_input(f"input{number}", "INT32", [1, 16], 64) for number in range(10_000)]}
    answer = rest.post(INFER, body)
    assert 400 <= answer.status < 500, answer.status


@pytest.mark.parametrize("name", ["INPUT0\x00", "INPUT0\n", "\u202eINPUT0", "INPUT0 "])
def test_a_name_that_looks_like_another(rest, policy, name):
    body = simple_request()
    body["inputs"][0]["name"] = name
    policy.check(rest.post(INFER, body), "unknown-input")


def test_an_answer_never_leads_a_browser_astray(rest):
    answer = rest.get("/v2/models/<script>alert(1)</script>")
    assert 400 <= answer.status < 500
    if b"<script>" in answer.body:
        assert answer.headers.get("content-type", "").startswith(("application/json", "text/plain")), str(answer)
