package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys of what a route does with its requests beside sending each to one upstream.
final class TrafficKeys {
    static final Key.Value<Boolean> STRATEGY =
            new Key.Value<>(
                    "strategy",
                    ValueTypes.choice(
                            List.of(Map.entry("canary", false), Map.entry("blueGreen", true))),
                    Presence.otherwise("canary"),
                    "`canary`: the new version gets a part of the requests, which grows;"
                            + " `blueGreen`: it gets copies of all requests, whose answers nobody"
                            + " gets, until it has shown that it keeps to the gates, and then all"
                            + " requests at once.");
    static final Key.Values<Double> STEPS =
            new Key.Values<>(
                    "steps",
                    ValueTypes.positive(100),
                    20,
                    "Percentages of the requests that the last upstream gets, rising, the first"
                            + " below 100; required with `strategy: canary`.");
    static final Key.Value<Duration> EVERY =
            new Key.Value<>(
                    "every",
                    ValueTypes.duration("1s", "7d"),
                    Presence.otherwise("5m"),
                    "The least time of a step.");
    static final Key.Value<Duration> STEP_TIMEOUT =
            new Key.Value<>(
                    "stepTimeout",
                    ValueTypes.duration("1s", "30d"),
                    Presence.otherwise("1h"),
                    "After which a step is late that has too little traffic, or figures that are"
                            + " beyond a gate and prove nothing.");
    static final Key.Value<Boolean> WHEN_LATE =
            new Key.Value<>(
                    "whenLate",
                    ValueTypes.choice(
                            List.of(Map.entry("hold", false), Map.entry("rollback", true))),
                    Presence.otherwise("hold"),
                    "What becomes of a late step.");
    static final Key.Value<Double> ERROR_RATE =
            new Key.Value<>(
                    "errorRate",
                    ValueTypes.number(0.1, 100),
                    Presence.otherwise("1"),
                    "Percentage points by which more requests of the new version may fail (5xx,"
                            + " cut off, out of time) than of the stable one.");
    static final Key.Value<RouteTraffic.Latency> P95 =
            latency("p95", "The time to the answer that 95 % of the requests must keep to.");
    static final Key.Value<RouteTraffic.Latency> P99 =
            latency("p99", "The time to the answer that 99 % of the requests must keep to.");
    static final Key.Value<Integer> MIN_REQUESTS =
            new Key.Value<>(
                    "minRequests",
                    ValueTypes.whole(10, 10_000_000),
                    Presence.otherwise("100"),
                    "That each side must have answered in a step before it can end well.");
    static final Key.Value<Double> CONFIDENCE =
            new Key.Value<>(
                    "confidence",
                    ValueTypes.number(50, 99.999),
                    Presence.otherwise("95"),
                    "Percent: a version that keeps to the gates is rolled back in no more than the"
                            + " rest of all rollouts.");
    static final Key.Section GATES =
            new Key.Section(
                    "gates",
                    Shape.of(ERROR_RATE, P95, P99, MIN_REQUESTS, CONFIDENCE),
                    Presence.otherwise("{}"),
                    "What the new version must keep to.");
    static final Key.Value<RouteTraffic.Split> SPLIT =
            new Key.Value<>(
                    "split",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("gateway", RouteTraffic.Split.GATEWAY),
                                    Map.entry("istio", RouteTraffic.Split.ISTIO),
                                    Map.entry("httpRoute", RouteTraffic.Split.HTTP_ROUTE))),
                    Presence.otherwise("gateway"),
                    "On a cluster, who divides what goes to the first upstream's Service past our"
                            + " gateway, in step with it: nobody; `istio`, a VirtualService and"
                            + " DestinationRules; `httpRoute`, a mesh that reads the Gateway API.");
    static final Key.Section CANARY =
            new Key.Section(
                    "canary",
                    Shape.of(STEPS, EVERY, STEP_TIMEOUT, WHEN_LATE, GATES, STRATEGY, SPLIT),
                    Presence.optional("the weights divide the requests"),
                    "The last upstream is a new version that takes over step by step, or is rolled"
                            + " back, by itself; the weights divide what the others get.");

    static final Key.Value<Double> MIRROR_PERCENT =
            new Key.Value<>(
                    "percent",
                    ValueTypes.positive(100),
                    Presence.otherwise("100"),
                    "Of the requests, at random.");
    static final Key.Value<RouteTraffic.Hedge> HEDGE =
            new Key.Value<>(
                    "hedge",
                    TrafficTypes.hedge(),
                    Presence.optional("one replica at a time"),
                    "When a second replica is asked as well: the first answer is taken, the other"
                            + " attempt is cancelled. Within the retry budget; for requests to models"
                            + " and GET.");
    static final Key.Value<Boolean> BALANCE =
            new Key.Value<>(
                    "balance",
                    ValueTypes.choice(List.of(Map.entry("load", false), Map.entry("prefix", true))),
                    Presence.otherwise("load"),
                    "`prefix`: requests to language models that begin alike go to the same replica,"
                            + " which has them in its cache, unless it has a quarter more to do than"
                            + " the mean.");
    static final Key.Value<Duration> HOLD_TIME =
            new Key.Value<>(
                    "time",
                    ValueTypes.duration("0s", "10m"),
                    Presence.optional("`timeouts.waitForReplica`"),
                    "How long a request waits when no replica is ready, while scaling starts one.");
    static final Key.Value<Integer> HOLD_REQUESTS =
            new Key.Value<>(
                    "requests",
                    ValueTypes.whole(0, 100_000),
                    Presence.optional("all that the gateway holds, 1024"),
                    "That may wait at once; more are answered 503 with Retry-After.");
    static final Key.Section HOLD =
            new Key.Section(
                    "hold",
                    Shape.of(HOLD_TIME, HOLD_REQUESTS),
                    Presence.optional("as the gateway's `timeouts` say"),
                    "Requests that find no ready replica.");

    private TrafficKeys() {}

    private static Key.Value<RouteTraffic.Latency> latency(String name, String meaning) {
        return new Key.Value<>(name, TrafficTypes.latency(), Presence.optional(), meaning);
    }
}
