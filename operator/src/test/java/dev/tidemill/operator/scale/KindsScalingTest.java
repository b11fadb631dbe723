package dev.tidemill.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.sources.kafka.KafkaSecrets;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.cluster.ReplicaSetter;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// A pool whose replicas are of two kinds, each a Deployment of its own, over minutes that pass
/// when the test says so.
final class KindsScalingTest {
    private static final ModelPool POOL =
            Pools.digits(
                    """
                    {min: 12, max: 30, metrics: [{type: concurrency, target: 8}],
                     kinds: [{name: cpu, requestsPerSecond: 10, pricePerHour: 1},
                             {name: gpu, requestsPerSecond: 100, pricePerHour: 2,
                              resources: {gpu: 1}}]}\
                    """);

    private final Map<String, Integer> deployments = new HashMap<>();
    private final List<String> orders = new ArrayList<>();
    private long nanos;

    @Test
    void each_kind_is_a_deployment_and_together_they_are_the_cheapest_that_serve() {
        deployments.put("digits-server-cpu", 12);
        deployments.put("digits-server-gpu", 0);
        NamespaceScaling scaling = scaling();
        scaling.see(pools(), List.of(), ReplicaSetter.TIDEMILL, List.of());
        scaling.tick();

        assertThat(orders).containsExactly("digits-server-gpu 1");

        scaling.see(pools(), List.of(), ReplicaSetter.TIDEMILL, List.of());
        nanos += 1_000_000_000L;
        scaling.tick();

        assertThat(orders).containsExactly("digits-server-gpu 1", "digits-server-cpu 2");
        assertThat(scaling.last("digits").map(OrderedPool.Change::reason).orElseThrow())
                .contains("2 cpu and 1 gpu for 120.0 requests/s at 4.00 an hour");
    }

    private NamespaceScaling scaling() {
        return new NamespaceScaling(
                "ns",
                HttpClient.newHttpClient(),
                HttpClient.newHttpClient(),
                JsonMapper.shared(),
                (_, _) -> Optional.empty(),
                (_, deployment, replicas) -> {
                    deployments.put(deployment, replicas);
                    orders.add(deployment + " " + replicas);
                },
                DecisionShelf.NONE,
                KafkaSecrets.mounted(Optional.empty(), "ns"),
                () -> Instant.ofEpochSecond(1_000_000).plusNanos(nanos),
                () -> nanos);
    }

    private List<LivePool> pools() {
        return List.of(pool("cpu"), pool("gpu"));
    }

    /// All that are ordered serve.
    private LivePool pool(String kind) {
        int replicas = deployments.getOrDefault("digits-server-" + kind, 0);
        return new LivePool(POOL, kind, "digits-server-" + kind, replicas, replicas, 5, List.of());
    }
}
