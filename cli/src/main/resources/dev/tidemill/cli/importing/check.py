"""Runs the original and the ONNX file on the same seeded inputs and tells the differences. What they
mean is decided by `tidemill import`."""

import numpy as np
from convert import Refused
from converted import DTYPES, describe, given_sample


def run(request, converted, events):
    opset = describe(
        converted.path,
        converted.labels,
        converted.scores,
        "imported by tidemill from a %s model" % request["kind"],
    )
    session = open_session(converted.path)
    inputs = [(value.name, value.type, value.shape) for value in session.get_inputs()]
    outputs = [(value.name, value.type, value.shape) for value in session.get_outputs()]
    sample = given_sample(request)
    known(sample, converted.inputs)
    batches = [converted.fixed_batch] if converted.fixed_batch else request["batches"]
    rng = np.random.default_rng(request["seed"])
    for batch in batches:
        feeds = {}
        for value in converted.inputs:
            if value.name in sample:
                feeds[value.name] = rows(sample[value.name], batch).astype(DTYPES[value.dtype])
            else:
                feeds[value.name] = value.sample(rng, batch)
        expected = converted.run(feeds)
        got = run_onnx(session, feeds, inputs, outputs, batch)
        compare(batch, expected, got, undecided(converted.decides, expected, batch), events)
    unchecked = sorted({name for name, _, _ in outputs} - set(expected))
    if unchecked:
        events.note("the original gives no %s, so that is not compared" % ", ".join(unchecked))
    events.say(
        "result",
        labels=converted.labels,
        scores=converted.scores,
        inputs=[described(*value) for value in inputs],
        outputs=[described(*value) for value in outputs],
        opset=opset,
        fixedBatch=converted.fixed_batch,
        sampled=sorted(sample),
        versions=converted.versions,
    )


def open_session(path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise Refused(
            "ONNX Runtime does not load what the converter wrote: %s" % one_line(error),
            "the operator it names has no implementation for CPU",
        ) from error


def known(sample, inputs):
    names = [value.name for value in inputs]
    unknown = sorted(set(sample) - set(names))
    if unknown:
        raise Refused(
            "--sample: '%s' (expected: names among %s)" % (", ".join(unknown), ", ".join(names)[:400])
        )


def rows(array, batch):
    """The first rows, from the start again when there are too few."""
    return array[np.arange(batch) % array.shape[0]]


def run_onnx(session, feeds, inputs, outputs, batch):
    names = {name for name, _, _ in inputs}
    try:
        # An input that no output depends on is dropped by some converters.
        given = {name: array for name, array in feeds.items() if name in names}
        return dict(zip([name for name, _, _ in outputs], session.run(None, given)))
    except Exception as error:
        raise Refused(
            "the ONNX model fails on %d rows: %s" % (batch, one_line(error)),
            "if the model takes one batch size only, say so: --fixed-batch N",
        ) from error


def undecided(decides, expected, batch):
    """The label's name and its rows in which the two highest scores are the same to 6 digits."""
    if decides is None:
        return None, None
    label, scores = decides
    values = np.asarray(expected.get(scores, np.zeros(0)))
    if values.ndim != 2 or values.shape[0] != batch or values.shape[1] < 2:
        return None, None
    ordered = np.sort(values, axis=1)
    return label, ordered[:, -1] - ordered[:, -2] <= 1e-6


def compare(batch, expected, got, ties, events):
    tied_label, tied = ties
    for name, want in expected.items():
        if name not in got:
            raise Refused("output %s: the ONNX model has no such output, but %s" % (name, sorted(got)))
        want, have = np.asarray(want), np.asarray(got[name])
        if name == tied_label and want.shape == have.shape == tied.shape:
            want, have = want[~tied], have[~tied]
        events.say("difference", output=name, batch=batch, **difference(want, have))


def difference(want, have):
    if want.shape != have.shape:
        return {
            "shapes": "%s and %s" % (list(want.shape), list(have.shape)),
            "elements": int(want.size),
            "maxAbs": 0.0,
            "maxRel": 0.0,
            "worst": 0.0,
            "mismatches": int(want.size),
        }
    if want.dtype.kind == "f" or have.dtype.kind == "f":
        return numbers(want.astype(np.float64), have.astype(np.float64))
    if want.dtype.kind in "OUS" or have.dtype.kind in "OUS":
        different = int(np.sum(want.astype(str) != have.astype(str)))
    else:
        different = int(np.sum(want != have))
    return {
        "elements": int(want.size),
        "maxAbs": 0.0,
        "maxRel": 0.0,
        "worst": 0.0,
        "mismatches": different,
    }


def numbers(want, have):
    # The same infinity, and NaN in both, agree; NaN or infinity in one of them only does not.
    finite = np.isfinite(want) & np.isfinite(have)
    same = (want == have) | (np.isnan(want) & np.isnan(have))
    absolute = np.abs(want[finite] - have[finite])
    size = np.abs(want[finite])
    return {
        "elements": int(want.size),
        "maxAbs": most(absolute),
        "maxRel": most(absolute / np.maximum(size, np.finfo(np.float32).tiny) * (absolute > 0)),
        "worst": most(absolute / np.maximum(size, 1.0)),
        "mismatches": int(np.sum(~finite & ~same)),
    }


def most(values):
    return float(values.max()) if values.size else 0.0


def described(name, kind, shape):
    return {
        "name": name,
        "type": kind,
        "shape": [size if isinstance(size, int) else -1 for size in shape],
    }


def one_line(error):
    return " ".join(str(error).split())[:500]
