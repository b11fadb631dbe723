package dev.tidemill.gateway.traffic;

import dev.tidemill.http.MetricName;
import java.util.List;

/// Every metric of this module.
public final class GatewayMetrics {
    public static final MetricName REQUESTS =
            MetricName.histogram(
                    "tidemill_gateway_request_seconds",
                    "Time from a whole request to the end of its answer, retries and waits included;"
                            + " class cut means that the answer was cut off.",
                    "model",
                    "class");
    public static final MetricName RETRIES =
            MetricName.counter(
                    "tidemill_gateway_retries_total",
                    "Attempts that were repeated, by what became of the attempt before.",
                    "reason");
    public static final MetricName NO_REPLICA_WAIT =
            MetricName.histogram(
                    "tidemill_gateway_no_replica_wait_seconds",
                    "Time that a request waited because no replica was ready.",
                    "model");
    public static final MetricName IN_FLIGHT =
            MetricName.gauge(
                    "tidemill_gateway_in_flight",
                    "Requests that are being answered or wait for a replica.",
                    "model");
    public static final MetricName WAITING =
            MetricName.gauge(
                    "tidemill_gateway_waiting", "Requests that wait for a replica.", "model");

    /// All of them.
    public static final List<MetricName> NAMES =
            List.of(REQUESTS, RETRIES, NO_REPLICA_WAIT, IN_FLIGHT, WAITING);

    private GatewayMetrics() {}
}
