"""PredictionService: Predict, Classify, Regress, MultiInference, GetModelMetadata."""

import numpy as np
import pytest
from tensorflow import example_pb2, tensor_pb2
from tensorflow.serving import (
    classification_pb2,
    get_model_metadata_pb2,
    inference_pb2,
    input_pb2,
    model_pb2,
    predict_pb2,
    regression_pb2,
)

# DataType -> (name, numpy type, list).
TYPES = {
    "DT_FLOAT": ("identity_fp32", np.float32, "float_val"),
    "DT_DOUBLE": ("identity_fp64", np.float64, "double_val"),
    "DT_INT32": ("identity_int32", np.int32, "int_val"),
    "DT_INT16": ("identity_int16", np.int16, "int_val"),
    "DT_INT8": ("identity_int8", np.int8, "int_val"),
    "DT_UINT8": ("identity_uint8", np.uint8, "int_val"),
    "DT_UINT16": ("identity_uint16", np.uint16, "int_val"),
    "DT_UINT32": ("identity_uint32", np.uint32, "uint32_val"),
    "DT_UINT64": ("identity_uint64", np.uint64, "uint64_val"),
    "DT_INT64": ("identity_int64", np.int64, "int64_val"),
    "DT_BOOL": ("identity_bool", np.bool_, "bool_val"),
    "DT_HALF": ("identity_fp16", np.float16, "half_val"),
}


def dtype(name):
    return tensor_pb2.DataType.Value(name)


def tensor(kind, shape, **values):
    dims = [tensor_pb2.TensorShapeProto.Dim(size=each) for each in shape]
    return tensor_pb2.TensorProto(dtype=dtype(kind), tensor_shape=tensor_pb2.TensorShapeProto(dim=dims), **values)


def array(proto):
    """What tf.make_ndarray does: content or list, and one element for all."""
    name = tensor_pb2.DataType.Name(proto.dtype)
    shape = [each.size for each in proto.tensor_shape.dim]
    if name == "DT_STRING":
        return np.array(list(proto.string_val), dtype=object).reshape(shape)
    _, kind, field = TYPES[name]
    if proto.tensor_content:
        return np.frombuffer(proto.tensor_content, dtype=kind).reshape(shape)
    values = list(getattr(proto, field))
    values = np.array(values, dtype=np.uint16).view(np.float16) if name == "DT_HALF" else np.array(values, dtype=kind)
    return np.full(shape, values[0]) if len(values) == 1 else values.reshape(shape)


def spec(name, version=None, label=None, signature=""):
    made = model_pb2.ModelSpec(name=name, signature_name=signature)
    if version is not None:
        made.version.value = version
    if label is not None:
        made.version_label = label
    return made


def half(*numbers, **more):
    inputs = {"x": tensor("DT_FLOAT", [len(numbers)], float_val=numbers)}
    return predict_pb2.PredictRequest(model_spec=spec("half_plus_two"), inputs=inputs, **more)


def test_predict(prediction):
    response = prediction.Predict(half(2, 3, 4))
    np.testing.assert_array_equal(array(response.outputs["y"]), [3, 3.5, 4])
    assert response.outputs["y"].dtype == dtype("DT_FLOAT")


def test_the_answer_says_which_model_and_version_gave_it(prediction):
    said = prediction.Predict(half(1)).model_spec
    assert said.name == "half_plus_two"
    assert said.version.value == 1
    assert said.signature_name == "serving_default"


@pytest.mark.parametrize(("version", "plus"), [(None, 3), (1, 1), (3, 3)])
def test_the_newest_version_answers_unless_one_is_named(prediction, version, plus):
    request = predict_pb2.PredictRequest(
        model_spec=spec("versioned", version), inputs={"x": tensor("DT_FLOAT", [1], float_val=[10])}
    )
    response = prediction.Predict(request)
    assert list(array(response.outputs["y"])) == [10 + plus]
    assert response.model_spec.version.value == plus


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_datatype_as_content(prediction, kind):
    model, numpy_type, _ = TYPES[kind]
    values = np.array([[0, 1, 1]], dtype=numpy_type)
    request = predict_pb2.PredictRequest(
        model_spec=spec(model), inputs={"INPUT0": tensor(kind, [1, 3], tensor_content=values.tobytes())}
    )
    output = prediction.Predict(request).outputs["OUTPUT0"]
    assert output.dtype == dtype(kind)
    np.testing.assert_array_equal(array(output), values)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_datatype_as_a_list(prediction, kind):
    model, numpy_type, field = TYPES[kind]
    values = np.array([[0, 1, 1]], dtype=numpy_type)
    listed = values.view(np.uint16).flatten().tolist() if kind == "DT_HALF" else values.flatten().tolist()
    request = predict_pb2.PredictRequest(
        model_spec=spec(model), inputs={"INPUT0": tensor(kind, [1, 3], **{field: listed})}
    )
    np.testing.assert_array_equal(array(prediction.Predict(request).outputs["OUTPUT0"]), values)


@pytest.mark.parametrize("values", [[b"text", b"", "grüße".encode()], [b"\x00\xff"]], ids=["text", "bytes"])
def test_strings(prediction, values):
    request = predict_pb2.PredictRequest(
        model_spec=spec("text_and_bytes"), inputs={"text": tensor("DT_STRING", [len(values)], string_val=values)}
    )
    assert list(array(prediction.Predict(request).outputs["same"])) == values


def test_one_element_stands_for_all(prediction):
    request = predict_pb2.PredictRequest(
        model_spec=spec("half_plus_two"), inputs={"x": tensor("DT_FLOAT", [4], float_val=[2])}
    )
    np.testing.assert_array_equal(array(prediction.Predict(request).outputs["y"]), [3, 3, 3, 3])


def test_the_last_element_stands_for_the_rest(prediction):
    request = predict_pb2.PredictRequest(
        model_spec=spec("half_plus_two"), inputs={"x": tensor("DT_FLOAT", [4], float_val=[2, 4])}
    )
    np.testing.assert_array_equal(array(prediction.Predict(request).outputs["y"]), [3, 4, 4, 4])


def two_inputs(**more):
    inputs = {
        "INPUT0": tensor("DT_INT32", [1, 16], int_val=range(16)),
        "INPUT1": tensor("DT_INT32", [1, 16], int_val=[1]),
    }
    return predict_pb2.PredictRequest(model_spec=spec("simple"), inputs=inputs, **more)


def test_several_inputs_and_outputs(prediction):
    outputs = prediction.Predict(two_inputs()).outputs
    assert set(outputs) == {"OUTPUT0", "OUTPUT1"}
    np.testing.assert_array_equal(array(outputs["OUTPUT0"])[0], np.arange(16) + 1)


def test_the_filter_picks_outputs(prediction):
    assert set(prediction.Predict(two_inputs(output_filter=["OUTPUT1"])).outputs) == {"OUTPUT1"}


def test_a_filter_for_what_is_not_there(prediction, refused):
    refused(prediction.Predict, two_inputs(output_filter=["nobody"]), "INVALID_ARGUMENT")


def test_messages_beyond_four_megabytes(prediction):
    values = np.random.default_rng(2).random((8, 150_528), dtype=np.float32)
    request = predict_pb2.PredictRequest(
        model_spec=spec("identity_fp32"),
        inputs={"INPUT0": tensor("DT_FLOAT", values.shape, tensor_content=values.tobytes())},
    )
    np.testing.assert_array_equal(array(prediction.Predict(request).outputs["OUTPUT0"]), values)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (predict_pb2.PredictRequest(model_spec=spec("nobody")), "NOT_FOUND"),
        (predict_pb2.PredictRequest(model_spec=spec("half_plus_two", 99)), "NOT_FOUND"),
        (predict_pb2.PredictRequest(), "INVALID_ARGUMENT"),
        (predict_pb2.PredictRequest(model_spec=spec("half_plus_two")), "INVALID_ARGUMENT"),
        (
            predict_pb2.PredictRequest(
                model_spec=spec("half_plus_two"), inputs={"nobody": tensor("DT_FLOAT", [1], float_val=[1])}
            ),
            "INVALID_ARGUMENT",
        ),
        (
            predict_pb2.PredictRequest(
                model_spec=spec("half_plus_two"), inputs={"x": tensor("DT_INT32", [1], int_val=[1])}
            ),
            "INVALID_ARGUMENT",
        ),
        (
            predict_pb2.PredictRequest(
                model_spec=spec("half_plus_two"), inputs={"x": tensor("DT_FLOAT", [3], tensor_content=bytes(11))}
            ),
            "INVALID_ARGUMENT",
        ),
        (
            predict_pb2.PredictRequest(
                model_spec=spec("half_plus_two"), inputs={"x": tensor("DT_FLOAT", [-1], float_val=[1])}
            ),
            "INVALID_ARGUMENT",
        ),
        (
            predict_pb2.PredictRequest(
                model_spec=spec("half_plus_two"), inputs={"x": tensor("DT_FLOAT", [2**62, 2**62], float_val=[1])}
            ),
            "INVALID_ARGUMENT",
        ),
    ],
    ids=[
        "unknown model",
        "unknown version",
        "no model",
        "no inputs",
        "unknown input",
        "wrong type",
        "content of wrong size",
        "negative dimension",
        "dimensions that overflow",
    ],
)
def test_a_bad_request(prediction, refused, request_, code):
    refused(prediction.Predict, request_, code)


def test_an_unknown_signature(prediction, refused):
    request = half(1)
    request.model_spec.signature_name = "nobody"
    refused(prediction.Predict, request, "INVALID_ARGUMENT", "FAILED_PRECONDITION", "NOT_FOUND")


def test_a_label_that_is_not_set(prediction, refused):
    request = half(1)
    request.model_spec.version_label = "nobody"
    refused(prediction.Predict, request, "INVALID_ARGUMENT", "NOT_FOUND")


def examples(name, *rows):
    made = input_pb2.Input()
    for row in rows:
        added = made.example_list.examples.add()
        added.features.feature[name].float_list.value.extend(row)
    return made


def test_regress(prediction, policy):
    request = regression_pb2.RegressionRequest(
        model_spec=spec("half_plus_two", signature=policy.facts.get("regress-signature", "")),
        input=examples("x", [2], [4]),
    )
    response = prediction.Regress(request)
    assert [each.value for each in response.result.regressions] == [3, 4]
    assert response.model_spec.version.value == 1


def test_regress_with_a_context(prediction, policy):
    made = input_pb2.Input()
    made.example_list_with_context.context.features.feature["x"].float_list.value.append(2)
    made.example_list_with_context.examples.add()
    made.example_list_with_context.examples.add().features.feature["x"].float_list.value.append(4)
    request = regression_pb2.RegressionRequest(
        model_spec=spec("half_plus_two", signature=policy.facts.get("regress-signature", "")), input=made
    )
    assert [each.value for each in prediction.Regress(request).result.regressions] == [3, 4]


def classification(policy):
    return classification_pb2.ClassificationRequest(
        model_spec=spec("classifier", signature=policy.facts.get("classify-signature", "")),
        input=examples("INPUT0", [0.1, 0.5, 0.2, 0.15, 0.05]),
    )


def test_classify(prediction, policy):
    (said,) = prediction.Classify(classification(policy)).result.classifications
    scores = {each.label: each.score for each in said.classes}
    assert scores["banana"] == pytest.approx(0.5)
    assert set(scores) == {"apple", "banana", "cherry", "date", "elderberry"}


def test_a_model_of_other_kind_neither_classifies_nor_regresses(prediction, refused):
    made = input_pb2.Input()
    made.example_list.examples.add().features.feature["text"].bytes_list.value.append(b"a")
    for call, kind in (
        (prediction.Classify, classification_pb2.ClassificationRequest),
        (prediction.Regress, regression_pb2.RegressionRequest),
    ):
        refused(call, kind(model_spec=spec("text_and_bytes"), input=made), "INVALID_ARGUMENT", "FAILED_PRECONDITION")


def test_an_input_without_examples(prediction, refused, policy):
    request = classification(policy)
    request.input.Clear()
    refused(prediction.Classify, request, "INVALID_ARGUMENT")


def test_examples_of_an_unknown_model(prediction, refused):
    request = regression_pb2.RegressionRequest(model_spec=spec("nobody"), input=examples("x", [1]))
    refused(prediction.Regress, request, "NOT_FOUND")


def test_several_tasks_share_examples(prediction, policy):
    request = inference_pb2.MultiInferenceRequest(input=examples("x", [2]))
    task = request.tasks.add(method_name="tensorflow/serving/regress")
    task.model_spec.CopyFrom(spec("half_plus_two", signature=policy.facts.get("regress-signature", "")))
    (said,) = prediction.MultiInference(request).results
    assert [each.value for each in said.regression_result.regressions] == [3]


def test_several_tasks_must_be_there(prediction, refused):
    refused(prediction.MultiInference, inference_pb2.MultiInferenceRequest(input=examples("x", [2])), "INVALID_ARGUMENT")


def test_metadata_is_a_map_of_signatures_in_an_any(prediction):
    request = get_model_metadata_pb2.GetModelMetadataRequest(
        model_spec=spec("half_plus_two"), metadata_field=["signature_def"]
    )
    response = prediction.GetModelMetadata(request)
    assert response.model_spec.version.value == 1
    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert response.metadata["signature_def"].Unpack(signatures)
    signature = signatures.signature_def["serving_default"]
    assert signature.method_name == "tensorflow/serving/predict"
    assert signature.inputs["x"].dtype == dtype("DT_FLOAT")
    assert [each.size for each in signature.inputs["x"].tensor_shape.dim] == [-1]
    assert set(signature.outputs) == {"y"}


@pytest.mark.parametrize("fields", [[], ["nonsense"]])
def test_metadata_must_name_what_it_wants(prediction, refused, fields):
    request = get_model_metadata_pb2.GetModelMetadataRequest(model_spec=spec("half_plus_two"), metadata_field=fields)
    refused(prediction.GetModelMetadata, request, "INVALID_ARGUMENT")


def test_metadata_of_an_unknown_model(prediction, refused):
    request = get_model_metadata_pb2.GetModelMetadataRequest(
        model_spec=spec("nobody"), metadata_field=["signature_def"]
    )
    refused(prediction.GetModelMetadata, request, "NOT_FOUND")


def test_an_example_is_what_it_says():
    made = example_pb2.Example()
    made.features.feature["x"].int64_list.value.append(5)
    assert example_pb2.Example.FromString(made.SerializeToString()) == made
