package dev.tidemill.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.operator.scale.DecisionShelf;
import dev.tidemill.operator.scale.LivePool;
import dev.tidemill.operator.scale.LiveScaling;
import dev.tidemill.spec.App;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.SpecParser;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A pool of two kinds of replicas, of which not all Deployments are there, or ours.
final class ScalingPassTest {
    private static final ModelPool POOL =
            new ModelPool(
                    List.of(
                            (Model)
                                    SpecParser.parse(
                                                    "f",
                                                    """
                                                    {apiVersion: tidemill.dev/v1alpha1, kind: Model, metadata: {name: digits},
                                                     spec: {source: digits, scaling: {min: 1, max: 9, metrics: [{type: concurrency, target: 8}],
                                                      kinds: [{name: cpu, requestsPerSecond: 10, pricePerHour: 1},
                                                              {name: gpu, requestsPerSecond: 100, pricePerHour: 2, resources: {gpu: 1}}]}}}
                                                    """
                                                            .getBytes(StandardCharsets.UTF_8))
                                            .orThrow()
                                            .getFirst()));

    private static final App PORTAL =
            (App)
                    SpecParser.parse(
                                    "f",
                                    """
                                    {apiVersion: tidemill.dev/v1alpha1, kind: App, metadata: {name: portal},
                                     spec: {image: portal, scaling: {min: 1, max: 5, metrics: [{type: concurrency, target: 8}]}}}
                                    """
                                            .getBytes(StandardCharsets.UTF_8))
                            .orThrow()
                            .getFirst();

    private final LiveScaling scaling =
            new LiveScaling(
                    Duration.ofHours(1),
                    (_, _) -> Optional.empty(),
                    (_, _, _) -> {},
                    DecisionShelf.NONE,
                    InstantSource.system(),
                    System::nanoTime);

    @AfterEach
    void stop() {
        scaling.close();
    }

    @Test
    void is_not_scaled_before_the_deployments_of_all_kinds_are_there() {
        assertThat(kinds(List.of("digits-server-cpu"), List.of())).isEmpty();
        assertThat(kinds(List.of("digits-server-cpu", "digits-server-gpu"), List.of()))
                .containsExactly("cpu", "gpu");
    }

    @Test
    void is_not_scaled_while_somebody_else_scales_one_of_its_kinds() {
        List<String> both = List.of("digits-server-cpu", "digits-server-gpu");

        assertThat(kinds(both, List.of("digits-server-gpu"))).isEmpty();
        assertThat(kinds(both, List.of("another"))).hasSize(2);
    }

    @Test
    void what_is_shown_to_the_live_loop_is_whole_so_it_never_breaks() {
        for (List<String> there :
                List.of(
                        List.of("digits-server-gpu"),
                        List.of("digits-server-cpu", "digits-server-gpu"),
                        List.of("digits-server-cpu"),
                        List.of("digits-server-cpu", "digits-server-gpu"))) {
            ScalingPass pass = pass(there, List.of());

            scaling.see("ns", pass.pools(List.of(POOL), pass.rivals()), List.of());

            assertThat(scaling.last("ns", "digits")).isEmpty();
        }
    }

    @Test
    void an_app_is_scaled_when_its_deployment_is_there_and_nobody_else_scales_it() {
        assertThat(apps(List.of("digits-server-cpu"), List.of())).isEmpty();
        assertThat(apps(List.of("portal-app"), List.of("portal-app"))).isEmpty();
        assertThat(apps(List.of("portal-app"), List.of()))
                .singleElement()
                .satisfies(live -> {
                    assertThat(live.deployment()).isEqualTo("portal-app");
                    assertThat(live.of().name()).isEqualTo("portal");
                    assertThat(live.of().scaling().max()).isEqualTo(5);
                    assertThat(live.replicas()).isEqualTo(1);
                });
    }

    private List<LivePool> apps(List<String> deployments, List<String> rivals) {
        ScalingPass pass = pass(deployments, rivals);
        return pass.apps(List.of(PORTAL), pass.rivals());
    }

    private List<String> kinds(List<String> deployments, List<String> rivals) {
        ScalingPass pass = pass(deployments, rivals);
        return pass.pools(List.of(POOL), pass.rivals()).stream().map(LivePool::kind).toList();
    }

    private ScalingPass pass(List<String> deployments, List<String> rivals) {
        return new ScalingPass(
                new Seen(
                        Map.of(
                                Kinds.DEPLOYMENT,
                                deployments.stream().map(name -> item(name, Map.of())).toList(),
                                Kinds.SCALER,
                                rivals.stream().flatMap(ScalingPassTest::scaler).toList())),
                scaling,
                true);
    }

    private static Stream<GenericKubernetesResource> scaler(String of) {
        return Stream.of(
                item("theirs", Map.of("scaleTargetRef", Map.of("kind", "Deployment", "name", of))));
    }

    private static GenericKubernetesResource item(String name, Map<String, Object> spec) {
        GenericKubernetesResource item = new GenericKubernetesResource();
        item.setMetadata(new ObjectMetaBuilder().withName(name).build());
        item.setAdditionalProperty("spec", spec);
        return item;
    }
}
