"""The Open Inference Protocol as somebody would write it by hand for FastAPI or Ray: orjson, no
validation by pydantic, the binary extension by slicing."""

import numpy as np
import orjson

NUMPY = {"INT32": np.int32, "FP32": np.float32}
NAMES = {np.dtype(np.int32): "INT32", np.dtype(np.float32): "FP32"}
BINARY = "inference-header-content-length"


def read(body, header):
    """The inputs in the order of the request, and whether the outputs are wanted binary."""
    size = int(header) if header else len(body)
    request = orjson.loads(body[:size])
    arrays, at = [], size
    for given in request["inputs"]:
        dtype = NUMPY[given["datatype"]]
        if "data" in given:
            array = np.array(given["data"], dtype=dtype)
        else:
            length = given["parameters"]["binary_data_size"]
            array = np.frombuffer(body, dtype, length // 4, at)
            at += length
        arrays.append(array.reshape(given["shape"]))
    binary = any(o.get("parameters", {}).get("binary_data") for o in request.get("outputs", ()))
    return arrays, binary


def write(model, names, arrays, binary):
    """Body and headers."""
    outputs = []
    for name, array in zip(names, arrays):
        output = {"name": name, "datatype": NAMES[array.dtype], "shape": array.shape}
        if binary:
            output["parameters"] = {"binary_data_size": array.nbytes}
        else:
            output["data"] = np.ascontiguousarray(array).ravel()
        outputs.append(output)
    body = orjson.dumps(
        {"model_name": model, "model_version": "1", "outputs": outputs}, option=orjson.OPT_SERIALIZE_NUMPY)
    if not binary:
        return body, {"content-type": "application/json"}
    headers = {"content-type": "application/octet-stream", BINARY: str(len(body))}
    return b"".join([body, *(np.ascontiguousarray(array).tobytes() for array in arrays)]), headers
