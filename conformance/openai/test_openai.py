"""OpenAI's own Python client against a gateway of ours."""

import json
import pathlib
import re
import subprocess
import urllib.request

import openai
import pytest

from fake_upstream import Upstream

ROOT = pathlib.Path(__file__).resolve().parents[2]
MESSAGES = [{"role": "user", "content": "hi"}]
RULES = """
apiVersion: tidemill.dev/v1alpha1
kind: Gateway
metadata: {name: conformance}
spec:
  listeners: [{port: 0}]
  routes:
  - {name: chat, models: [gpt-4o, org/small], upstreams: [{url: "http://127.0.0.1:%(port)d", as: llama}]}
  access:
    keys:
    - {name: alice, secrets: [{hash: "%(hash)s"}]}
    - {name: hasty, secrets: [{hash: "%(hasty)s"}]}
  limits:
    rates:
    - {per: [key], keys: [hasty], requestsPerMinute: 1}
    - {per: [key], tokensPerMinute: 100000}
"""


def new_key():
    out = subprocess.run([ROOT / "tidemill", "key"], check=True, capture_output=True, text=True).stdout
    return re.search(r"key: +(\S+)", out).group(1), re.search(r"hash: +(\S+)", out).group(1)


@pytest.fixture(scope="module")
def upstream():
    return Upstream()


@pytest.fixture(scope="module")
def keys():
    return new_key(), new_key()


@pytest.fixture(scope="module")
def base_url(upstream, keys, tmp_path_factory):
    file = tmp_path_factory.mktemp("gateway") / "gateway.yaml"
    file.write_text(RULES % {"port": upstream.port, "hash": keys[0][1], "hasty": keys[1][1]})
    process = subprocess.Popen([ROOT / "tidemill", "gateway", "-f", file], stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            found = re.search(r"gateway: (http://\S+),", line)
            if found:
                yield found.group(1) + "/v1"
                break
        else:
            pytest.fail("the gateway ended before it listened")
    finally:
        process.terminate()
        assert process.wait(20) in (0, 143)


@pytest.fixture
def client(base_url, keys):
    return openai.OpenAI(base_url=base_url, api_key=keys[0][0], max_retries=0)


def test_models(client):
    assert [model.id for model in client.models.list()] == ["gpt-4o", "org/small"]
    assert client.models.retrieve("org/small").id == "org/small"
    with pytest.raises(openai.NotFoundError) as error:
        client.models.retrieve("nobody")
    assert error.value.code == "model_not_found"


def test_chat(client, upstream):
    answer = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, extra_body={"x_unknown": {"a": [1]}})
    assert answer.choices[0].message.content == "hello"
    assert answer.usage.total_tokens == 11
    path, headers, body = upstream.seen[-1]
    assert (path, body["model"], body["x_unknown"]) == ("/v1/chat/completions", "llama", {"a": [1]})
    assert "Authorization" not in headers


def test_completions(client):
    assert client.completions.create(model="org/small", prompt="x").choices[0].text == "hello"


def test_stream(client):
    chunks = list(client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == "one two thrée"
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_stream_with_usage(client):
    chunks = list(client.chat.completions.create(
        model="gpt-4o", messages=MESSAGES, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens == 12


def test_tools_in_a_stream(client):
    tools = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]
    with client.chat.completions.stream(model="gpt-4o", messages=MESSAGES, tools=tools) as stream:
        call = stream.get_final_completion().choices[0].message.tool_calls[0]
    assert json.loads(call.function.arguments) == {"city": "Paris"}


def test_an_error_within_a_stream(client):
    stream = client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": "cut"}], stream=True)
    with pytest.raises(openai.APIError) as error:
        list(stream)
    assert "broke off" in error.value.message


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


def test_errors_have_their_classes(base_url, client):
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(base_url=base_url, api_key="wrong", max_retries=0).models.list()
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="nobody", messages=MESSAGES)
    with pytest.raises(openai.BadRequestError):
        client.post("/chat/completions", body={"messages": []}, cast_to=object)


def test_limits(base_url, keys):
    hasty = openai.OpenAI(base_url=base_url, api_key=keys[1][0], max_retries=0)
    raw = hasty.chat.completions.with_raw_response.create(model="gpt-4o", messages=MESSAGES)
    assert raw.headers["x-ratelimit-remaining-requests"] == "0"
    with pytest.raises(openai.RateLimitError) as error:
        hasty.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    assert 50 <= int(error.value.response.headers["retry-after"]) <= 60


def test_the_clients_own_retries(base_url, keys, upstream):
    upstream.failures = 1
    client = openai.OpenAI(base_url=base_url, api_key=keys[0][0], max_retries=2)
    assert client.chat.completions.create(model="gpt-4o", messages=MESSAGES).choices


def test_a_client_that_leaves_cancels(client, upstream):
    stream = client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": "hang"}], stream=True)
    next(iter(stream))
    stream.close()
    assert upstream.left.wait(10)


def test_health_needs_no_key(base_url):
    with urllib.request.urlopen(base_url.removesuffix("/v1") + "/health") as answer:
        assert json.load(answer)["status"] == "healthy"
