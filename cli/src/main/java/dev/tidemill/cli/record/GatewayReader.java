package dev.tidemill.cli.record;

import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads the admin listener of a gateway that may be away for a while, and says when that begins
/// and ends.
final class GatewayReader implements AutoCloseable {
    /// Less than the second after which it is read again.
    private static final Duration TIMEOUT = Duration.ofMillis(900);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final Supplier<Optional<URI>> gateway;
    private final PrintStream out;
    private final String whenSilent;
    private boolean silent;

    /// @param gateway its admin listener now; empty while there is none
    /// @param whenSilent what it means when it does not answer
    GatewayReader(Supplier<Optional<URI>> gateway, PrintStream out, String whenSilent) {
        this.gateway = gateway;
        this.out = out;
        this.whenSilent = whenSilent;
    }

    /// @return empty when it does not answer
    Optional<String> read(String path) {
        Optional<String> answer = answer(path);
        if (answer.isEmpty() != silent) {
            silent = answer.isEmpty();
            out.println(
                    silent
                            ? "the gateway does not answer: " + whenSilent
                            : "the gateway answers again");
        }
        return answer;
    }

    private Optional<String> answer(String path) {
        try {
            Optional<URI> admin = gateway.get();
            return admin.isEmpty() ? Optional.empty() : answer(admin.get().resolve(path));
        } catch (TidemillException | IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<String> answer(URI from) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(from).timeout(TIMEOUT).build(),
                        HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
