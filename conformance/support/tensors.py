"""Tensors of the Open Inference Protocol: JSON, binary, and requests made of them."""

import json
import struct
from dataclasses import dataclass

import numpy as np

NUMPY_TYPES = {
    "BOOL": np.bool_,
    "UINT8": np.uint8,
    "UINT16": np.uint16,
    "UINT32": np.uint32,
    "UINT64": np.uint64,
    "INT8": np.int8,
    "INT16": np.int16,
    "INT32": np.int32,
    "INT64": np.int64,
    "FP16": np.float16,
    "FP32": np.float32,
    "FP64": np.float64,
    # The two upper bytes of an FP32, as they are: numpy has no such type.
    "BF16": np.uint16,
}

# What each datatype must carry unharmed.
EXTREMES = {
    "BOOL": [True, False, True],
    "UINT8": [0, 1, 255],
    "UINT16": [0, 1, 65535],
    "UINT32": [0, 1, 2**32 - 1],
    "UINT64": [0, 2**53 + 1, 2**64 - 1],
    "INT8": [-128, 0, 127],
    "INT16": [-32768, 0, 32767],
    "INT32": [-(2**31), 0, 2**31 - 1],
    "INT64": [-(2**63), 2**53 + 1, 2**63 - 1],
    "FP16": [-65504.0, 0.5, 6e-8],
    "FP32": [-3.4028234663852886e38, 0.1, 1.401298464324817e-45],
    "FP64": [-1.7976931348623157e308, 0.1, 5e-324],
    "BYTES": [b"", "grüße ☃ \U0001f40b".encode(), b'"quoted" \\ \n\t'],
    "BF16": [0x3F80, 0xC000, 0x7F7F],
}

JSON_TYPES = [each for each in EXTREMES if each not in ("FP16", "BF16")]


def model_of(datatype):
    """The identity model of a datatype."""
    return "simple_identity" if datatype == "BYTES" else f"identity_{datatype.lower()}"


def array(datatype, values):
    if datatype == "BYTES":
        return np.array([each if isinstance(each, bytes) else str(each).encode() for each in values], dtype=object)
    return np.array(values, dtype=NUMPY_TYPES[datatype])


def to_binary(datatype, values):
    if datatype == "BYTES":
        return b"".join(struct.pack("<I", len(each)) + each for each in np.asarray(values, dtype=object).flat)
    return np.ascontiguousarray(values, dtype=np.dtype(NUMPY_TYPES[datatype]).newbyteorder("<")).tobytes()


def from_binary(datatype, data):
    if datatype != "BYTES":
        return np.frombuffer(data, dtype=np.dtype(NUMPY_TYPES[datatype]).newbyteorder("<"))
    elements, at = [], 0
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        elements.append(data[at + 4 : at + 4 + length])
        assert len(elements[-1]) == length, "a BYTES element is cut off"
        at += 4 + length
    return np.array(elements, dtype=object)


def json_input(name, datatype, shape, data, **parameters):
    made = {"name": name, "datatype": datatype, "shape": list(shape), "data": data}
    if parameters:
        made["parameters"] = parameters
    return made


def binary_input(name, datatype, shape, size):
    return {"name": name, "datatype": datatype, "shape": list(shape), "parameters": {"binary_data_size": size}}


def binary_request(header, *tensors):
    """A body and its headers: the JSON, then the tensors as they are."""
    text = json.dumps(header).encode()
    headers = {"Inference-Header-Content-Length": str(len(text)), "Content-Type": "application/octet-stream"}
    return text + b"".join(tensors), headers


@dataclass(frozen=True)
class Output:
    name: str
    datatype: str
    shape: list
    # Flat.
    values: np.ndarray
    binary: bool


def parse(answer):
    """The JSON of an inference response, and its outputs by name."""
    assert answer.status == 200, str(answer)
    length = answer.headers.get("inference-header-content-length")
    text = answer.body if length is None else answer.body[: int(length)]
    rest = b"" if length is None else answer.body[int(length) :]
    header = json.loads(text)
    outputs = {}
    for each in header["outputs"]:
        size = each.get("parameters", {}).get("binary_data_size")
        if size is None:
            values = array(each["datatype"], flat(each["data"]))
        else:
            assert "data" not in each, f"both data and binary data: {each['name']}"
            assert len(rest) >= size, f"{size} bytes promised for {each['name']}, {len(rest)} there"
            values, rest = from_binary(each["datatype"], rest[:size]), rest[size:]
        outputs[each["name"]] = Output(each["name"], each["datatype"], each["shape"], values, size is not None)
    assert not rest, f"{len(rest)} bytes belong to no output"
    return header, outputs


def flat(data):
    if not isinstance(data, list):
        return [data]
    return [leaf for each in data for leaf in flat(each)] if any(isinstance(each, list) for each in data) else data


def simple_request(rows=1, **more):
    """A request for the model simple whose answer is easy to say: i + 1 and i - 1."""
    first = [list(range(row * 16, row * 16 + 16)) for row in range(rows)]
    return {
        "inputs": [
            json_input("INPUT0", "INT32", [rows, 16], first),
            json_input("INPUT1", "INT32", [rows, 16], [[1] * 16] * rows),
        ],
        **more,
    }


def assert_simple(outputs, rows=1):
    numbers = np.arange(rows * 16, dtype=np.int32)
    for name, wanted in (("OUTPUT0", numbers + 1), ("OUTPUT1", numbers - 1)):
        assert outputs[name].datatype == "INT32"
        assert outputs[name].shape == [rows, 16]
        np.testing.assert_array_equal(outputs[name].values, wanted)
