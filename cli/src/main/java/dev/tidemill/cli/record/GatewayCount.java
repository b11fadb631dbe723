package dev.tidemill.cli.record;

import dev.tidemill.autoscale.PrometheusText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Requests that have begun at a gateway since its start, of one model or of all.
final class GatewayCount {
    private static final Duration TIMEOUT = Duration.ofMillis(900);
    private static final String FINISHED = "tidemill_gateway_request_seconds_count";
    private static final String IN_FLIGHT = "tidemill_gateway_in_flight";

    private final HttpClient http;
    private final Optional<String> model;

    GatewayCount(HttpClient http, Optional<String> model) {
        this.http = http;
        this.model = model;
    }

    /// @param admin listener of the gateway
    /// @return empty when it does not answer
    OptionalDouble read(URI admin) {
        try {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(admin.resolve("/metrics"))
                                    .timeout(TIMEOUT)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? OptionalDouble.of(begun(answer.body()))
                    : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalDouble.empty();
        }
    }

    /// Finished and in flight: a gateway without a request yet says nothing of either.
    double begun(String metrics) {
        double[] sum = {0};
        PrometheusText.read(
                metrics,
                "tidemill_gateway_",
                (name, labels, value) -> {
                    if ((name.equals(FINISHED) || name.equals(IN_FLIGHT)) && counts(labels)) {
                        sum[0] += value;
                    }
                });
        return sum[0];
    }

    private boolean counts(Map<String, String> labels) {
        return model.isEmpty() || model.get().equals(labels.get("model"));
    }
}
