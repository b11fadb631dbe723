"""scikit-learn estimators and pipelines, by skl2onnx."""

import contextlib
import os
import sys
import warnings

import numpy as np
from columns import TEXT, columns_of
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
    outputs, ranks = outputs_of(request["output"])
    events.step("converted to ONNX: %s -> %s" % (columns.summary(), ", ".join(outputs)))
    classes = getattr(model, "classes_", None)
    classifier = hasattr(model, "predict_proba") and classes is not None
    return Converted(
        request["output"],
        columns.inputs,
        lambda feeds: original(model, columns.assemble(feeds), outputs, ranks),
        labels=list(classes) if classifier and np.ndim(classes) == 1 else [],
        # The graph gives the label itself; a second one made of the scores would have its name.
        scores="" if "label" in outputs else ("probabilities" if classifier else ""),
        decides=("label", outputs[1]) if "label" in outputs and len(outputs) > 1 else None,
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
    from skl2onnx._supported_operators import sklearn_operator_name_map

    for part in parts(model):
        package = type(part).__module__.split(".")[0]
        if package in ELSEWHERE:
            raise Refused(
                "%s.%s: it has no converter here" % (type(part).__module__, type(part).__name__),
                ELSEWHERE[package],
            )
        if package != "sklearn" and type(part) not in sklearn_operator_name_map:
            raise no_converter("%s.%s" % (type(part).__module__, type(part).__name__))


def no_converter(name):
    return Refused(
        "%s: skl2onnx has no converter for it" % name,
        "replace the step by one that has, or do its work in the client",
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
    from skl2onnx.common.exceptions import MissingConverter, MissingShapeCalculator

    for part in parts(model):
        if hasattr(part, "flatten_transform"):
            # The converter wants it so; it changes transform() only, which a prediction does not use.
            part.flatten_transform = False
    try:
        onnx = converted(model, columns)
    except (MissingConverter, MissingShapeCalculator) as error:
        raise no_converter(named(error, model)) from error
    except (NotImplementedError, RuntimeError, TypeError, ValueError, AttributeError) as error:
        raise Refused(
            "skl2onnx gave up: %s" % " ".join(str(error).split())[:300],
            "the message names the step; a simpler setting of it may convert",
        ) from error
    with open(path, "wb") as file:
        file.write(onnx.SerializeToString())


def converted(model, columns):
    from skl2onnx import to_onnx
    from sklearn.base import is_classifier

    options = {}
    for part in parts(model):
        if type(part).__name__ in TEXT:
            # Its usual locale, en_US, is missing in most containers; this one is everywhere.
            options[id(part)] = {"locale": "C.UTF-8"}
    if is_classifier(model):
        options[id(model)] = {"zipmap": False}
    try:
        return to_onnx(model, initial_types=columns.types(), options=options, target_opset=OPSET)
    except NameError:
        # Some classifiers (linear SVC and others) know no option zipmap.
        options.pop(id(model), None)
        return to_onnx(model, initial_types=columns.types(), options=options, target_opset=OPSET)


def named(error, model):
    text = str(error)
    for part in parts(model):
        if type(part).__name__ in text:
            return "%s.%s" % (type(part).__module__, type(part).__name__)
    return " ".join(text.split())[:200]


def outputs_of(path):
    """Names and numbers of dimensions."""
    import onnx

    model = onnx.load(path)
    for value in model.graph.output:
        if not value.type.HasField("tensor_type"):
            raise Refused(
                "output %s: a map or sequence (expected: a tensor)" % value.name,
                "this classifier's ONNX form has no tensor of probabilities",
            )
    outputs = list(model.graph.output)
    return (
        [value.name for value in outputs],
        {value.name: len(value.type.tensor_type.shape.dim) for value in outputs},
    )


def original(model, data, outputs, ranks):
    with warnings.catch_warnings(), contextlib.suppress(ImportError):
        warnings.simplefilter("ignore")
        try:
            values = answers(model, data)
        except ValueError as error:
            # Fitted on double numbers, some estimators take nothing else.
            if "Buffer dtype mismatch" not in str(error):
                raise
            values = answers(model, data.astype(np.float64))
    return {name: fitted(value, ranks[name]) for name, value in zip(outputs, values)}


def answers(model, data):
    """What the ONNX form gives too, in its order."""
    if not hasattr(model, "predict"):
        return [model.transform(data)]
    values = [model.predict(data)]
    for second in ("predict_proba", "decision_function", "transform"):
        if hasattr(model, second):
            return values + [getattr(model, second)(data)]
    return values


def fitted(values, rank):
    """In ONNX a row of single values is often a column, a list of arrays one array, and none is sparse."""
    values = np.stack(values, axis=0) if isinstance(values, list) else values
    values = values.toarray() if hasattr(values, "toarray") else np.asarray(values)
    return values.reshape(-1, 1) if rank == 2 and values.ndim == 1 else values
