"""`curl -N` against a gateway of ours: what is on the wire."""

import json
import subprocess
import time

import pytest


@pytest.fixture
def curl(base_url, key):
    def start(path, body, *options):
        base = base_url.removesuffix("/v1") if path.startswith("/api") else base_url
        return subprocess.Popen(
            ["curl", "-sN", *options, "-H", f"Authorization: Bearer {key}", "-H", "Content-Type: application/json",
             "-d", json.dumps(body), base + path],
            stdout=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1)
    return start


def chat(script, **more):
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": script.text}], **more}


def test_a_stream_is_events_and_ends_with_done(curl, script):
    with curl("/chat/completions", chat(script("well"), stream=True), "-i") as process:
        head, _, events = process.stdout.read().partition("\n\n")
    assert head.startswith("HTTP/1.1 200")
    assert "content-type: text/event-stream" in head.lower()
    lines = events.split("\n\n")
    assert lines[-1] == "" and lines[-2] == "data: [DONE]"
    content = [json.loads(line.removeprefix("data: "))["choices"][0]["delta"].get("content") for line in lines[:-2]]
    assert content == ["", "one ", "two ", "thrée", None]


def test_events_come_one_by_one(curl, script):
    times = []
    with curl("/chat/completions", chat(script("slow"), stream=True)) as process:
        for line in process.stdout:
            if line.startswith("data: {"):
                times.append(time.monotonic())
    # The upstream pauses 50 ms before each word.
    assert len(times) == 5 and times[3] - times[0] > 0.08


def test_tool_calls_come_as_they_were_sent(curl, script):
    tools = [{"type": "function", "function": {"name": "weather"}}]
    with curl("/chat/completions", chat(script("well"), stream=True, tools=tools)) as process:
        events = [json.loads(line[6:]) for line in process.stdout if line.startswith("data: {")]
    deltas = [event["choices"][0]["delta"].get("tool_calls") for event in events]
    pieces = [delta[0]["function"]["arguments"] for delta in deltas if delta]
    assert pieces == ["", '{"ci', 'ty":"', 'Paris"}']


def test_usage_comes_only_where_it_was_asked_for(curl, script):
    with curl("/chat/completions", chat(script("well"), stream=True)) as process:
        assert "total_tokens" not in process.stdout.read()
    asked = chat(script("well"), stream=True, stream_options={"include_usage": True})
    with curl("/chat/completions", asked) as process:
        assert '"total_tokens": 12' in process.stdout.read()


def test_a_stream_that_is_cut_ends_with_an_error(curl, script):
    with curl("/chat/completions", chat(script("cut"), stream=True)) as process:
        events = [line for line in process.stdout.read().split("\n\n") if line]
    assert "broke off" in json.loads(events[-1].removeprefix("data: "))["error"]["message"]
    assert process.returncode == 0


def test_an_answer_says_how_long_to_wait(curl, script):
    with curl("/chat/completions", chat(script("limited")), "-i") as process:
        answer = process.stdout.read()
    assert answer.startswith("HTTP/1.1 429") and "\nretry-after: 30\n" in answer.lower()


@pytest.mark.parametrize("path", ["/chat/completions", "/completions", "/embeddings", "/responses", "/api/ai"])
@pytest.mark.parametrize("stream", [True, False])
def test_who_ends_curl_cancels(curl, script, path, stream):
    hang = script("hang")
    body = {"model": "gpt-4o", "stream": stream}
    body |= {"messages": [{"role": "user", "content": hang.text}]} if "chat" in path \
        else {"prompt": hang.text} if path == "/completions" else {"input": hang.text}
    process = curl(path, body)
    end = time.monotonic() + 10
    while hang.seen()["count"] == 0 and time.monotonic() < end:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert hang.was_left()
