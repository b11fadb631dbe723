package dev.tidemill.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.operator.fake.FakeApiServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Resources of one file come one after the other, and through watches that are not equally quick;
/// what a StatefulSet's volumes are made of can never be set right afterwards.
final class AppliedTogetherIT {
    private static final String NS = "/api/v1/namespaces/ai";
    private static final String OURS = "/apis/tidemill.dev/v1alpha1/namespaces/ai/";
    private static final String DEPLOYMENT =
            "/apis/apps/v1/namespaces/ai/deployments/digits-server";
    private static final String CONTROL = "/apis/apps/v1/namespaces/ai/statefulsets/control";
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration LOOKED_SEVERAL_TIMES = Duration.ofMillis(3500);

    private FakeApiServer api;

    @BeforeEach
    void start() throws IOException {
        api = FakeApiServer.start();
        api.put(NS, "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\"}");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void volumes_wait_for_an_environment_that_its_watch_has_yet_to_show() {
        try (OperatorProcess _ = operator()) {
            api.hold(plural -> plural.equals("environments"));
            environment();
            model();
            await().atMost(LIMIT).until(() -> api.get(DEPLOYMENT).isPresent());
            await().during(LOOKED_SEVERAL_TIMES)
                    .atMost(LIMIT)
                    .until(() -> api.get(CONTROL).isEmpty());

            api.hold(_ -> false);

            await().atMost(LIMIT).until(() -> api.get(CONTROL).isPresent());
        }
        everyWriteOfControlHasItsStorage();
    }

    private void everyWriteOfControlHasItsStorage() {
        List<String> writes =
                api.bodies().stream().filter(one -> one.startsWith("PATCH " + CONTROL)).toList();
        assertThat(writes).isNotEmpty().allMatch(one -> one.contains("\"storage\":\"3Gi\""));
    }

    private OperatorProcess operator() {
        return OneOperator.of(api);
    }

    private void model() {
        api.put(
                OURS + "models/digits",
                """
                {"apiVersion": "tidemill.dev/v1alpha1", "kind": "Model", "spec": {"source": "digits"}}
                """);
    }

    private void environment() {
        api.put(
                OURS + "environments/here",
                """
                {"apiVersion": "tidemill.dev/v1alpha1", "kind": "Environment",
                 "spec": {"control": {"storage": "3Gi"}}}
                """);
    }
}
