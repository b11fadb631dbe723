package dev.tidemill.gateway;

import dev.tidemill.gateway.traffic.Signals;
import dev.tidemill.http.Json;
import dev.tidemill.stores.redis.RedisMeters;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;

/// A gateway on free ports, and clients of it.
final class RunningGateway implements AutoCloseable {
    static final String INFER = "/v2/models/digits/infer";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    final Gateway gateway;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RunningGateway(ConfigLine line) {
        this(line, 1 << 28);
    }

    RunningGateway(ConfigLine line, long bodyMemoryBytes) {
        this(line, bodyMemoryBytes, Map.of("UPSTREAM_KEY", "sk-upstream"));
    }

    RunningGateway(ConfigLine line, Map<String, String> environment) {
        this(line, 1 << 28, environment);
    }

    private RunningGateway(ConfigLine line, long bodyMemoryBytes, Map<String, String> environment) {
        RandomGenerator.SplittableGenerator seeds = new SplittableRandom(42);
        ThreadLocal<RandomGenerator> random = ThreadLocal.withInitial(() -> split(seeds));
        gateway =
                new Gateway(
                        line.config().checked(),
                        new Surroundings(
                                System::nanoTime,
                                InstantSource.system(),
                                random::get,
                                environment,
                                () -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
                                store -> new RedisMeters(store.address(), store.space()),
                                bodyMemoryBytes));
        gateway.start();
    }

    private static RandomGenerator split(RandomGenerator.SplittableGenerator seeds) {
        synchronized (seeds) {
            return seeds.split();
        }
    }

    int grpcPort() {
        return gateway.grpcPort().orElseThrow();
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + target))
                .timeout(TIMEOUT);
    }

    HttpResponse<String> get(String target) throws IOException, InterruptedException {
        return client.send(request(target).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String target, String body) throws IOException, InterruptedException {
        return client.send(
                request(target).POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return client.send(request.build(), handler);
    }

    CompletableFuture<HttpResponse<String>> postAsync(String target, String body) {
        return client.sendAsync(
                request(target).POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }

    Signals signals() throws IOException, InterruptedException {
        return Json.read(admin("/signals").getBytes(StandardCharsets.UTF_8), Signals.class);
    }

    Signals.Model digits() throws IOException, InterruptedException {
        return signals().models().getFirst();
    }

    String admin(String path) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:" + gateway.adminPort() + path))
                                .timeout(TIMEOUT)
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    /// A connection to write anything to.
    Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", gateway.port());
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        return socket;
    }

    /// Everything that comes back until the gateway ends the connection.
    String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() {
        gateway.close();
        client.close();
    }
}
