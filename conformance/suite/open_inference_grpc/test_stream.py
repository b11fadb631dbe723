"""ModelStreamInfer: responses and errors share a stream, each in its wrapper."""

import threading

import numpy as np
from support.tensors import from_binary, to_binary
from tritonclient.grpc import service_pb2 as pb


def request(identity, count=2, model="identity_int32"):
    made = pb.ModelInferRequest(model_name=model, id=identity, raw_input_contents=[to_binary("INT32", range(count))])
    made.inputs.add(name="INPUT0", datatype="INT32", shape=[1, 2])
    return made


def test_each_request_of_a_stream_gets_its_answer(stub):
    came = list(stub.ModelStreamInfer(request(str(number)) for number in range(20)))
    assert not any(each.error_message for each in came)
    assert sorted(int(each.infer_response.id) for each in came) == list(range(20))
    for each in came:
        np.testing.assert_array_equal(from_binary("INT32", each.infer_response.raw_output_contents[0]), [0, 1])


def test_an_error_does_not_end_the_stream(stub):
    came = list(stub.ModelStreamInfer(iter([request("1"), request("2", 3), request("3"), request("4", model="no")])))
    errors = [each for each in came if each.error_message]
    assert len(errors) == 2
    assert sorted(each.infer_response.id for each in came if not each.error_message) == ["1", "3"]


def test_a_stream_without_requests_ends(stub):
    assert list(stub.ModelStreamInfer(iter([]))) == []


def test_a_stream_answers_while_it_is_open(stub):
    """The second request is only sent when the first was answered."""
    answered, first_answered = [], threading.Event()

    def requests():
        yield request("first")
        first_answered.wait(20)
        yield request("second")

    for each in stub.ModelStreamInfer(requests(), timeout=30):
        answered.append(each.infer_response.id)
        first_answered.set()
    assert answered == ["first", "second"]
