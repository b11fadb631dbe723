package dev.tidemill.conformance.openai;

import static dev.tidemill.conformance.openai.Bench.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnprocessableEntityException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.tidemill.conformance.openai.Bench.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// OpenAI's own Java client.
final class OpenAiJavaTest {
    private final OpenAIClient client = client(Bench.key(), 0);

    @Test
    void models_are_listed_and_found_by_names_with_a_slash() {
        assertThat(client.models().list().items())
                .extracting(Model::id)
                .containsExactly("gpt-4o", "org/small");
        assertThat(client.models().retrieve("org/small").id()).isEqualTo("org/small");
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> client.models().retrieve("nobody"))
                .satisfies(e -> assertThat(e.code()).contains("model_not_found"));
    }

    @Test
    void a_chat_reaches_the_upstream_as_it_was_written_but_for_model_and_key() {
        Script well = Script.of("well");
        ChatCompletion answer =
                client.chat()
                        .completions()
                        .create(
                                saying(well).toBuilder()
                                        .putAdditionalBodyProperty(
                                                "x_unknown",
                                                JsonValue.from(Map.of("a", List.of(1))))
                                        .build());
        assertThat(content(answer)).isEqualTo("hello");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(11);
        assertThat(well.seen())
                .contains("\"model\": \"llama\"", "\"x_unknown\": {\"a\": [1]}")
                .doesNotContain(Bench.key());
    }

    @Test
    void completions_are_answered() {
        assertThat(client.completions().create(prompt("x")).choices().getFirst().text())
                .isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"well", "slow"})
    void a_stream_comes_in_its_pieces(String script) {
        try (StreamResponse<ChatCompletionChunk> stream = stream(saying(Script.of(script)))) {
            List<String> pieces =
                    stream.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .flatMap(choice -> choice.delta().content().stream())
                            .toList();
            assertThat(pieces).containsExactly("", "one ", "two ", "thrée");
        }
    }

    @Test
    void usage_comes_with_a_stream_where_it_was_asked_for() {
        ChatCompletionCreateParams asking =
                saying(Script.of("well")).toBuilder()
                        .streamOptions(
                                ChatCompletionStreamOptions.builder().includeUsage(true).build())
                        .build();
        try (StreamResponse<ChatCompletionChunk> stream = stream(asking)) {
            ChatCompletionChunk last = stream.stream().toList().getLast();
            assertThat(last.choices()).isEmpty();
            assertThat(last.usage().orElseThrow().totalTokens()).isEqualTo(12);
        }
    }

    @Test
    void a_tool_is_asked_for_and_told_of() {
        ChatCompletionCreateParams asking = withTool(saying(Script.of("well")));
        ChatCompletion asked = client.chat().completions().create(asking);
        ChatCompletionMessageFunctionToolCall call = call(asked);
        assertThat(call.function().arguments()).isEqualTo("{\"city\":\"Paris\"}");
        ChatCompletion answer =
                client.chat()
                        .completions()
                        .create(
                                asking.toBuilder()
                                        .addMessage(asked.choices().getFirst().message())
                                        .addMessage(
                                                ChatCompletionToolMessageParam.builder()
                                                        .toolCallId(call.id())
                                                        .content("sunny")
                                                        .build())
                                        .build());
        assertThat(content(answer)).isEqualTo("It is sunny.");
    }

    @Test
    void a_tool_call_is_put_together_from_the_pieces_of_a_stream() {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                stream(withTool(saying(Script.of("well"))))) {
            stream.stream().forEach(whole::accumulate);
        }
        assertThat(call(whole.chatCompletion()).function().arguments())
                .isEqualTo("{\"city\":\"Paris\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "reset"})
    void a_stream_that_is_cut_says_so(String script) {
        assertThatThrownBy(() -> whole(saying(Script.of(script))))
                .isInstanceOf(OpenAIServiceException.class)
                .hasMessageContaining("broke off");
    }

    @Test
    void an_error_that_the_upstream_tells_within_a_stream_arrives() {
        assertThatThrownBy(() -> whole(saying(Script.of("told"))))
                .isInstanceOf(OpenAIServiceException.class)
                .hasMessageContaining("out of memory");
    }

    @Test
    void a_stream_that_is_malformed_is_an_error_of_the_clients_own() {
        assertThatThrownBy(() -> whole(saying(Script.of("malformed"))))
                .isInstanceOf(OpenAIException.class);
    }

    @Test
    void an_upstream_that_ends_within_the_head_of_its_answer_is_a_502_that_names_nobody() {
        assertThatExceptionOfType(InternalServerException.class)
                .isThrownBy(() -> chat(client, Script.of("half-close")))
                .satisfies(e -> assertThat(e.statusCode()).isEqualTo(502))
                .satisfies(e -> assertThat(e).message().doesNotContain("127.0.0.1"));
    }

    @Test
    void embeddings_come_in_the_clients_encoding_and_as_floats() {
        EmbeddingCreateParams usual =
                EmbeddingCreateParams.builder()
                        .model(MODEL)
                        .inputOfArrayOfStrings(List.of("a", "b"))
                        .build();
        EmbeddingCreateParams floats =
                usual.toBuilder()
                        .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                        .build();
        assertThat(client.embeddings().create(usual).data())
                .hasSize(2)
                .allSatisfy(one -> assertThat(one.embedding()).isEqualTo(Bench.VECTOR));
        assertThat(client.embeddings().create(floats).data())
                .hasSize(2)
                .allSatisfy(one -> assertThat(one.embedding()).isEqualTo(Bench.VECTOR));
    }

    @Test
    void responses_are_answered_and_streamed() {
        ResponseCreateParams asking = response("x");
        assertThat(client.responses().create(asking).id()).isEqualTo("r1");
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(asking)) {
            assertThat(stream.stream().map(event -> event.asOutputTextDelta().delta()).toList())
                    .containsExactly("hi");
        }
    }

    @Test
    void refusals_of_the_gateway_have_their_exceptions() {
        assertThatThrownBy(() -> client("wrong", 0).models().list())
                .isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() ->
                        client.chat()
                                .completions()
                                .create(
                                        saying(Script.of("well")).toBuilder()
                                                .model("nobody")
                                                .build()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void errors_of_the_upstream_have_their_exceptions() {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> chat(client, Script.of("wrong")))
                .satisfies(e -> assertThat(e.code()).contains("invalid_value"));
        assertThatExceptionOfType(UnprocessableEntityException.class)
                .isThrownBy(() -> chat(client, Script.of("unprocessable")));
        assertThatExceptionOfType(RateLimitException.class)
                .isThrownBy(() -> chat(client, Script.of("limited")))
                .satisfies(
                        e -> assertThat(e.headers().values("retry-after")).containsExactly("30"));
        assertThatExceptionOfType(InternalServerException.class)
                .isThrownBy(() -> chat(client, Script.of("broken")));
    }

    @Test
    void the_client_repeats_what_may_be_repeated() {
        Script once = Script.of("busy-once");
        assertThat(content(chat(client(Bench.key(), 2), once))).isEqualTo("hello");
        assertThat(once.times()).hasSize(2);
    }

    @Test
    void the_client_waits_as_long_as_the_upstream_asks() {
        Script limited = Script.of("limited-once");
        assertThat(content(chat(client(Bench.key(), 2), limited))).isEqualTo("hello");
        List<Double> times = limited.times();
        assertThat(times).hasSize(2);
        assertThat(times.get(1) - times.get(0)).isBetween(1.0, 3.0);
    }

    @Test
    void the_client_does_not_repeat_what_the_upstream_forbids() {
        Script never = Script.of("never-again");
        assertThatThrownBy(() -> chat(client(Bench.key(), 2), never))
                .isInstanceOf(InternalServerException.class);
        assertThat(never.times()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "completions", "responses"})
    void a_client_that_leaves_a_stream_cancels(String endpoint) {
        Script hang = Script.of("hang");
        try (StreamResponse<?> stream =
                switch (endpoint) {
                    case "chat" -> stream(saying(hang));
                    case "completions" -> client.completions().createStreaming(prompt(hang.text()));
                    default -> client.responses().createStreaming(response(hang.text()));
                }) {
            assertThat(stream.stream().findFirst()).isPresent();
        }
        assertThat(hang.wasLeft()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "completions", "embeddings", "responses"})
    void a_client_that_will_not_wait_cancels(String endpoint) {
        Script hang = Script.of("hang");
        OpenAIClient hasty = client.withOptions(options -> options.timeout(Duration.ofMillis(500)));
        assertThatThrownBy(
                        () -> {
                            switch (endpoint) {
                                case "chat" -> chat(hasty, hang);
                                case "completions" ->
                                        hasty.completions().create(prompt(hang.text()));
                                case "embeddings" ->
                                        hasty.embeddings()
                                                .create(
                                                        EmbeddingCreateParams.builder()
                                                                .model(MODEL)
                                                                .input(hang.text())
                                                                .build());
                                default -> hasty.responses().create(response(hang.text()));
                            }
                        })
                .isInstanceOf(OpenAIIoException.class);
        assertThat(hang.wasLeft()).isTrue();
    }

    private static OpenAIClient client(String key, int retries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(Bench.gateway())
                .apiKey(key)
                .maxRetries(retries)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    private static ChatCompletionCreateParams saying(Script script) {
        return ChatCompletionCreateParams.builder()
                .model(MODEL)
                .addUserMessage(script.text())
                .build();
    }

    private static ChatCompletionCreateParams withTool(ChatCompletionCreateParams params) {
        return params.toBuilder()
                .addTool(
                        ChatCompletionFunctionTool.builder()
                                .function(
                                        FunctionDefinition.builder()
                                                .name("weather")
                                                .parameters(
                                                        FunctionParameters.builder()
                                                                .putAdditionalProperty(
                                                                        "type",
                                                                        JsonValue.from("object"))
                                                                .build())
                                                .build())
                                .build())
                .build();
    }

    private static CompletionCreateParams prompt(String text) {
        return CompletionCreateParams.builder().model(MODEL).prompt(text).build();
    }

    private static ResponseCreateParams response(String text) {
        return ResponseCreateParams.builder().model(MODEL).input(text).build();
    }

    private static ChatCompletion chat(OpenAIClient client, Script script) {
        return client.chat().completions().create(saying(script));
    }

    private StreamResponse<ChatCompletionChunk> stream(ChatCompletionCreateParams params) {
        return client.chat().completions().createStreaming(params);
    }

    private void whole(ChatCompletionCreateParams params) {
        try (StreamResponse<ChatCompletionChunk> stream = stream(params)) {
            stream.stream().forEach(_ -> {});
        }
    }

    private static String content(ChatCompletion answer) {
        return answer.choices().getFirst().message().content().orElseThrow();
    }

    private static ChatCompletionMessageFunctionToolCall call(ChatCompletion answer) {
        return answer.choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction();
    }
}
