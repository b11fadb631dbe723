package dev.tidemill.server.metrics;

import static dev.tidemill.http.MetricName.counter;
import static dev.tidemill.http.MetricName.gauge;
import static dev.tidemill.http.MetricName.histogram;

import dev.tidemill.http.MetricName;
import java.util.List;

/// The names, for `/metrics` and `docs/metrics.md`.
public final class ServerMetrics {
    public static final MetricName REQUESTS =
            histogram(
                    "tidemill_server_request_seconds",
                    "Time of an inference request; outcome is ok, caller (the request was wrong),"
                            + " capacity (it was shed, or too late), cancelled (the client left) or"
                            + " error.",
                    "model",
                    "version",
                    "outcome");
    public static final MetricName QUEUE =
            histogram(
                    "tidemill_server_queue_seconds",
                    "Time that an inference request waited for its run.",
                    "model",
                    "version");
    public static final MetricName BATCH_ROWS =
            histogram(
                    "tidemill_server_batch_rows",
                    "Rows of a run of the model.",
                    "model",
                    "version");
    public static final MetricName COMPUTE =
            histogram(
                    "tidemill_server_compute_seconds",
                    "Time of a run of the model.",
                    "model",
                    "version");
    public static final MetricName ROWS =
            counter("tidemill_server_rows_total", "Rows that models ran.", "model", "version");
    public static final MetricName ABANDONED =
            counter(
                    "tidemill_server_abandoned_total",
                    "Requests that were dropped from the queue, without a run, because their"
                            + " clients had left.",
                    "model",
                    "version");
    public static final MetricName SLOTS =
            gauge(
                    "tidemill_server_slots",
                    "Runs of the model that go on at a time at most; 0 for what has no runs of its"
                            + " own.",
                    "model",
                    "version");
    public static final MetricName IN_FLIGHT =
            gauge("tidemill_server_in_flight", "Inference requests in flight.");
    public static final MetricName LIMIT =
            gauge("tidemill_server_limit", "Inference requests that are let in at a time now.");
    public static final MetricName IN_FLIGHT_BYTES =
            gauge("tidemill_server_in_flight_bytes", "Bytes held for them.");
    public static final MetricName GRPC =
            histogram(
                    "tidemill_server_grpc_seconds",
                    "Time of a gRPC call; status is its gRPC code, CANCELLED when the client left.",
                    "method",
                    "status");

    public static final MetricName CACHE =
            counter(
                    "tidemill_server_cache_total",
                    "Questions put to the response cache; result is hit or miss. Always 0 for"
                            + " models without it.",
                    "model",
                    "version",
                    "result");
    public static final MetricName CACHE_BYTES =
            gauge("tidemill_server_cache_bytes", "Held by answers in the response cache.");
    public static final MetricName CACHE_ENTRIES =
            gauge("tidemill_server_cache_entries", "Answers in the response cache.");
    public static final MetricName CACHE_EVICTIONS =
            gauge(
                    "tidemill_server_cache_evictions",
                    "Answers that made room for others in the response cache since the start.");
    public static final MetricName PAYLOADS =
            gauge(
                    "tidemill_server_payloads",
                    "Requests for the payload log since the start; result is written, dropped (no"
                            + " room) or failed (the file or address did not take it).",
                    "result");
    public static final MetricName STALLED =
            gauge(
                    "tidemill_server_stalled_bodies",
                    "Requests that were ended since the start because their bodies came, or their"
                            + " answers were taken, too slowly.");

    /// Every metric of this module.
    public static final List<MetricName> NAMES =
            List.of(
                    REQUESTS,
                    QUEUE,
                    COMPUTE,
                    BATCH_ROWS,
                    ROWS,
                    ABANDONED,
                    SLOTS,
                    IN_FLIGHT,
                    LIMIT,
                    IN_FLIGHT_BYTES,
                    GRPC,
                    CACHE,
                    CACHE_BYTES,
                    CACHE_ENTRIES,
                    CACHE_EVICTIONS,
                    PAYLOADS,
                    STALLED);

    private ServerMetrics() {}
}
