"""scikit-learn estimators and pipelines, by skl2onnx."""

import contextlib
import os
import sys
import warnings

import numpy as np
from columns import columns_of
from convert import Refused
from converted import Converted

OPSET = {"": 18, "ai.onnx.ml": 3}
ELSEWHERE = {
    "xgboost": "XGBoost writes its own format: convert it with onnxmltools, then `tidemill register`",
    "lightgbm": "LightGBM: convert it with onnxmltools, then `tidemill register`",
    "catboost": "CatBoost writes ONNX itself: model.save_model(file, format='onnx'), then `tidemill register`",
}


def convert(request, events):
    import sklearn

    model = load(request)
    events.step("loaded %s with scikit-learn %s" % (type(model).__name__, sklearn.__version__))
    foreign(model)
    columns = columns_of(model, request)
    for note in columns.notes:
        events.note(note)
    write(model, columns, request["output"])
    outputs = output_names(request["output"])
    events.step("converted to ONNX: %s -> %s" % (columns.summary(), ", ".join(outputs)))
    classes = getattr(model, "classes_", None)
    classifier = hasattr(model, "predict_proba") and classes is not None
    return Converted(
        request["output"],
        columns.inputs,
        lambda feeds: original(model, columns.assemble(feeds), outputs),
        labels=list(classes) if classifier and np.ndim(classes) == 1 else [],
        # The graph gives the label itself; a second one made of the scores would have its name.
        scores="" if "label" in outputs else ("probabilities" if classifier else ""),
        versions={"scikit-learn": sklearn.__version__},
    )


def load(request):
    path = request["main"]
    if request["trust"]:
        # Where people, and MLflow, keep the source of their own classes; behind everything else.
        folder = request["source"] if os.path.isdir(request["source"]) else os.path.dirname(path)
        sys.path += [folder, os.path.join(folder, "code")]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            model = load_skops(path, request) if path.endswith(".skops") else load_pickle(path)
        except (AttributeError, ImportError, TypeError, KeyError, ValueError) as error:
            raise unloadable(error) from error
    for warning in caught:
        if type(warning.message).__name__ == "InconsistentVersionWarning":
            raise Refused(
                "file: %s" % str(warning.message).split(". ")[0],
                "save it again with a newer scikit-learn, or pass --venv with the version that wrote it",
            )
    if isinstance(model, dict):
        found = [key for key, value in model.items() if hasattr(value, "predict")]
        raise Refused(
            "file: 'a dict' (expected: an estimator)",
            "save the estimator alone" + (": the one under '%s'" % found[0] if found else ""),
        )
    if not hasattr(model, "predict") and not hasattr(model, "transform"):
        raise Refused(
            "file: 'a %s' (expected: a fitted estimator or pipeline)" % type(model).__name__
        )
    return model


def load_pickle(path):
    import joblib

    return joblib.load(path)


def load_skops(path, request):
    import skops.io

    unknown = skops.io.get_untrusted_types(file=path)
    if unknown and not request["trust"]:
        raise Refused(
            "file: types that skops does not know as safe: %s" % ", ".join(unknown[:8]),
            "pass --trust if you trust who wrote the file",
        )
    return skops.io.load(path, trusted=unknown)


def unloadable(error):
    text = " ".join(str(error).split())[:300]
    if isinstance(error, ModuleNotFoundError):
        return Refused(
            "file: it needs the module '%s', which the converter does not have" % error.name,
            "a class of your own has no ONNX form unless you write one for skl2onnx; "
            "pass --venv with an environment that has the module",
        )
    return Refused(
        "file: it cannot be loaded: %s: %s" % (type(error).__name__, text),
        "the usual cause is another version of a library: pass --venv with the versions that wrote it",
    )


def foreign(model):
    """Names the parts that are not scikit-learn's before the converter trips over them."""
    for part in parts(model):
        package = type(part).__module__.split(".")[0]
        if package in ELSEWHERE:
            raise Refused(
                "%s.%s: it has no converter here" % (type(part).__module__, type(part).__name__),
                ELSEWHERE[package],
            )


def parts(model):
    yield model
    for name in ("steps", "transformers_", "transformers", "estimators"):
        for entry in getattr(model, name, None) or []:
            if isinstance(entry, tuple):
                for value in entry[1:2]:
                    if hasattr(value, "get_params") and not isinstance(value, type):
                        yield from parts(value)
    for name in ("estimator", "base_estimator", "final_estimator_", "best_estimator_", "regressor_"):
        value = getattr(model, name, None)
        if hasattr(value, "get_params") and not isinstance(value, type):
            yield from parts(value)


def write(model, columns, path):
    from skl2onnx import to_onnx
    from skl2onnx.common.exceptions import MissingConverter, MissingShapeCalculator

    options = {id(model): {"zipmap": False}} if hasattr(model, "predict_proba") else None
    try:
        try:
            onnx = to_onnx(model, initial_types=columns.types(), options=options, target_opset=OPSET)
        except NameError:
            # Some classifiers (linear SVC and others) know no option zipmap.
            onnx = to_onnx(model, initial_types=columns.types(), target_opset=OPSET)
    except (MissingConverter, MissingShapeCalculator) as error:
        raise Refused(
            "%s: skl2onnx has no converter for it" % named(error, model),
            "replace the step, or write a converter for it with skl2onnx.update_registered_converter",
        ) from error
    except (NotImplementedError, RuntimeError, TypeError, ValueError, AttributeError) as error:
        raise Refused(
            "skl2onnx gave up: %s" % " ".join(str(error).split())[:500],
            "the message names the step; a simpler setting of it may convert",
        ) from error
    with open(path, "wb") as file:
        file.write(onnx.SerializeToString())


def named(error, model):
    text = str(error)
    for part in parts(model):
        if type(part).__name__ in text:
            return "%s.%s" % (type(part).__module__, type(part).__name__)
    return " ".join(text.split())[:200]


def output_names(path):
    import onnx

    model = onnx.load(path)
    for value in model.graph.output:
        if not value.type.HasField("tensor_type"):
            raise Refused(
                "output %s: a map or sequence (expected: a tensor)" % value.name,
                "this classifier's ONNX form has no tensor of probabilities",
            )
    return [value.name for value in model.graph.output]


def original(model, data, outputs):
    with warnings.catch_warnings(), contextlib.suppress(ImportError):
        warnings.simplefilter("ignore")
        if not hasattr(model, "predict"):
            return {outputs[0]: dense(model.transform(data))}
        results = {outputs[0]: match(model.predict(data), outputs[0])}
        if len(outputs) > 1:
            if hasattr(model, "predict_proba"):
                results[outputs[1]] = probabilities(model.predict_proba(data))
            elif hasattr(model, "transform"):
                results[outputs[1]] = dense(model.transform(data))
        return results


def probabilities(values):
    return np.stack(values, axis=0) if isinstance(values, list) else values


def match(values, name):
    values = np.asarray(values)
    # Regressors: skl2onnx gives a column, scikit-learn a row.
    return values.reshape(-1, 1) if name == "variable" and values.ndim == 1 else values


def dense(values):
    return values.toarray() if hasattr(values, "toarray") else np.asarray(values)
