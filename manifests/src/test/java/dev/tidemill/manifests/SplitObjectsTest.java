package dev.tidemill.manifests;

import static dev.tidemill.manifests.Sample.at;
import static dev.tidemill.manifests.Sample.find;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.Problem;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class SplitObjectsTest {
    private static final Platform ISTIO =
            Sample.platform(Sample.VERSIONS, Sample.rollouts("istio"));
    private static final String SERVICE = "virtualservice/digits-server";

    @Test
    void istio_divides_what_goes_to_the_first_upstreams_service_on_each_of_its_ports() {
        KubeObject service = find(Manifests.of(ISTIO), SERVICE);

        assertThat(at(service, "spec.hosts")).isEqualTo(List.of("digits-server"));
        assertThat(at(service, "spec.http.0.match.0.port")).isEqualTo(8080);
        assertThat(at(service, "spec.http.1.match.0.port")).isEqualTo(8081);
        assertThat(at(service, "spec.http.0.route.1.destination"))
                .isEqualTo(
                        Map.of(
                                "host",
                                "digits-next-server",
                                "subset",
                                "digits-next",
                                "port",
                                Map.of("number", 8080)));
    }

    @Test
    void each_subset_is_the_pods_of_one_upstream() {
        KubeObject rule = find(Manifests.of(ISTIO), "destinationrule/digits-next-server");

        assertThat(at(rule, "spec.host")).isEqualTo("digits-next-server");
        assertThat(at(rule, "spec.subsets.0.name")).isEqualTo("digits-next");
        KubeObject deployment = find(Manifests.of(ISTIO), "deployment/digits-next-server");
        assertThat(at(deployment, "spec.template.metadata.labels"))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsAllEntriesOf(Tree.map(at(rule, "spec.subsets.0.labels")));
    }

    @Test
    void the_new_version_has_nothing_until_somebody_says_how_far_it_is() {
        KubeObject service = find(Manifests.of(ISTIO), SERVICE);
        KubeObject route = find(Manifests.of(ISTIO), "httproute/portal-app");

        assertThat(weights(service, "spec.http.0.route")).containsExactly(100, 0);
        assertThat(weights(SplitObjects.weighted(service, 10), "spec.http.1.route"))
                .containsExactly(90, 10);
        assertThat(weights(SplitObjects.weighted(route, 35), "spec.rules.0.backendRefs"))
                .containsExactly(65, 35);
        assertThat(SplitObjects.weighted(SplitObjects.weighted(service, 0), 0)).isEqualTo(service);
    }

    @Test
    void what_no_mesh_divides_stays_as_it_is() {
        KubeObject deployment = find(Manifests.of(ISTIO), "deployment/digits-server");

        assertThat(SplitObjects.weighted(deployment, 50)).isSameAs(deployment);
    }

    @Test
    void servers_of_the_new_version_answer_by_the_name_that_others_know() {
        List<KubeObject> objects = Manifests.of(ISTIO);

        assertThat(arguments(find(objects, "deployment/digits-next-server")))
                .contains("--model=digits-next=digits@candidate", "--model=digits@candidate");
        assertThat(arguments(find(objects, "deployment/digits-server")))
                .contains("--model=digits:3")
                .doesNotContain("--model=digits-next=digits@candidate");
    }

    @Test
    void who_may_call_the_gateway_may_call_what_is_divided() {
        String environment =
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Environment
                metadata: {name: prod}
                spec: {networkPolicy: {gatewayFrom: [web]}}
                """;
        List<KubeObject> divided =
                Manifests.of(
                        Sample.platform(Sample.VERSIONS, Sample.rollouts("istio"), environment));
        List<KubeObject> own =
                Manifests.of(
                        Sample.platform(Sample.VERSIONS, Sample.rollouts("gateway"), environment));

        assertThat(policy(divided)).contains("=web}", "tidemill-app");
        assertThat(policy(own)).doesNotContain("=web}", "tidemill-app");
    }

    @Test
    void what_a_mesh_cannot_divide_is_said() {
        String twice =
                Sample.rollouts("istio")
                        + """
                          - name: again
                            path: /again
                            upstreams: [{model: digits}, {model: digits-next}]
                            canary: {steps: [10], split: httpRoute}
                        """;
        String shared =
                Sample.VERSIONS.replace(
                        "{source: digits@candidate}",
                        "{source: digits@candidate, sharesReplicasWith: digits}");
        String volume =
                Sample.VERSIONS.replace(
                        "{source: digits@candidate}",
                        "{source: digits@candidate, volume: {claimName: models}}");

        assertThat(problems(Sample.VERSIONS, Sample.rollouts("istio"))).isEmpty();
        assertThat(problems(Sample.VERSIONS, twice))
                .containsExactly("gateway where another route divides the same first upstream");
        assertThat(problems(shared, Sample.rollouts("istio")))
                .containsExactly("gateway where two of the upstreams have the same replicas");
        assertThat(problems(volume, Sample.rollouts("httpRoute")))
                .singleElement()
                .asString()
                .contains("is in a volume");
        assertThat(
                        problems(
                                Sample.VERSIONS,
                                Sample.rollouts("istio"),
                                """
                                apiVersion: tidemill.dev/v1alpha1
                                kind: Environment
                                metadata: {name: prod}
                                spec: {mtls: {}}
                                """))
                .allSatisfy(text -> assertThat(text).contains("mtls"));
    }

    @Test
    void shares_are_whole_and_none_is_lost() {
        long seed = 20_260_101L;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 1000; i++) {
            List<Integer> weights =
                    random.ints(random.nextInt(1, 6), 0, 1_000_001).boxed().toList();
            int total = random.nextInt(101);
            long sum = weights.stream().mapToLong(Integer::longValue).sum();

            List<Integer> shares = Shares.of(weights, total);

            assertThat(shares.stream().mapToInt(Integer::intValue).sum())
                    .as("seed %d: %s of %d", seed, weights, total)
                    .isEqualTo(total);
            for (int k = 0; k < weights.size() && sum > 0; k++) {
                assertThat(Math.abs(shares.get(k) - (double) weights.get(k) * total / sum))
                        .as("seed %d: %s of %d", seed, weights, total)
                        .isLessThan(1);
            }
        }
        assertThat(Shares.of(List.of(0, 0), 100)).containsExactly(50, 50);
    }

    private static List<String> problems(String... documents) {
        return SplitObjects.problems(Sample.platform(documents)).stream()
                .map(Problem::expected)
                .toList();
    }

    private static Stream<Object> weights(KubeObject object, String path) {
        return ((List<?>) at(object, path)).stream().map(side -> Tree.map(side).get("weight"));
    }

    private static String arguments(KubeObject deployment) {
        return String.valueOf(at(deployment, "spec.template.spec.containers.0.args"));
    }

    private static String policy(List<KubeObject> objects) {
        return String.valueOf(find(objects, "networkpolicy/digits-next-server").fields());
    }
}
