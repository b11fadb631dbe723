"""Requests as bytes and answers as arrays, for each protocol. No client library: the driver sends
prepared bytes, and the harness reads what came back."""

import json
import struct

import numpy as np

NUMPY = {"INT32": np.int32, "FP32": np.float32, "INT64": np.int64, "FP64": np.float64}


# --- HTTP ---

def http(path, body, headers=()):
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _number(value):
    """As short as JSON allows: 0.1234, not 0.12340000271797180."""
    return json.dumps(round(float(value), 4))


def numbers(array):
    flat = array.ravel()
    if array.dtype.kind == "i":
        return "[" + ",".join(map(str, flat.tolist())) + "]"
    return "[" + ",".join(map(_number, flat)) + "]"


def nested(array):
    if array.ndim == 1:
        return numbers(array)
    return "[" + ",".join(nested(part) for part in array) + "]"


def json_request(workload, arrays):
    inputs = ",".join(
        '{"name":"%s","shape":%s,"datatype":"%s","data":%s}'
        % (name, json.dumps(list(array.shape), separators=(",", ":")), workload.dtype, numbers(array))
        for name, array in zip(workload.inputs, arrays))
    body = ('{"inputs":[%s]}' % inputs).encode()
    return http(f"/v2/models/{workload.model}/infer", body, ["Content-Type: application/json"])


def binary_request(workload, arrays):
    inputs = [
        {"name": name, "shape": list(array.shape), "datatype": workload.dtype,
         "parameters": {"binary_data_size": array.nbytes}}
        for name, array in zip(workload.inputs, arrays)]
    outputs = [{"name": name, "parameters": {"binary_data": True}} for name in workload.outputs]
    head = json.dumps({"inputs": inputs, "outputs": outputs}, separators=(",", ":")).encode()
    return http(
        f"/v2/models/{workload.model}/infer", head + b"".join(a.tobytes() for a in arrays),
        ["Content-Type: application/octet-stream", f"Inference-Header-Content-Length: {len(head)}"])


def json_answer(workload, body):
    given = {output["name"]: output for output in json.loads(body)["outputs"]}
    return [
        np.array(given[name]["data"]).astype(NUMPY[given[name]["datatype"]])
        .reshape(given[name]["shape"]) for name in workload.outputs]


def binary_answer(workload, body):
    """The JSON ends where its outermost object does; the driver keeps bodies without headers."""
    text = body[:16384].decode("latin-1")
    head, at = json.JSONDecoder().raw_decode(text)
    given = {}
    for output in head["outputs"]:
        size = output["parameters"]["binary_data_size"]
        array = np.frombuffer(body[at:at + size], NUMPY[output["datatype"]])
        given[output["name"]] = array.reshape(output["shape"])
        at += size
    if at != len(body):
        raise ValueError(f"{len(body) - at} bytes too many")
    return [given[name] for name in workload.outputs]


# --- gRPC ---

def _varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number, value):
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def grpc_request(workload, arrays):
    message = _field(1, workload.model.encode())
    for name, array in zip(workload.inputs, arrays):
        shape = b"".join(map(_varint, array.shape))
        message += _field(5, _field(1, name.encode()) + _field(2, workload.dtype.encode()) + _field(3, shape))
    for array in arrays:
        message += _field(7, array.tobytes())
    return struct.pack(">BI", 0, len(message)) + message


def _read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        tag, at = _read_varint(data, at)
        if tag & 7 == 0:
            value, at = _read_varint(data, at)
        elif tag & 7 == 2:
            size, at = _read_varint(data, at)
            value, at = data[at:at + size], at + size
        else:
            size = 8 if tag & 7 == 1 else 4
            value, at = data[at:at + size], at + size
        yield tag >> 3, value


def grpc_answer(workload, body):
    names, raw = [], []
    for number, value in fields(body):
        if number == 5:
            name, kind, shape = "", "", []
            for inner, part in fields(value):
                if inner == 1:
                    name = part.decode()
                elif inner == 2:
                    kind = part.decode()
                elif inner == 3 and isinstance(part, int):
                    shape.append(part)
                elif inner == 3:
                    at = 0
                    while at < len(part):
                        size, at = _read_varint(part, at)
                        shape.append(size)
            names.append((name, kind, shape))
        elif number == 6:
            raw.append(value)
    given = {
        name: np.frombuffer(data, NUMPY[kind]).reshape(shape)
        for (name, kind, shape), data in zip(names, raw, strict=True)}
    return [given[name] for name in workload.outputs]


# --- BentoML, which has a JSON of its own ---

def bento_request(workload, arrays):
    """One batchable parameter, so two inputs travel as one array."""
    together = arrays[0] if len(arrays) == 1 else np.stack(arrays, axis=1)
    body = ('{"x":%s}' % nested(together)).encode()
    return http(f"/{workload.model}", body, ["Content-Type: application/json"])


def bento_answer(workload, body):
    array = np.array(json.loads(body))
    parts = [array] if len(workload.outputs) == 1 else [array[:, i] for i in range(len(workload.outputs))]
    return [part.astype(workload.numpy) for part in parts]


DIALECTS = {
    ("oip", "json"): (json_request, json_answer),
    ("oip", "binary"): (binary_request, binary_answer),
    ("oip", "grpc"): (grpc_request, grpc_answer),
    ("bento", "json"): (bento_request, bento_answer),
}


# --- the driver's files ---

def write_requests(path, requests):
    with open(path, "wb") as out:
        out.write(struct.pack(">i", len(requests)))
        for request in requests:
            out.write(struct.pack(">i", len(request)) + request)


def read_samples(path):
    with open(path, "rb") as file:
        data = file.read()
    (count,), at = struct.unpack_from(">i", data), 4
    for _ in range(count):
        variant, size = struct.unpack_from(">ii", data, at)
        at += 8
        yield variant, data[at:at + size]
        at += size
