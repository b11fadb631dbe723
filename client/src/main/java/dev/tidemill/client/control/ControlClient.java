package dev.tidemill.client.control;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The control plane's API as methods. Every failure is a [TidemillException] with the code and the
/// words of the server; `UPSTREAM_FAILED` when it does not answer.
public final class ControlClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /// Of a file that may have a gigabyte.
    private static final Duration UPLOAD_TIMEOUT = Duration.ofMinutes(10);

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http;
    private final URI server;
    private final Supplier<Optional<String>> token;

    /// @param server such as `http://127.0.0.1:40111`
    public ControlClient(HttpClient http, URI server) {
        this(http, server, Optional::empty);
    }

    /// @param token asked for each request, for a control that wants one
    public ControlClient(HttpClient http, URI server, Supplier<Optional<String>> token) {
        this.http = http;
        this.server = server;
        this.token = token;
    }

    public List<RegisteredModel> models() {
        return get("/api/v1/models", ModelList.class).models();
    }

    public RegisteredModel model(String name) {
        return get("/api/v1/models/" + path(name), RegisteredModel.class);
    }

    /// @param selector a number, `latest`, or `@ALIAS`
    public ModelVersion version(String model, String selector) {
        return get(
                "/api/v1/models/%s/versions/%s".formatted(path(model), path(selector)),
                ModelVersion.class);
    }

    /// The files of a version, by its [ModelVersion#digest].
    public ArtifactFiles files(String digest) {
        return get("/api/v1/artifacts/%s/files".formatted(path(digest)), ArtifactFiles.class);
    }

    /// Writes one of the files of a version.
    ///
    /// @param entry of [#files]
    /// @param file that is made
    public void download(String digest, ArtifactFiles.Entry entry, Path file) {
        HttpRequest request =
                request(
                                "/api/v1/artifacts/%s/file?path=%s"
                                        .formatted(path(digest), path(entry.path())))
                        .build();
        Download.toFile(http, request, file, entry.bytes())
                .ifPresent(answer -> {
                    throw refused(answer.statusCode(), answer.body().orElseThrow());
                });
    }

    /// Registers an ONNX file; the same bytes as the newest version's give that version.
    public ModelVersion register(String model, String description, byte[] onnx) {
        return register(model, description, BodyPublishers.ofByteArray(onnx));
    }

    /// Registers an ONNX file that need not fit into memory.
    ///
    /// @throws TidemillException `INVALID_REQUEST` too when there is no such file
    public ModelVersion register(String model, String description, Path onnx) {
        try {
            return register(model, description, BodyPublishers.ofFile(onnx));
        } catch (FileNotFoundException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "file: '%s' (expected: a readable .onnx file)".formatted(onnx),
                    e);
        }
    }

    private ModelVersion register(String model, String description, BodyPublisher onnx) {
        return send(
                "POST",
                "/api/v1/models/%s/versions?description=%s"
                        .formatted(path(model), path(description)),
                "application/octet-stream",
                onnx,
                ModelVersion.class);
    }

    public Alias promote(String model, String alias, int version) {
        return send(
                "PUT",
                "/api/v1/models/%s/aliases/%s".formatted(path(model), path(alias)),
                "application/json",
                BodyPublishers.ofByteArray(JSON.writeValueAsBytes(new Alias(version))),
                Alias.class);
    }

    /// Whether a data set of that digest is there.
    public boolean hasData(String digest) {
        try {
            var _ = get("/api/v1/data/" + path(digest), StoredData.class);
            return true;
        } catch (TidemillException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /// Sends a data set, for trainings that name its digest.
    ///
    /// @throws TidemillException `CORRUPT_ARTIFACT` when something else arrives there
    public StoredData putData(String digest, Path file) {
        try {
            return send(
                    "PUT",
                    "/api/v1/data/" + path(digest),
                    "application/octet-stream",
                    BodyPublishers.ofFile(file),
                    UPLOAD_TIMEOUT,
                    StoredData.class);
        } catch (FileNotFoundException e) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "data: '%s' (expected: a readable file)".formatted(file),
                    e);
        }
    }

    /// Asks for a training; the answer is a run that may still be running.
    public TrainingRun train(TrainingRequest request) {
        return send(
                "POST",
                "/api/v1/trainings",
                "application/json",
                BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)),
                TrainingRun.class);
    }

    public TrainingRun run(String id) {
        return get("/api/v1/runs/" + path(id), TrainingRun.class);
    }

    /// Writes scaling decisions down.
    public void decided(List<ScalingDecision> decisions) {
        DecisionList list = new DecisionList(decisions);
        var _ =
                send(
                        "POST",
                        "/api/v1/decisions",
                        "application/json",
                        BodyPublishers.ofByteArray(JSON.writeValueAsBytes(list)),
                        DecisionList.class);
    }

    /// The newest scaling decisions of a target, the oldest first.
    public List<ScalingDecision> decisions(String target, Instant since, int limit) {
        return get(
                        "/api/v1/decisions?target=%s&since=%s&limit=%d"
                                .formatted(path(target), path(since.toString()), limit),
                        DecisionList.class)
                .decisions();
    }

    /// Entries of the gateways' audit log, the newest first.
    public AuditPage audit(AuditQuery query) {
        String parameters =
                query.parameters().entrySet().stream()
                        .map(value -> value.getKey() + "=" + path(value.getValue()))
                        .collect(Collectors.joining("&"));
        return get("/api/v1/audit?" + parameters, AuditPage.class);
    }

    private <T> T get(String path, Class<T> type) {
        return send("GET", path, "application/json", BodyPublishers.noBody(), type);
    }

    private <T> T send(
            String method, String path, String contentType, BodyPublisher body, Class<T> type) {
        return send(method, path, contentType, body, TIMEOUT, type);
    }

    private <T> T send(
            String method,
            String path,
            String contentType,
            BodyPublisher body,
            Duration timeout,
            Class<T> type) {
        HttpRequest request =
                request(path)
                        .header("content-type", contentType)
                        .timeout(timeout)
                        .method(method, body)
                        .build();
        try {
            HttpResponse<byte[]> response =
                    http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 != 2) {
                throw refused(response.statusCode(), response.body());
            }
            return JSON.readValue(response.body(), type);
        } catch (IOException | JacksonException e) {
            throw new TidemillException(
                    ErrorCode.UPSTREAM_FAILED, "control does not answer as it should: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TidemillException(ErrorCode.UPSTREAM_FAILED, "interrupted", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).timeout(TIMEOUT);
        token.get().ifPresent(value -> request.header("authorization", "Bearer " + value));
        return request;
    }

    private static TidemillException refused(int status, byte[] body) {
        JsonNode error = JSON.readTree(body);
        return new TidemillException(
                code(error.path("code").asString("")),
                error.path("error").asString("status " + status));
    }

    private static ErrorCode code(String name) {
        try {
            return ErrorCode.valueOf(name);
        } catch (IllegalArgumentException e) {
            // A newer server knows codes that we do not.
            return ErrorCode.UPSTREAM_FAILED;
        }
    }

    private static String path(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
