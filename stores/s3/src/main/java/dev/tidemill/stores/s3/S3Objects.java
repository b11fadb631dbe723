package dev.tidemill.stores.s3;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Puts and gets objects, each in one request. What fails on its way is tried again: to put the
/// same twice is to put it once.
final class S3Objects implements AutoCloseable {
    /// S3's own limit of what one request can put.
    static final long MOST = 5L << 30;

    private static final int TRIES = 4;
    private static final long PAUSE_MILLIS = 100;
    private static final int MOST_LISTING = 16 << 20;
    private static final int MOST_WORDS = 4096;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(10);

    private final S3Address address;
    private final Supplier<S3Credentials> credentials;
    private final InstantSource clock;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();

    /// @param credentials asked for each request, so that they may be exchanged
    S3Objects(S3Address address, Supplier<S3Credentials> credentials, InstantSource clock) {
        this.address = address;
        this.credentials = credentials;
        this.clock = clock;
    }

    void put(String key, byte[] content) throws IOException {
        put(key, BodyPublishers.ofByteArray(content), Digest.of(content));
    }

    void put(String key, Path file) throws IOException {
        put(key, BodyPublishers.ofFile(file), Digest.of(file));
    }

    private void put(String key, BodyPublisher body, Digest digest) throws IOException {
        try (InputStream answer = send("PUT", key, body, digest.hex()).body()) {
            answer.readAllBytes();
        }
    }

    /// Empty when there is none.
    Optional<byte[]> get(String key) throws IOException {
        HttpResponse<InputStream> answer = get(key, true);
        try (InputStream body = answer.body()) {
            return answer.statusCode() == 404
                    ? Optional.empty()
                    : Optional.of(body.readNBytes(MOST_LISTING));
        }
    }

    /// @throws TidemillException `NOT_FOUND`
    void download(String key, Path file) throws IOException {
        try (InputStream body = get(key, false).body()) {
            Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private HttpResponse<InputStream> get(String key, boolean mayBeMissing) throws IOException {
        HttpResponse<InputStream> answer =
                send("GET", key, BodyPublishers.noBody(), Digest.of(new byte[0]).hex());
        if (answer.statusCode() == 404 && !mayBeMissing) {
            answer.body().close();
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "object: '%s' (expected: one in %s)".formatted(key, address));
        }
        return answer;
    }

    /// @return 2xx, or 404 for a key that is not there
    private HttpResponse<InputStream> send(
            String method, String key, BodyPublisher body, String digest) throws IOException {
        URI url = address.of(key);
        for (int attempt = 1; ; attempt++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(ANSWER);
            new SignatureV4(credentials.get(), address.region())
                    .sign(method, url, new TreeMap<>(), digest, clock.instant())
                    .forEach(request::header);
            try {
                HttpResponse<InputStream> answer =
                        http.send(
                                request.method(method, body).build(), BodyHandlers.ofInputStream());
                if (answer.statusCode() / 100 == 2) {
                    return answer;
                }
                String words = words(answer);
                boolean missing = answer.statusCode() == 404 && !words.contains("NoSuchBucket");
                if (missing && method.equals("GET")) {
                    return answer;
                }
                if ((answer.statusCode() < 500 && answer.statusCode() != 429) || attempt == TRIES) {
                    throw refused(method, key, answer.statusCode(), words);
                }
            } catch (InterruptedException e) {
                throw interrupted(key, e);
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw new IOException("%s %s: %s".formatted(method, url, e), e);
                }
            }
            pause(key, attempt);
        }
    }

    private static String words(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream body = answer.body()) {
            return new String(body.readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
        }
    }

    private static void pause(String key, int attempt) {
        try {
            Thread.sleep(PAUSE_MILLIS << attempt);
        } catch (InterruptedException e) {
            throw interrupted(key, e);
        }
    }

    private TidemillException refused(String method, String key, int status, String words) {
        return new TidemillException(
                ErrorCode.UPSTREAM_FAILED,
                "%s %s%s: '%d' (expected: 200); %s"
                        .formatted(method, address, key, status, words.strip()));
    }

    private static TidemillException interrupted(String key, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new TidemillException(
                ErrorCode.UNAVAILABLE, "object %s: interrupted".formatted(key), cause);
    }

    @Override
    public void close() {
        http.close();
    }
}
