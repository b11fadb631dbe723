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

    public static final MetricName LIMITED =
            MetricName.counter(
                    "tidemill_gateway_limited_total",
                    "Requests that were refused by a limit; what is requests, tokens or concurrent.",
                    "limit",
                    "what");
    public static final MetricName TOKENS =
            MetricName.counter(
                    "tidemill_gateway_tokens_total",
                    "Tokens that upstreams reported, or that were estimated when they did not; kind"
                            + " is input, output or estimated.",
                    "model",
                    "kind");
    public static final MetricName FALLBACKS =
            MetricName.counter(
                    "tidemill_gateway_fallbacks_total",
                    "Requests that went on to another upstream or route.",
                    "route");
    public static final MetricName CLIENTS_LEFT =
            MetricName.counter(
                    "tidemill_gateway_clients_left_total",
                    "Requests whose client left before it had its answer; the upstream's work was"
                            + " cancelled.",
                    "model");
    public static final MetricName AUDIT =
            MetricName.counter(
                    "tidemill_gateway_audit_total",
                    "Entries of the audit log; result is written, or dropped (no room, or the"
                            + " process ended).",
                    "result");
    public static final MetricName AUDIT_WAITING =
            MetricName.gauge(
                    "tidemill_gateway_audit_waiting",
                    "Entries of the audit log that are not written yet.");
    public static final MetricName RELOADS =
            MetricName.counter(
                    "tidemill_gateway_reloads_total",
                    "Configurations that came; result is taken, refused or unreadable.",
                    "result");
    public static final MetricName CONFIG_BROKEN =
            MetricName.gauge(
                    "tidemill_gateway_config_broken",
                    "1 while the newest configuration is refused and the one before is in use.");

    /// All of them.
    public static final List<MetricName> NAMES =
            List.of(
                    REQUESTS,
                    RETRIES,
                    NO_REPLICA_WAIT,
                    IN_FLIGHT,
                    WAITING,
                    LIMITED,
                    TOKENS,
                    FALLBACKS,
                    CLIENTS_LEFT,
                    AUDIT,
                    AUDIT_WAITING,
                    RELOADS,
                    CONFIG_BROKEN);

    private GatewayMetrics() {}
}
