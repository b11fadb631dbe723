package dev.tidemill.client.control;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Writes what a server sends to a file as it comes, no more than was announced, and no longer than
/// a slow line takes.
final class Download {
    private static final long SECONDS = 60;
    private static final long BYTES_PER_SECOND = 64 << 10;
    private static final long MOST_ERROR_BYTES = 64 << 10;

    private Download() {}

    /// @param bytes that the file is to have
    /// @return the answer's body when it is no 200
    /// @throws TidemillException `UPSTREAM_FAILED` when it is another number of bytes, or the
    ///   server does not answer
    static Optional<HttpResponse<Optional<byte[]>>> toFile(
            HttpClient http, HttpRequest request, Path file, long bytes) {
        CompletableFuture<HttpResponse<Optional<byte[]>>> sent =
                http.sendAsync(request, handler(file, bytes));
        try {
            HttpResponse<Optional<byte[]>> response =
                    sent.get(SECONDS + bytes / BYTES_PER_SECOND, TimeUnit.SECONDS);
            if (response.statusCode() != 200) {
                return Optional.of(response);
            }
            if (Files.size(file) != bytes) {
                throw failed("%d bytes".formatted(Files.size(file)), bytes, null);
            }
            return Optional.empty();
        } catch (ExecutionException e) {
            throw failed(String.valueOf(e.getCause()), bytes, e);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw failed("too slow", bytes, e);
        } catch (IOException e) {
            throw failed(e.toString(), bytes, e);
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw failed("interrupted", bytes, e);
        }
    }

    private static BodyHandler<Optional<byte[]>> handler(Path file, long bytes) {
        return answer ->
                answer.statusCode() == 200
                        ? BodySubscribers.limiting(
                                BodySubscribers.mapping(
                                        BodySubscribers.ofFile(file), _ -> Optional.empty()),
                                bytes)
                        : BodySubscribers.limiting(
                                BodySubscribers.mapping(
                                        BodySubscribers.ofByteArray(), Optional::of),
                                MOST_ERROR_BYTES);
    }

    private static TidemillException failed(String found, long bytes, @Nullable Exception cause) {
        String message = "download: '%s' (expected: %d bytes)".formatted(found, bytes);
        return cause == null
                ? new TidemillException(ErrorCode.UPSTREAM_FAILED, message)
                : new TidemillException(ErrorCode.UPSTREAM_FAILED, message, cause);
    }
}
