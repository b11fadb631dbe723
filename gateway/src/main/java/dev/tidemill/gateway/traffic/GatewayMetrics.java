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
                    "Requests that were refused by a limit; what is requests, tokens,"
                            + " concurrent or money.",
                    "limit",
                    "what");
    public static final MetricName LIMITED_WAITING =
            MetricName.gauge(
                    "tidemill_gateway_limited_waiting",
                    "Requests that a limit has refused and that wait up to a second before they are"
                            + " told, or let in.");
    public static final MetricName TOKENS =
            MetricName.counter(
                    "tidemill_gateway_tokens_total",
                    "Tokens that upstreams reported, or that were estimated when they did not; kind"
                            + " is input, output or estimated.",
                    "model",
                    "kind");
    public static final MetricName COST =
            MetricName.counter(
                    "tidemill_gateway_cost_total",
                    "What answers cost by the prices of the file, in its currency.",
                    "model");
    public static final MetricName SHARED_LIMITS_LOST =
            MetricName.gauge(
                    "tidemill_gateway_shared_limits_lost",
                    "1 while the store of limits that gateways share does not answer.");
    public static final MetricName SHARED_LIMITS_FAILURES =
            MetricName.counter(
                    "tidemill_gateway_shared_limits_failures_total",
                    "Questions to the store of shared limits that were not answered in time.");
    public static final MetricName SHARED_LIMITS_FORGOTTEN =
            MetricName.counter(
                    "tidemill_gateway_shared_limits_forgotten_total",
                    "Requests that ended while the store of shared limits was lost, and were too"
                            + " many to tell it later.");
    public static final MetricName WRONG_KEYS =
            MetricName.counter(
                    "tidemill_gateway_wrong_keys_total",
                    "Requests with a key or token that is not valid; result limited means that its"
                            + " address had tried too many.",
                    "result");
    public static final MetricName CERTIFICATE_BROKEN =
            MetricName.gauge(
                    "tidemill_gateway_certificate_broken",
                    "1 while the certificate's files are broken and the one before is in use.");
    public static final MetricName CERTIFICATE_EXPIRES =
            MetricName.gauge(
                    "tidemill_gateway_certificate_expires_seconds",
                    "When the certificate in use expires, in seconds since 1970.");
    public static final MetricName FALLBACKS =
            MetricName.counter(
                    "tidemill_gateway_fallbacks_total",
                    "Requests that went on to another upstream or route.",
                    "route");
    public static final MetricName CANARY_SHARE =
            MetricName.gauge(
                    "tidemill_gateway_canary_share",
                    "Part of a route's requests that its new version gets, from 0 to 1.",
                    "route");
    public static final MetricName CANARY_REQUESTS =
            MetricName.counter(
                    "tidemill_gateway_canary_requests_total",
                    "Attempts at an upstream of a route with a canary; side is stable or canary,"
                            + " result is answered or failed (a stream that is cut off is both).",
                    "route",
                    "side",
                    "result");
    public static final MetricName CANARY_DECISIONS =
            MetricName.counter(
                    "tidemill_gateway_canary_decisions_total",
                    "What became of canaries: step, promote, rollback, late, or restart (by hand).",
                    "route",
                    "decision");
    public static final MetricName MIRRORED =
            MetricName.histogram(
                    "tidemill_gateway_mirror_seconds",
                    "Time that copies of requests took, to the end of the answer that nobody gets; class"
                            + " failed means that there was none.",
                    "route",
                    "class");
    public static final MetricName MIRROR_DROPPED =
            MetricName.counter(
                    "tidemill_gateway_mirror_dropped_total",
                    "Copies of requests that were not sent: too many were under way, or nobody could"
                            + " be reached.",
                    "route");
    public static final MetricName HEDGES =
            MetricName.counter(
                    "tidemill_gateway_hedges_total",
                    "Requests that took long and were sent to a second replica; result is won (its"
                            + " answer was taken), lost or no_budget (it was not sent).",
                    "route",
                    "result");
    public static final MetricName CLIENTS_LEFT =
            MetricName.counter(
                    "tidemill_gateway_clients_left_total",
                    "Requests whose client left before it had its answer; the upstream's work was"
                            + " cancelled.",
                    "model");
    public static final MetricName GRPC =
            MetricName.histogram(
                    "tidemill_gateway_grpc_seconds",
                    "Time from the beginning of a gRPC call to its end, by gRPC's status.",
                    "method",
                    "code");
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
    public static final MetricName GUARDRAILS =
            MetricName.counter(
                    "tidemill_gateway_guardrail_total",
                    "What guardrails found, in requests and answers; action is flag, redact, refuse or"
                            + " clamp.",
                    "guardrail",
                    "found",
                    "action");
    public static final MetricName CACHE =
            MetricName.counter(
                    "tidemill_gateway_cache_total",
                    "Requests that a cache is about; result is hit, miss, semantic (another question"
                            + " that means the same; counted as a miss before) or bypass.",
                    "cache",
                    "result");
    public static final MetricName CACHE_ENTRIES =
            MetricName.gauge("tidemill_gateway_cache_entries", "Answers that caches hold.");
    public static final MetricName CACHE_BYTES =
            MetricName.gauge("tidemill_gateway_cache_bytes", "What answers in caches take, about.");
    public static final MetricName OPERATION =
            MetricName.histogram(
                    "gen_ai_client_operation_duration_seconds",
                    "Time of a request to an upstream of OpenAI's protocol, all attempts included:"
                            + " OpenTelemetry's gen_ai.client.operation.duration. error_type is empty"
                            + " when it went well.",
                    "gen_ai_operation_name",
                    "gen_ai_provider_name",
                    "gen_ai_request_model",
                    "error_type");
    public static final MetricName TOKEN_USAGE =
            MetricName.histogram(
                    "gen_ai_client_token_usage",
                    "Tokens of a request that its upstream told: OpenTelemetry's"
                            + " gen_ai.client.token.usage.",
                    "gen_ai_operation_name",
                    "gen_ai_provider_name",
                    "gen_ai_request_model",
                    "gen_ai_token_type");
    public static final MetricName SERVER_DURATION =
            MetricName.histogram(
                    "gen_ai_server_request_duration_seconds",
                    "Time of a client's request, from caches too: OpenTelemetry's"
                            + " gen_ai.server.request.duration.",
                    "gen_ai_operation_name",
                    "gen_ai_provider_name",
                    "gen_ai_request_model",
                    "error_type");
    public static final MetricName FIRST_TOKEN =
            MetricName.histogram(
                    "gen_ai_server_time_to_first_token_seconds",
                    "Time until a stream's first event went to the client: OpenTelemetry's"
                            + " gen_ai.server.time_to_first_token.",
                    "gen_ai_operation_name",
                    "gen_ai_provider_name",
                    "gen_ai_request_model");
    public static final MetricName PER_TOKEN =
            MetricName.histogram(
                    "gen_ai_server_time_per_output_token_seconds",
                    "Time of a stream after its first event, for each token after the first:"
                            + " OpenTelemetry's gen_ai.server.time_per_output_token.",
                    "gen_ai_operation_name",
                    "gen_ai_provider_name",
                    "gen_ai_request_model");
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
                    LIMITED_WAITING,
                    TOKENS,
                    COST,
                    WRONG_KEYS,
                    CERTIFICATE_BROKEN,
                    CERTIFICATE_EXPIRES,
                    SHARED_LIMITS_LOST,
                    SHARED_LIMITS_FAILURES,
                    SHARED_LIMITS_FORGOTTEN,
                    FALLBACKS,
                    CANARY_SHARE,
                    CANARY_REQUESTS,
                    CANARY_DECISIONS,
                    MIRRORED,
                    MIRROR_DROPPED,
                    HEDGES,
                    CLIENTS_LEFT,
                    GRPC,
                    AUDIT,
                    AUDIT_WAITING,
                    GUARDRAILS,
                    CACHE,
                    CACHE_ENTRIES,
                    CACHE_BYTES,
                    OPERATION,
                    TOKEN_USAGE,
                    SERVER_DURATION,
                    FIRST_TOKEN,
                    PER_TOKEN,
                    RELOADS,
                    CONFIG_BROKEN);

    private GatewayMetrics() {}
}
