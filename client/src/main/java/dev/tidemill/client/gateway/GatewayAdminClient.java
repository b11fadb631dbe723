package dev.tidemill.client.gateway;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Reads a gateway's admin listener.
public final class GatewayAdminClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient http;
    private final JsonMapper json;
    private final URI address;

    /// @param address of the admin listener, such as `http://127.0.0.1:40111`
    public GatewayAdminClient(HttpClient http, JsonMapper json, URI address) {
        this.http = http;
        this.json = json;
        this.address = address;
    }

    /// @throws TidemillException `UPSTREAM_FAILED` when the gateway does not answer as it should
    public TrafficCounters counters() {
        return read("/signals", TrafficCounters.class);
    }

    /// @throws TidemillException `UPSTREAM_FAILED` when the gateway does not answer as it should
    public CanaryReports canaries() {
        return read("/canaries", CanaryReports.class);
    }

    private <T> T read(String path, Class<T> type) {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(TIMEOUT).build();
        try {
            HttpResponse<byte[]> response =
                    http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw failed(path, "status " + response.statusCode(), null);
            }
            return json.readValue(response.body(), type);
        } catch (IOException | JacksonException e) {
            throw failed(path, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(path, "interrupted", e);
        }
    }

    private TidemillException failed(String path, String why, @Nullable Throwable cause) {
        String message =
                "gateway %s: '%s' (expected: what %s says of itself)".formatted(path, why, address);
        return cause == null
                ? new TidemillException(ErrorCode.UPSTREAM_FAILED, message)
                : new TidemillException(ErrorCode.UPSTREAM_FAILED, message, cause);
    }
}
