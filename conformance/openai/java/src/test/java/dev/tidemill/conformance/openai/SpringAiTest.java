package dev.tidemill.conformance.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import dev.tidemill.conformance.openai.Bench.Script;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.function.FunctionToolCallback;

/// Spring AI's client of OpenAI's API, with the openai-java that it was built on.
final class SpringAiTest {
    private final OpenAiChatModel chat = chat(Bench.key(), 0);

    @Test
    void a_call_is_answered_with_its_usage() {
        ChatResponse answer = chat.call(prompt(Script.of("well")));
        assertThat(text(answer)).isEqualTo("hello");
        assertThat(answer.getMetadata().getUsage().getTotalTokens()).isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"well", "slow"})
    void a_stream_comes_in_its_pieces(String script) {
        List<String> pieces =
                chat.stream(prompt(Script.of(script)))
                        .toStream()
                        .map(SpringAiTest::text)
                        .filter(piece -> !piece.isEmpty())
                        .toList();
        assertThat(pieces).containsExactly("one ", "two ", "thrée");
    }

    @Test
    void a_tool_is_called_and_told_of() {
        Prompt asking = new Prompt("weather in Paris?", withTool());
        ChatResponse asked = chat.call(asking);
        assertThat(calls(asked))
                .extracting(AssistantMessage.ToolCall::arguments)
                .containsExactly("{\"city\":\"Paris\"}");
        Prompt told =
                new Prompt(
                        ToolCallingManager.builder()
                                .build()
                                .executeToolCalls(asking, asked)
                                .conversationHistory(),
                        withTool());
        assertThat(text(chat.call(told))).isEqualTo("It is \"sunny in Paris\".");
    }

    @Test
    void a_tool_call_is_put_together_from_the_pieces_of_a_stream() {
        List<AssistantMessage.ToolCall> calls =
                chat.stream(new Prompt("weather in Paris?", withTool()))
                        .toStream()
                        .flatMap(answer -> calls(answer).stream())
                        .toList();
        assertThat(calls)
                .extracting(AssistantMessage.ToolCall::arguments)
                .containsExactly("{\"city\":\"Paris\"}");
    }

    @Test
    void a_stream_that_is_cut_is_an_error() {
        assertThatThrownBy(() -> chat.stream(prompt(Script.of("cut"))).blockLast())
                .hasStackTraceContaining("broke off");
    }

    @Test
    void a_stream_that_is_malformed_is_an_error() {
        assertThatThrownBy(() -> chat.stream(prompt(Script.of("malformed"))).blockLast())
                .isInstanceOf(OpenAIException.class);
    }

    @Test
    void embeddings_come_as_floats_and_packed() {
        assertThat(embeddings(null).embed(List.of("a", "b")))
                .hasSize(2)
                .allSatisfy(vector -> assertThat(vector).containsExactly(0.25f, -1.5f, 3.0f));
        assertThat(embeddings(OpenAiEmbeddingOptions.EncodingFormat.FLOAT).embed("a"))
                .containsExactly(0.25f, -1.5f, 3.0f);
        assertThat(embeddings(OpenAiEmbeddingOptions.EncodingFormat.BASE64).embed("a"))
                .containsExactly(0.25f, -1.5f, 3.0f);
    }

    @Test
    void errors_have_their_exceptions() {
        assertThatThrownBy(() -> chat("wrong", 0).call(prompt(Script.of("well"))))
                .isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() ->
                        chat.call(
                                new Prompt("hi", options(Bench.key(), 0).model("nobody").build())))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> chat.call(prompt(Script.of("wrong"))))
                .isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> chat.call(prompt(Script.of("limited"))))
                .isInstanceOf(RateLimitException.class);
        assertThatThrownBy(() -> chat.call(prompt(Script.of("half-close"))))
                .isInstanceOf(InternalServerException.class)
                .message()
                .doesNotContain("127.0.0.1");
    }

    @Test
    void it_repeats_what_may_be_repeated_and_nothing_else() {
        Script once = Script.of("busy-once");
        assertThat(text(chat(Bench.key(), 2).call(prompt(once)))).isEqualTo("hello");
        assertThat(once.times()).hasSize(2);
        Script never = Script.of("never-again");
        assertThatThrownBy(() -> chat(Bench.key(), 2).call(prompt(never)))
                .isInstanceOf(InternalServerException.class);
        assertThat(never.times()).hasSize(1);
    }

    @Test
    void it_waits_as_long_as_the_upstream_asks() {
        Script limited = Script.of("limited-once");
        assertThat(text(chat(Bench.key(), 2).call(prompt(limited)))).isEqualTo("hello");
        List<Double> times = limited.times();
        assertThat(times).hasSize(2);
        assertThat(times.get(1) - times.get(0)).isBetween(1.0, 3.0);
    }

    @Test
    void who_takes_the_beginning_of_a_stream_only_cancels_the_rest() {
        Script hang = Script.of("hang");
        assertThat(chat.stream(prompt(hang)).blockFirst(Duration.ofSeconds(10))).isNotNull();
        assertThat(hang.wasLeft()).isTrue();
    }

    private static OpenAiChatModel chat(String key, int retries) {
        return OpenAiChatModel.builder().options(options(key, retries).build()).build();
    }

    private static OpenAiChatOptions.Builder options(String key, int retries) {
        OpenAiChatOptions.Builder options = OpenAiChatOptions.builder();
        options.baseUrl(Bench.gateway()).apiKey(key).maxRetries(retries).model(Bench.MODEL);
        return options;
    }

    private static OpenAiChatOptions withTool() {
        Function<City, String> weather = city -> "sunny in " + city.city();
        OpenAiChatOptions.Builder options = options(Bench.key(), 0);
        options.toolCallbacks(
                FunctionToolCallback.builder("weather", weather).inputType(City.class).build());
        return options.build();
    }

    record City(String city) {}

    private static OpenAiEmbeddingModel embeddings(
            OpenAiEmbeddingOptions.@org.jspecify.annotations.Nullable EncodingFormat format) {
        OpenAiEmbeddingOptions.Builder options = OpenAiEmbeddingOptions.builder();
        options.baseUrl(Bench.gateway()).apiKey(Bench.key()).model(Bench.MODEL);
        if (format != null) {
            options.encodingFormat(format);
        }
        return OpenAiEmbeddingModel.builder().options(options.build()).build();
    }

    private static Prompt prompt(Script script) {
        return new Prompt(script.text());
    }

    private static String text(ChatResponse answer) {
        if (answer.getResult() == null) {
            return "";
        }
        String text = answer.getResult().getOutput().getText();
        return text == null ? "" : text;
    }

    private static List<AssistantMessage.ToolCall> calls(ChatResponse answer) {
        return answer.getResult() == null
                ? List.of()
                : answer.getResult().getOutput().getToolCalls();
    }
}
