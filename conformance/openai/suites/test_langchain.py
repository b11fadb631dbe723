"""LangChain's client of OpenAI's API against a gateway of ours."""

import asyncio

import openai
import pytest
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings


@tool
def weather(city: str) -> str:
    """The weather in a city."""
    return "sunny"


@pytest.fixture
def chat(base_url, key):
    def make(**options):
        usual = {"model": "gpt-4o", "base_url": base_url, "api_key": key, "max_retries": 0}
        return ChatOpenAI(**usual | options)
    return make


def embeddings(base_url, key, **options):
    # Otherwise it would count tokens before, with a table that it would download.
    return OpenAIEmbeddings(model="gpt-4o", base_url=base_url, api_key=key, check_embedding_ctx_length=False, **options)


def test_invoke(chat):
    answer = chat().invoke("hi")
    assert answer.content == "hello"
    assert answer.usage_metadata["total_tokens"] == 11


def test_batch(chat):
    assert [answer.content for answer in chat().batch(["a", "b", "c"])] == ["hello"] * 3


@pytest.mark.parametrize("name", ["well", "slow"])
def test_stream(chat, script, name):
    chunks = list(chat().stream(script(name).text))
    assert "".join(chunk.content for chunk in chunks) == "one two thrée"
    assert len([chunk for chunk in chunks if chunk.content]) == 3


def test_stream_with_usage(chat):
    whole = None
    for chunk in chat(stream_usage=True).stream("hi"):
        whole = chunk if whole is None else whole + chunk
    assert whole.usage_metadata["total_tokens"] == 12


def test_tools_there_and_back(chat):
    bound = chat().bind_tools([weather])
    asked = bound.invoke("weather in Paris?")
    call = asked.tool_calls[0]
    assert (call["name"], call["args"]) == ("weather", {"city": "Paris"})
    told = ToolMessage(weather.invoke(call["args"]), tool_call_id=call["id"])
    assert bound.invoke([HumanMessage("weather in Paris?"), asked, told]).content == "It is sunny."


def test_tools_in_a_stream(chat):
    whole = None
    for chunk in chat().bind_tools([weather]).stream("weather in Paris?"):
        whole = chunk if whole is None else whole + chunk
    assert [(call["name"], call["args"]) for call in whole.tool_calls] == [("weather", {"city": "Paris"})]


def test_a_stream_that_is_cut(chat, script):
    with pytest.raises(openai.APIError, match="broke off"):
        list(chat().stream(script("cut").text))


def test_an_error_that_the_upstream_tells_within_a_stream(chat, script):
    with pytest.raises(openai.APIError, match="out of memory"):
        list(chat().stream(script("told").text))


def test_embeddings(base_url, key):
    assert embeddings(base_url, key).embed_documents(["a", "b"]) == [[0.25, -1.5, 3.0]] * 2
    assert embeddings(base_url, key, model_kwargs={"encoding_format": "float"}).embed_query("a") == [0.25, -1.5, 3.0]


def test_errors_have_their_classes(chat, script):
    with pytest.raises(openai.AuthenticationError):
        chat(api_key="wrong").invoke("hi")
    with pytest.raises(openai.NotFoundError):
        chat(model="nobody").invoke("hi")
    with pytest.raises(openai.BadRequestError):
        chat().invoke(script("wrong").text)
    with pytest.raises(openai.RateLimitError):
        chat().invoke(script("limited").text)
    with pytest.raises(openai.InternalServerError):
        chat().invoke(script("half-close").text)


def test_it_repeats_what_may_be_repeated(chat, script):
    once, never = script("busy-once"), script("never-again")
    assert chat(max_retries=2).invoke(once.text).content == "hello"
    assert once.seen()["count"] == 2
    with pytest.raises(openai.InternalServerError):
        chat(max_retries=2).invoke(never.text)
    assert never.seen()["count"] == 1


def test_it_waits_as_long_as_the_upstream_asks(chat, script):
    limited = script("limited-once")
    assert chat(max_retries=2).invoke(limited.text).content == "hello"
    first, second = limited.seen()["times"]
    assert 1 <= second - first < 3


def test_who_leaves_a_stream_cancels(chat, script):
    hang = script("hang")
    stream = chat().stream(hang.text)
    while not next(stream).content:
        pass
    stream.close()
    assert hang.was_left()


def test_an_asynchronous_caller_that_is_cancelled_cancels(chat, script):
    hang = script("hang")

    async def give_up():
        task = asyncio.create_task(chat().ainvoke(hang.text))
        while hang.seen()["count"] == 0:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(give_up())
    assert hang.was_left()
