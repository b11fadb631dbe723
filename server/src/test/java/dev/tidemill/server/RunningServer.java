package dev.tidemill.server;

import dev.tidemill.runtimes.onnx.OnnxRuntime;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.server.repository.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server in this JVM, on a free port, with a client.
final class RunningServer implements AutoCloseable {
    static final int MAX_IN_FLIGHT = 4;
    static final int MAX_BODY = 100_000;

    /// A longer body's connection is closed at once, so that its client may miss the 413.
    static final int LARGEST_READ = 2 * MAX_BODY + (1 << 20);

    private final ModelServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final boolean ready;

    RunningServer(ModelSource... models) {
        this(V1Flavour.TFSERVING, models);
    }

    RunningServer(V1Flavour flavour, ModelSource... models) {
        this(Optional.empty(), flavour, List.of(models), Optional.empty(), Map.of());
    }

    /// @param environment says whether traces are recorded
    RunningServer(Map<String, String> environment, ModelSource... models) {
        this(Optional.empty(), V1Flavour.TFSERVING, List.of(models), Optional.empty(), environment);
    }

    /// As above, with folders of models.
    RunningServer(Map<String, String> environment, RepositoryConfig repository) {
        this(
                Optional.of(repository),
                V1Flavour.TFSERVING,
                List.of(),
                Optional.empty(),
                environment);
    }

    /// @param repository folders of models
    RunningServer(RepositoryConfig repository) {
        this(Map.of(), repository);
    }

    /// @param root folder of models
    RunningServer(Path root, ServerExtras extras) {
        this(
                Optional.of(Folders.served(root)),
                V1Flavour.TFSERVING,
                List.of(),
                Optional.of(extras),
                Map.of());
    }

    /// As above, with models of another kind.
    RunningServer(Path root, ServerExtras extras, ModelRuntime runtime) {
        this(
                Optional.of(Folders.served(root)),
                V1Flavour.TFSERVING,
                List.of(),
                Optional.of(extras),
                Map.of(),
                runtime);
    }

    private RunningServer(
            Optional<RepositoryConfig> repository,
            V1Flavour flavour,
            List<ModelSource> models,
            Optional<ServerExtras> extras,
            Map<String, String> environment) {
        this(repository, flavour, models, extras, environment, new OnnxRuntime());
    }

    private RunningServer(
            Optional<RepositoryConfig> repository,
            V1Flavour flavour,
            List<ModelSource> models,
            Optional<ServerExtras> extras,
            Map<String, String> environment,
            ModelRuntime runtime) {
        server =
                new ModelServer(
                        new ServerConfig(
                                "test",
                                "127.0.0.1",
                                0,
                                models,
                                MAX_IN_FLIGHT,
                                2 * MAX_BODY,
                                MAX_BODY,
                                0,
                                Optional.of(0),
                                Optional.empty(),
                                repository,
                                Optional.of(flavour),
                                Optional.empty(),
                                extras),
                        runtime,
                        environment);
        server.beginToLoad();
        server.listen();
        port = server.port();
        try {
            ready = server.awaitLoaded();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    record Answer(int status, String contentType, HttpResponse<String> response) {
        String body() {
            return response.body();
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(response.body());
        }

        String error() {
            return json().get("error").asString();
        }
    }

    boolean isReady() {
        return ready;
    }

    int port() {
        return port;
    }

    void drain() {
        try {
            server.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int grpcPort() {
        return server.grpcPorts().getFirst();
    }

    Answer get(String path) {
        return send(request(path));
    }

    Answer post(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    client.send(
                            request.timeout(Duration.ofSeconds(20)).build(),
                            BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    response);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    /// A request to `path` whose body has begun and never ends, so that it stays in flight. Returns
    /// once the server has begun to read it.
    Socket unfinished(String path, int announced) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        String head =
                "POST %s HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
                        .formatted(path, announced);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        byte[] interim = in.readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
        if (!new String(interim, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 100 ")) {
            throw new IOException(new String(interim, StandardCharsets.US_ASCII));
        }
        return socket;
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
