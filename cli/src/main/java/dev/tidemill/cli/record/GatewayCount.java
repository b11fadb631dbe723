package dev.tidemill.cli.record;

import dev.tidemill.autoscale.PrometheusText;
import java.util.Map;
import java.util.Optional;

/// Requests that have begun at a gateway since its start, of one model or of all.
final class GatewayCount {
    private static final String FINISHED = "tidemill_gateway_request_seconds_count";
    private static final String IN_FLIGHT = "tidemill_gateway_in_flight";

    private final Optional<String> model;

    GatewayCount(Optional<String> model) {
        this.model = model;
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
