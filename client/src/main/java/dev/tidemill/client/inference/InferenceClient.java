package dev.tidemill.client.inference;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sends `POST /v2/models/{name}/infer`.
public final class InferenceClient {
    private final HttpClient http;
    private final JsonMapper json;
    private final URI server;
    private final Optional<String> key;

    /// @param server such as `http://127.0.0.1:8080`
    public InferenceClient(HttpClient http, JsonMapper json, URI server) {
        this(http, json, server, Optional.empty());
    }

    /// @param server such as `http://127.0.0.1:8080`
    /// @param key that it asks for
    public InferenceClient(HttpClient http, JsonMapper json, URI server, Optional<String> key) {
        this.http = http;
        this.json = json;
        this.server = server;
        this.key = key;
    }

    /// One row of numbers under `input`.
    public InferenceAnswer inferRow(String model, String input, List<Float> row) {
        return infer(
                model,
                json.writeValueAsBytes(
                        Map.of(
                                "inputs",
                                List.of(
                                        Map.of(
                                                "name",
                                                input,
                                                "shape",
                                                List.of(1, row.size()),
                                                "datatype",
                                                "FP32",
                                                "data",
                                                row)))));
    }

    /// One text under `input`.
    public InferenceAnswer inferText(String model, String input, String text) {
        return infer(
                model,
                json.writeValueAsBytes(
                        Map.of(
                                "inputs",
                                List.of(
                                        Map.of(
                                                "name",
                                                input,
                                                "shape",
                                                List.of(1),
                                                "datatype",
                                                "BYTES",
                                                "data",
                                                List.of(text))))));
    }

    /// @param body a whole request as the protocol wants it
    /// @throws TidemillException with the server's own words when it refuses, `UPSTREAM_FAILED`
    ///   when it cannot be reached
    public InferenceAnswer infer(String model, byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve("/v2/models/" + model + "/infer"))
                        .timeout(Duration.ofSeconds(30))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        key.ifPresent(given -> request.header("authorization", "Bearer " + given));
        try {
            HttpResponse<byte[]> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            JsonNode answer = json.readTree(response.body());
            if (response.statusCode() != 200) {
                throw new TidemillException(
                        codeOf(response.statusCode()),
                        "%s: status %d: %s"
                                .formatted(
                                        model,
                                        response.statusCode(),
                                        answer.path("error").asString(answer.toString())));
            }
            return new InferenceAnswer(answer);
        } catch (IOException | JacksonException e) {
            throw new TidemillException(
                    ErrorCode.UPSTREAM_FAILED,
                    "%s: no usable answer from %s: %s".formatted(model, server, e),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TidemillException(ErrorCode.UPSTREAM_FAILED, model + ": interrupted", e);
        }
    }

    private static ErrorCode codeOf(int status) {
        return switch (status) {
            case 404 -> ErrorCode.MODEL_NOT_FOUND;
            case 413 -> ErrorCode.TOO_LARGE;
            case 429 -> ErrorCode.OVERLOADED;
            case 503 -> ErrorCode.UNAVAILABLE;
            case 504 -> ErrorCode.DEADLINE_EXCEEDED;
            default -> status < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.UPSTREAM_FAILED;
        };
    }
}
