"""POST :predict, by rows and by columns."""

import base64
import json
import math

import pytest

HALF = "half_plus_two"


def answer_of(answer):
    assert answer.status == 200, str(answer)
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()


def b64(data):
    return {"b64": base64.b64encode(data).decode()}


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"instances": [2.0, 3.0, 4.0]}, {"predictions": [3.0, 3.5, 4.0]}),
        ({"instances": [2, 3, 4]}, {"predictions": [3.0, 3.5, 4.0]}),
        ({"instances": [{"x": 2.0}, {"x": 3.0}]}, {"predictions": [3.0, 3.5]}),
        ({"inputs": [2.0, 3.0, 4.0]}, {"outputs": [3.0, 3.5, 4.0]}),
        ({"inputs": {"x": [2.0, 3.0]}}, {"outputs": [3.0, 3.5]}),
        ({"signature_name": "serving_default", "instances": [0.0]}, {"predictions": [2.0]}),
        ({"inputs": {"x": [1.0], "nobody": [1]}}, {"outputs": [2.5]}),
    ],
)
def test_half_of_x_plus_two(tfs, body, wanted):
    assert answer_of(tfs.predict(HALF, body)) == wanted


def test_fractions_are_written_as_fractions(tfs):
    body = tfs.predict(HALF, {"instances": [2.0]}).body
    assert b"3.0" in body


def test_the_path_may_be_in_capitals(tfs):
    assert answer_of(tfs.post(f"/V1/MODELS/{HALF}:PREDICT", {"instances": [2.0]})) == {"predictions": [3.0]}


def test_a_name_may_be_percent_encoded(tfs):
    assert answer_of(tfs.post("/v1/models/half%5Fplus%5Ftwo:predict", {"instances": [2.0]})) == {"predictions": [3.0]}


@pytest.mark.parametrize(("path", "plus"), [("", 3), ("/versions/1", 1), ("/versions/3", 3), ("/versions/00001", 1)])
def test_the_newest_version_answers_unless_one_is_named(tfs, path, plus):
    assert answer_of(tfs.post(f"/v1/models/versioned{path}:predict", {"instances": [1.0]})) == {
        "predictions": [1.0 + plus]
    }


def test_rows_of_several_inputs_are_objects_and_so_are_the_answers(tfs):
    row = {"INPUT0": list(range(16)), "INPUT1": [1] * 16}
    said = answer_of(tfs.predict("simple", {"instances": [row, row]}))
    one = {"OUTPUT0": [each + 1 for each in range(16)], "OUTPUT1": [each - 1 for each in range(16)]}
    assert said == {"predictions": [one, one]}


def test_columns_of_several_inputs_carry_the_batch(tfs):
    body = {"inputs": {"INPUT0": [list(range(16))] * 2, "INPUT1": [[1] * 16] * 2}}
    said = answer_of(tfs.predict("simple", body))
    assert said["outputs"]["OUTPUT1"] == [[each - 1 for each in range(16)]] * 2
    assert set(said["outputs"]) == {"OUTPUT0", "OUTPUT1"}


def test_rows_keep_their_shape(tfs):
    rows = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert answer_of(tfs.predict("identity_fp32", {"instances": rows})) == {"predictions": rows}
    assert answer_of(tfs.predict("identity_fp32", {"inputs": rows})) == {"outputs": rows}


@pytest.mark.parametrize(
    ("model", "values"),
    [
        ("identity_int32", [-(2**31), 0, 2**31 - 1]),
        ("identity_int64", [-(2**63), 2**53 + 1, 2**63 - 1]),
        ("identity_fp32", [0.1, -3.4028234663852886e38, 1e-45]),
        ("identity_fp64", [0.1, -1.7976931348623157e308, 5e-324]),
        ("identity_bool", [True, False, True]),
        ("identity_uint8", [0, 1, 255]),
        ("identity_int8", [-128, 0, 127]),
        ("identity_int16", [-32768, 0, 32767]),
    ],
)
def test_datatypes_keep_their_extremes(tfs, model, values):
    (came,) = answer_of(tfs.predict(model, {"instances": [values]}))["predictions"]
    if model == "identity_fp32":
        import struct

        assert [struct.pack("<f", each) for each in came] == [struct.pack("<f", each) for each in values]
    else:
        assert came == values
        assert [type(each) for each in came] == [type(each) for each in values]


def test_bytes_are_objects_with_b64_and_text_is_text(tfs):
    said = answer_of(tfs.predict("text_and_bytes", {"instances": ["text", b64(b"grue\xc3\x9fe"), ""]}))
    assert said["predictions"] == [
        {"same": "text", "same_bytes": b64(b"text")},
        {"same": "grueße", "same_bytes": b64("grueße".encode())},
        {"same": "", "same_bytes": b64(b"")},
    ]


def test_bytes_in_columns(tfs):
    said = answer_of(tfs.predict("text_and_bytes", {"inputs": {"text": [b64(b"b"), "a"]}}))
    assert said["outputs"]["same_bytes"] == [b64(b"b"), b64(b"a")]


def test_bytes_may_be_anything(tfs):
    said = answer_of(tfs.predict("text_and_bytes", {"inputs": {"text": [b64(b"\x00\xff"), "a"]}}))
    assert said["outputs"]["same_bytes"] == [b64(b"\x00\xff"), b64(b"a")]


def test_a_row_object_with_the_inputs_name_is_no_base64(tfs):
    said = answer_of(tfs.predict("text_and_bytes", {"instances": [{"text": "a"}, {"text": b64(b"b")}]}))
    assert [each["same"] for each in said["predictions"]] == ["a", "b"]


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_travel_as_literals(tfs, literal):
    answer = tfs.predict(HALF, b'{"instances": [%s]}' % literal.encode())
    (came,) = answer_of(answer)["predictions"]
    assert math.isnan(came) if literal == "NaN" else came == float(literal)
    assert literal.encode() in answer.body


def test_what_follows_the_document_is_passed_over(tfs):
    assert answer_of(tfs.predict(HALF, b'{"instances": [2.0]} and more')) == {"predictions": [3.0]}


def test_an_empty_column_is_an_empty_answer(tfs):
    assert answer_of(tfs.predict(HALF, {"inputs": []})) == {"outputs": []}


def test_a_request_needs_no_content_type(tfs):
    answer = tfs.predict(HALF, json.dumps({"instances": [2.0]}).encode(), {"Content-Type": "text/plain"})
    assert answer_of(answer) == {"predictions": [3.0]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b'{"instances": [',
        b"[1.0]",
        {},
        {"signature_name": "serving_default"},
        {"instances": [1.0], "inputs": [1.0]},
        {"instances": []},
        {"instances": 1.0},
        {"instances": {"x": 1.0}},
        {"instances": ["text"]},
        {"instances": [True]},
        {"instances": [None]},
        {"instances": [[1.0], [1.0, 2.0]]},
        {"instances": [1.0, [1.0]]},
        {"instances": [{"nobody": 1.0}]},
        {"instances": [{"x": 1.0, "nobody": 1.0}]},
        {"instances": [{"x": 1.0}, 2.0]},
        {"instances": [1.0], "signature_name": 5},
        {"instances": [1.0], "signature_name": "nobody"},
        {"inputs": {"nobody": [1.0]}},
        {"inputs": [[1.0], [2.0, 3.0]]},
    ],
    ids=lambda body: body.decode() if isinstance(body, bytes) else json.dumps(body)[:50],
)
def test_a_bad_request(tfs, refused, body):
    refused(tfs.predict(HALF, body))


@pytest.mark.parametrize("element", [1.0, 1.5, "1", True, 2**31, None, {"b64": "MQ=="}])
def test_integers_must_be_integers(tfs, refused, element):
    refused(tfs.predict("identity_int32", {"instances": [[1, element]]}))


@pytest.mark.parametrize("element", [1, 0, "true", None])
def test_booleans_must_be_booleans(tfs, refused, element):
    refused(tfs.predict("identity_bool", {"instances": [[True, element]]}))


@pytest.mark.parametrize("element", [1, True, {"b64": "not base64!"}, {"b64": 5}, {"b64": "MQ==", "more": 1}])
def test_strings_must_be_strings_or_base64(tfs, refused, element):
    refused(tfs.predict("text_and_bytes", {"instances": [{"text": element}]}))


def test_rows_of_several_inputs_must_name_them_all(tfs, refused):
    refused(tfs.predict("simple", {"instances": [{"INPUT0": [1] * 16}]}))
    refused(tfs.predict("simple", {"inputs": {"INPUT0": [[1] * 16]}}))
    refused(tfs.predict("simple", {"instances": [[1] * 16]}))


def test_rows_of_another_length(tfs, refused):
    refused(tfs.predict("simple", {"instances": [{"INPUT0": [1] * 15, "INPUT1": [1] * 15}]}))


def test_brackets_without_end(tfs, refused):
    refused(tfs.predict(HALF, b'{"instances":' + b"[" * 100_000 + b"]" * 100_000 + b"}"))
    assert answer_of(tfs.predict(HALF, {"instances": [2.0]})) == {"predictions": [3.0]}


@pytest.mark.parametrize("path", ["nobody", "nobody/versions/1", f"{HALF}/versions/2", f"{HALF}/versions/99"])
def test_what_is_not_there_is_not_found(tfs, refused, path):
    refused(tfs.predict(path, {"instances": [1.0]}), 404)


def test_an_unknown_model_is_named_in_the_error(tfs):
    said = tfs.predict("nobody", {"instances": [1.0]}).json()["error"]
    assert "Servable not found for request: Latest(nobody)" in said
    said = tfs.predict("nobody/versions/7", {"instances": [1.0]}).json()["error"]
    assert "Specific(nobody, 7)" in said


def test_a_label_that_is_not_set(tfs):
    assert tfs.predict("versioned/labels/nobody", {"instances": [1.0]}).status in (400, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/half_plus_two",
        "/v1/models/half_plus_two:nonsense",
        "/v1/models/half_plus_two/predict",
        "/v1/models/:predict",
        "/v1/models/half_plus_two/versions/abc:predict",
        "/v1/models/half_plus_two/versions/1/labels/a:predict",
    ],
)
def test_a_path_that_is_none_is_a_malformed_request(tfs, refused, path):
    answer = tfs.post(path, {"instances": [1.0]})
    refused(answer)
    assert "Malformed request: POST" in answer.json()["error"]
