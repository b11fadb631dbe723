"""HTTP as it is on the wire: no client library smooths what a server answers."""

import http.client
import json
import socket
from dataclasses import dataclass

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Answer:
    status: int
    # Names in lower case.
    headers: dict
    body: bytes

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError as problem:
            raise AssertionError(f"not JSON: {self.body[:300]!r} (status {self.status})") from problem

    def __str__(self):
        return f"{self.status} {self.headers} {self.body[:500]!r}"


class Wire:
    """One server, by host:port. Each request has a connection of its own."""

    def __init__(self, address):
        self.address = address
        host, _, port = address.rpartition(":")
        self.host, self.port = host.strip("[]"), int(port)

    def connect(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_SECONDS)

    def request(self, method, path, body=None, headers=None, chunked=False):
        connection = self.connect()
        try:
            return self.request_on(connection, method, path, body, headers, chunked)
        finally:
            connection.close()

    def request_on(self, connection, method, path, body=None, headers=None, chunked=False):
        headers = dict(headers or {})
        if isinstance(body, dict | list):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        if chunked:
            headers["Transfer-Encoding"] = "chunked"
        connection.request(method, path, body=body, headers=headers, encode_chunked=chunked)
        response = connection.getresponse()
        received = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, received, response.read())

    def get(self, path, headers=None):
        return self.request("GET", path, headers=headers)

    def post(self, path, body=None, headers=None, chunked=False):
        return self.request("POST", path, b"" if body is None else body, headers, chunked)

    def raw(self, data, silent_seconds=5):
        """Sends bytes as they are and returns what comes back until the server closes, or has been silent for long."""
        with socket.create_connection((self.host, self.port), timeout=silent_seconds) as connection:
            connection.sendall(data)
            received = b""
            while True:
                try:
                    piece = connection.recv(65536)
                except TimeoutError:
                    return received
                received += piece
                if not piece:
                    return received
