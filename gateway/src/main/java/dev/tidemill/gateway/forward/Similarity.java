package dev.tidemill.gateway.forward;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.cache.AnswerCache;
import dev.tidemill.gateway.cache.Question;
import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.gateway.openai.Embeddings;
import dev.tidemill.gateway.openai.RequestReader;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.http.Json;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Asks an embedding model what a question means, by the gateway's own routes.
final class Similarity {
    private static final String PATH = "/v1/embeddings";

    /// Asks for the gateway itself.
    private static final Caller GATEWAY =
            new Caller("", "", Optional.empty(), Set.of(), Set.of(), "127.0.0.1");

    private Similarity() {}

    /// Null when nobody can tell: then the question is answered as if there were no cache.
    static float @Nullable [] embedding(
            Forwarder shared, ReplicaTable table, AnswerCache cache, Question question, Call call)
            throws InterruptedException {
        AnswerRules.Semantic rule = cache.rule().semantic().orElseThrow();
        List<Destination> destinations = table.byModel(rule.model());
        if (destinations.isEmpty()) {
            warn(shared, cache, "no route has the model '%s'".formatted(rule.model()));
            return null;
        }
        try {
            return ask(shared, table, destinations.getFirst(), rule, question, call);
        } catch (TidemillException | JacksonException | IllegalArgumentException e) {
            warn(shared, cache, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static float @Nullable [] ask(
            Forwarder shared,
            ReplicaTable table,
            Destination destination,
            AnswerRules.Semantic rule,
            Question question,
            Call call)
            throws InterruptedException {
        byte[] body =
                Json.bytes(new Asked(rule.model(), question.lastMessage().orElseThrow(), "float"));
        WritableHeaders<?> headers = WritableHeaders.create();
        headers.set(HeaderNames.CONTENT_TYPE, "application/json");
        Inbound inbound =
                new Inbound(
                        Method.POST,
                        PATH,
                        "",
                        headers,
                        body,
                        null,
                        RequestReader.read(body),
                        false,
                        true);
        Traits traits = new Traits(headers, GATEWAY, shared.random());
        try (Chain chain = new Chain(shared, table, inbound, traits, call)) {
            return switch (chain.run(destination)) {
                case Outcome.Answered answered when answered.status() == 200 ->
                        vector(ModelAnswers.whole(answered.answer()));
                case Outcome.Answered answered -> {
                    ModelAnswers.whole(answered.answer());
                    throw new IllegalArgumentException(
                            "the embedding model answered %d".formatted(answered.status()));
                }
                case Outcome.Refused refused ->
                        throw new IllegalArgumentException(refused.message());
            };
        }
    }

    private static float[] vector(byte[] answer) {
        JsonNode numbers =
                Json.MAPPER
                        .readTree(Embeddings.as(false, answer))
                        .path("data")
                        .path(0)
                        .path("embedding");
        if (!numbers.isArray() || numbers.isEmpty()) {
            throw new IllegalArgumentException("the embedding model answered without an embedding");
        }
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.path(i).floatValue();
        }
        return vector;
    }

    private static void warn(Forwarder shared, AnswerCache cache, String why) {
        shared.warnings()
                .warn(
                        "cache " + cache.rule().name(),
                        () ->
                                "cache %s answers without similarity: %s"
                                        .formatted(cache.rule().name(), why),
                        shared.nanos().getAsLong());
    }

    record Asked(String model, String input, @JsonProperty("encoding_format") String encoding) {}
}
