"""OpenAI's own Python client against a gateway of ours."""

import json
import urllib.request

import openai
import pytest

MESSAGES = [{"role": "user", "content": "hi"}]
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]


def saying(script):
    return [{"role": "user", "content": script.text}]


@pytest.fixture
def client(base_url, key):
    return openai.OpenAI(base_url=base_url, api_key=key, max_retries=0)


@pytest.fixture
def patient(base_url, key):
    return openai.OpenAI(base_url=base_url, api_key=key, max_retries=2)


def test_models(client):
    assert [model.id for model in client.models.list()] == ["gpt-4o", "org/small"]
    assert client.models.retrieve("org/small").id == "org/small"
    with pytest.raises(openai.NotFoundError) as error:
        client.models.retrieve("nobody")
    assert error.value.code == "model_not_found"


def test_chat(client, script):
    well = script("well")
    answer = client.chat.completions.create(
        model="gpt-4o", messages=saying(well), extra_body={"x_unknown": {"a": [1]}})
    assert answer.choices[0].message.content == "hello"
    assert answer.usage.total_tokens == 11
    seen = well.seen()
    assert (seen["path"], seen["body"]["model"]) == ("/v1/chat/completions", "llama")
    assert seen["body"]["x_unknown"] == {"a": [1]}
    assert "authorization" not in seen["headers"]


def test_completions(client):
    assert client.completions.create(model="org/small", prompt="x").choices[0].text == "hello"


@pytest.mark.parametrize("name", ["well", "slow"])
def test_stream(client, script, name):
    chunks = list(client.chat.completions.create(model="gpt-4o", messages=saying(script(name)), stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == "one two thrée"
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_a_stream_of_completions(client):
    chunks = list(client.completions.create(model="gpt-4o", prompt="x", stream=True))
    assert "".join(c.choices[0].text for c in chunks) == "one two thrée"


def test_stream_with_usage(client):
    chunks = list(client.chat.completions.create(
        model="gpt-4o", messages=MESSAGES, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens == 12


def test_tools(client):
    answer = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, tools=TOOLS)
    call = answer.choices[0].message.tool_calls[0]
    assert (call.id, json.loads(call.function.arguments)) == ("call_1", {"city": "Paris"})
    told = [*MESSAGES, answer.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "sunny"}]
    answer = client.chat.completions.create(model="gpt-4o", messages=told, tools=TOOLS)
    assert answer.choices[0].message.content == "It is sunny."


def test_tools_in_a_stream(client):
    with client.chat.completions.stream(model="gpt-4o", messages=MESSAGES, tools=TOOLS) as stream:
        call = stream.get_final_completion().choices[0].message.tool_calls[0]
    assert json.loads(call.function.arguments) == {"city": "Paris"}


@pytest.mark.parametrize("name", ["cut", "reset"])
def test_a_stream_that_is_cut(client, script, name):
    stream = client.chat.completions.create(model="gpt-4o", messages=saying(script(name)), stream=True)
    with pytest.raises(openai.APIError) as error:
        list(stream)
    assert "broke off" in error.value.message


def test_an_error_that_the_upstream_tells_within_a_stream(client, script):
    stream = client.chat.completions.create(model="gpt-4o", messages=saying(script("told")), stream=True)
    with pytest.raises(openai.APIError) as error:
        list(stream)
    assert (error.value.message, error.value.code) == ("out of memory", "oom")


def test_a_stream_that_is_malformed_ends(client, script):
    stream = client.chat.completions.create(model="gpt-4o", messages=saying(script("malformed")), stream=True)
    with pytest.raises((json.JSONDecodeError, openai.OpenAIError)):
        list(stream)


def test_an_upstream_that_ends_within_the_head_of_its_answer(client, script):
    with pytest.raises(openai.InternalServerError) as error:
        client.chat.completions.create(model="gpt-4o", messages=saying(script("half-close")))
    assert error.value.status_code == 502
    assert "127.0.0.1" not in error.value.message


@pytest.mark.parametrize("encoding", [openai.NOT_GIVEN, "float", "base64"])
def test_embeddings(client, encoding):
    answer = client.embeddings.create(model="gpt-4o", input=["a", "b"], encoding_format=encoding)
    if encoding == "base64":
        assert answer.data[0].embedding == "AACAPgAAwL8AAEBA"
    else:
        assert answer.data[1].embedding == [0.25, -1.5, 3.0]


def test_responses(client):
    events = list(client.responses.create(model="gpt-4o", input="x", stream=True))
    assert [event.type for event in events] == ["response.output_text.delta"]
    assert client.responses.create(model="gpt-4o", input="x").output_text == "hi"


def test_errors_have_their_classes(base_url, client):
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(base_url=base_url, api_key="wrong", max_retries=0).models.list()
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="nobody", messages=MESSAGES)
    with pytest.raises(openai.BadRequestError):
        client.post("/chat/completions", body={"messages": []}, cast_to=object)


@pytest.mark.parametrize("name, kind", [
    ("wrong", openai.BadRequestError), ("unprocessable", openai.UnprocessableEntityError),
    ("limited", openai.RateLimitError), ("broken", openai.InternalServerError), ("busy", openai.InternalServerError)])
def test_errors_of_the_upstream_have_their_classes(client, script, name, kind):
    with pytest.raises(kind) as error:
        client.chat.completions.create(model="gpt-4o", messages=saying(script(name)))
    if name == "wrong":
        assert error.value.code == "invalid_value"
    if name == "limited":
        assert error.value.response.headers["retry-after"] == "30"


def test_limits(base_url, hasty_key):
    hasty = openai.OpenAI(base_url=base_url, api_key=hasty_key, max_retries=0)
    raw = hasty.chat.completions.with_raw_response.create(model="gpt-4o", messages=MESSAGES)
    assert raw.headers["x-ratelimit-remaining-requests"] == "0"
    with pytest.raises(openai.RateLimitError) as error:
        hasty.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    assert 50 <= int(error.value.response.headers["retry-after"]) <= 60


def test_the_client_repeats_what_may_be_repeated(patient, script):
    once = script("busy-once")
    assert patient.chat.completions.create(model="gpt-4o", messages=saying(once)).choices
    assert once.seen()["count"] == 2


def test_the_client_waits_as_long_as_the_upstream_asks(patient, script):
    limited = script("limited-once")
    assert patient.chat.completions.create(model="gpt-4o", messages=saying(limited)).choices
    first, second = limited.seen()["times"]
    assert 1 <= second - first < 3


def test_the_client_does_not_repeat_what_the_upstream_forbids(patient, script):
    never = script("never-again")
    with pytest.raises(openai.InternalServerError):
        patient.chat.completions.create(model="gpt-4o", messages=saying(never))
    assert never.seen()["count"] == 1


@pytest.mark.parametrize("endpoint", ["chat", "completions", "responses"])
def test_a_client_that_leaves_a_stream_cancels(client, script, endpoint):
    hang = script("hang")
    if endpoint == "chat":
        stream = client.chat.completions.create(model="gpt-4o", messages=saying(hang), stream=True)
    elif endpoint == "completions":
        stream = client.completions.create(model="gpt-4o", prompt=hang.text, stream=True)
    else:
        stream = client.responses.create(model="gpt-4o", input=hang.text, stream=True)
    next(iter(stream))
    stream.close()
    assert hang.was_left()


@pytest.mark.parametrize("endpoint", ["chat", "completions", "embeddings", "responses"])
def test_a_client_that_will_not_wait_cancels(client, script, endpoint):
    hang, hasty = script("hang"), client.with_options(timeout=0.5)
    with pytest.raises(openai.APITimeoutError):
        if endpoint == "chat":
            hasty.chat.completions.create(model="gpt-4o", messages=saying(hang))
        elif endpoint == "completions":
            hasty.completions.create(model="gpt-4o", prompt=hang.text)
        elif endpoint == "embeddings":
            hasty.embeddings.create(model="gpt-4o", input=hang.text)
        else:
            hasty.responses.create(model="gpt-4o", input=hang.text)
    assert hang.was_left()


def test_health_needs_no_key(base_url):
    with urllib.request.urlopen(base_url.removesuffix("/v1") + "/health") as answer:
        assert json.load(answer)["status"] == "healthy"
