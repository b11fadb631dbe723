package dev.tidemill.conformance.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.tidemill.conformance.openai.Bench.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// LangChain4j's client of OpenAI's API.
final class LangChain4jTest {
    private static final ToolSpecification WEATHER =
            ToolSpecification.builder()
                    .name("weather")
                    .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
                    .build();

    private final OpenAiChatModel chat = chat(Bench.key(), 0);

    @Test
    void a_call_is_answered_with_its_usage() {
        ChatResponse answer = chat.chat(UserMessage.from("hi"));
        assertThat(answer.aiMessage().text()).isEqualTo("hello");
        assertThat(answer.tokenUsage().totalTokenCount()).isEqualTo(11);
    }

    @Test
    void a_tool_is_asked_for_and_told_of() {
        UserMessage question = UserMessage.from("weather in Paris?");
        ChatResponse asked = chat.chat(request(question));
        ToolExecutionRequest call = asked.aiMessage().toolExecutionRequests().getFirst();
        assertThat(call.arguments()).isEqualTo("{\"city\":\"Paris\"}");
        ChatRequest told =
                ChatRequest.builder()
                        .messages(
                                question,
                                asked.aiMessage(),
                                ToolExecutionResultMessage.from(call, "sunny"))
                        .toolSpecifications(WEATHER)
                        .build();
        assertThat(chat.chat(told).aiMessage().text()).isEqualTo("It is sunny.");
    }

    @Test
    void a_stream_comes_in_its_pieces() throws Exception {
        Pieces pieces = new Pieces();
        streaming().chat(Script.of("slow").text(), pieces);
        assertThat(pieces.get().aiMessage().text()).isEqualTo("one two thrée");
        assertThat(pieces.said).containsExactly("one ", "two ", "thrée");
    }

    @Test
    void a_tool_call_is_put_together_from_the_pieces_of_a_stream() throws Exception {
        Pieces pieces = new Pieces();
        streaming().chat(request(UserMessage.from("weather in Paris?")), pieces);
        assertThat(pieces.get().aiMessage().toolExecutionRequests())
                .extracting(ToolExecutionRequest::arguments)
                .containsExactly("{\"city\":\"Paris\"}");
    }

    @Test
    void who_cancels_a_stream_cancels_the_upstream() throws Exception {
        Script hang = Script.of("hang");
        CompletableFuture<String> first = new CompletableFuture<>();
        streaming()
                .chat(
                        hang.text(),
                        new Pieces() {
                            @Override
                            public void onPartialResponse(
                                    PartialResponse piece, PartialResponseContext context) {
                                first.complete(piece.text());
                                context.streamingHandle().cancel();
                            }
                        });
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("one ");
        assertThat(hang.wasLeft()).isTrue();
    }

    @Test
    void who_will_not_wait_cancels_the_upstream() {
        Script hang = Script.of("hang");
        OpenAiChatModel hasty =
                OpenAiChatModel.builder()
                        .baseUrl(Bench.gateway())
                        .apiKey(Bench.key())
                        .modelName(Bench.MODEL)
                        .maxRetries(0)
                        .timeout(Duration.ofMillis(500))
                        .build();
        assertThatThrownBy(() -> hasty.chat(hang.text()))
                .isInstanceOf(dev.langchain4j.exception.TimeoutException.class);
        assertThat(hang.wasLeft()).isTrue();
    }

    @Test
    void embeddings_come_as_floats_and_packed() {
        for (String format : List.of("float", "base64")) {
            OpenAiEmbeddingModel model =
                    OpenAiEmbeddingModel.builder()
                            .baseUrl(Bench.gateway())
                            .apiKey(Bench.key())
                            .modelName(Bench.MODEL)
                            .encodingFormat(format)
                            .build();
            assertThat(
                            model.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b")))
                                    .content())
                    .as(format)
                    .hasSize(2)
                    .allSatisfy(one -> assertThat(one.vectorAsList()).isEqualTo(Bench.VECTOR));
        }
    }

    @Test
    void errors_have_their_exceptions() {
        assertThatThrownBy(() -> chat("wrong", 0).chat("hi"))
                .isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() ->
                        chat.chat(
                                ChatRequest.builder()
                                        .modelName("nobody")
                                        .messages(UserMessage.from("hi"))
                                        .build()))
                .isInstanceOf(ModelNotFoundException.class);
        assertThatThrownBy(() -> chat.chat(Script.of("wrong").text()))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> chat.chat(Script.of("limited").text()))
                .isInstanceOf(RateLimitException.class);
        assertThatThrownBy(() -> chat.chat(Script.of("half-close").text()))
                .isInstanceOf(InternalServerException.class)
                .message()
                .doesNotContain("127.0.0.1");
    }

    @Test
    void it_repeats_what_may_be_repeated() {
        Script once = Script.of("busy-once");
        assertThat(chat(Bench.key(), 2).chat(once.text())).isEqualTo("hello");
        assertThat(once.times()).hasSize(2);
    }

    private static OpenAiChatModel chat(String key, int retries) {
        return OpenAiChatModel.builder()
                .baseUrl(Bench.gateway())
                .apiKey(key)
                .modelName(Bench.MODEL)
                .maxRetries(retries)
                .build();
    }

    private static OpenAiStreamingChatModel streaming() {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(Bench.gateway())
                .apiKey(Bench.key())
                .modelName(Bench.MODEL)
                .build();
    }

    private static ChatRequest request(UserMessage message) {
        return ChatRequest.builder().messages(message).toolSpecifications(WEATHER).build();
    }

    /// What a stream brings.
    private static class Pieces implements StreamingChatResponseHandler {
        final List<String> said = new ArrayList<>();
        private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();

        ChatResponse get() throws Exception {
            return whole.get(10, TimeUnit.SECONDS);
        }

        @Override
        public void onPartialResponse(String piece) {
            said.add(piece);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            whole.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            whole.completeExceptionally(error);
        }
    }
}
