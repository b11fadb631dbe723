package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Of all the policies of an environment together: these ways are open, and no other.
final class ReachTest {
    private static final String HERE = "ai-platform";

    /// On which anything listens here or elsewhere that somebody might want to reach.
    private static final List<Integer> PORTS =
            List.of(22, 80, 443, 3000, 5432, 6379, 6443, 8000, 8080, 8081, 8090, 9090, 9091);

    private static final List<Reach.End> OTHERS =
            List.of(
                    new Reach.End.Pod("nginx", "ingress-nginx", Map.of("app", "nginx")),
                    new Reach.End.Pod("prometheus", "monitoring", Map.of("app", "prometheus")),
                    new Reach.End.Pod("stranger", "other", Map.of("app", "x")),
                    new Reach.End.Pod("neighbour", HERE, Map.of("app", "x")),
                    new Reach.End.Pod("vllm", "models", Map.of("app", "vllm")),
                    new Reach.End.Pod("db", "data", Map.of("app", "db")),
                    new Reach.End.Pod(
                            "operator",
                            "tidemill-system",
                            Map.of("app.kubernetes.io/name", "tidemill-operator")),
                    new Reach.End.Address("8.8.8.8"),
                    new Reach.End.Address("10.1.2.3"),
                    new Reach.End.Address("10.1.2.4"),
                    new Reach.End.Address("169.254.169.254"));

    private final List<KubeObject> objects =
            Manifests.of(
                    Sample.platform(Sample.MODELS, Sample.GATEWAY, Sample.APP, Sample.ENVIRONMENT));

    /// A name of a Service says neither where its pods listen nor which they are: whoever may ask
    /// it reaches its whole namespace.
    @Test
    void these_ways_are_open_and_no_other() {
        assertThat(ways(objects, OTHERS))
                .containsExactlyInAnyOrder(
                        "digits-server -> control 8080",
                        "front-gateway -> control 8080",
                        "front-gateway -> digits-server 8080, 8081",
                        "front-gateway -> vision-server 8080, 8081",
                        "front-gateway -> portal-app 3000",
                        "front-gateway -> vllm on every port",
                        "front-gateway -> 10.1.2.3 8000",
                        "front-gateway -> 8.8.8.8 443",
                        "portal-app -> front-gateway 8080",
                        "portal-app -> db on every port",
                        "portal-app -> 8.8.8.8 443",
                        "nginx -> front-gateway 8080",
                        "prometheus -> control 8080",
                        "prometheus -> digits-server 8080",
                        "prometheus -> vision-server 8080",
                        "prometheus -> portal-app 3000",
                        "prometheus -> front-gateway 9090",
                        "operator -> digits-server 8080",
                        "operator -> vision-server 8080",
                        "operator -> front-gateway 9090");
    }

    /// Neither a volume nor an image asks control for anything.
    @Test
    void servers_that_have_their_models_elsewhere_call_nobody() {
        for (String models : List.of("volume", "copy")) {
            List<KubeObject> images =
                    Manifests.of(Sample.platform(Sample.ofImage(models), Sample.GATEWAY));

            assertThat(ways(images, List.of()))
                    .containsExactlyInAnyOrder(
                            "front-gateway -> control 8080",
                            "front-gateway -> digits-server 8080, 8081");
        }
        List<KubeObject> mixed =
                Manifests.of(
                        Sample.platform(
                                Sample.ofImage("volume"),
                                """
                                apiVersion: tidemill.dev/v1alpha1
                                kind: Model
                                metadata: {name: intents}
                                spec: {source: "intents:3", sharesReplicasWith: digits}
                                """));
        assertThat(ways(mixed, List.of())).containsExactly("digits-server -> control 8080");
    }

    @Test
    void with_certificates_readers_reach_the_plain_port_of_servers_only() {
        List<KubeObject> mtls =
                Manifests.of(
                        Sample.platform(
                                Sample.MODELS,
                                Sample.GATEWAY,
                                Sample.ENVIRONMENT + "  mtls: {}\n"));

        assertThat(ways(mtls, OTHERS))
                .filteredOn(way -> way.endsWith("91") || way.contains("digits-server"))
                .containsExactlyInAnyOrder(
                        "digits-server -> control 8080",
                        "front-gateway -> digits-server 8080, 8081",
                        "prometheus -> control 9091",
                        "prometheus -> digits-server 9091",
                        "prometheus -> vision-server 9091",
                        "prometheus -> front-gateway 9091",
                        "operator -> digits-server 9091",
                        "operator -> vision-server 9091");
    }

    @Test
    void everybody_here_may_ask_for_names_and_nobody_else_is_asked() {
        Reach.End dns = new Reach.End.Pod("dns", "kube-system", Map.of("k8s-app", "kube-dns"));
        Reach reach = Reach.of(HERE, objects);

        for (Reach.End pod : Reach.pods(HERE, objects)) {
            assertThat(reach.isOpen(pod, dns, "UDP", 53)).as(pod.name()).isTrue();
            assertThat(reach.isOpen(dns, pod, "TCP", 8080)).as(pod.name()).isFalse();
            assertThat(reach.isOpen(pod, OTHERS.get(2), "UDP", 53)).as(pod.name()).isFalse();
        }
    }

    @Test
    void without_policies_all_ways_are_open() {
        List<KubeObject> none =
                objects.stream().filter(each -> !each.kind().equals("NetworkPolicy")).toList();
        int pods = Reach.pods(HERE, none).size();

        assertThat(ways(none, List.of())).hasSize(pods * (pods - 1));
    }

    /// `FROM -> TO PORTS`, of which one end at least is ours.
    private static List<String> ways(List<KubeObject> objects, List<Reach.End> others) {
        Reach reach = Reach.of(HERE, objects);
        List<Reach.End> ours = Reach.pods(HERE, objects);
        List<Reach.End> all = Stream.concat(ours.stream(), others.stream()).toList();
        List<String> ways = new ArrayList<>();
        for (Reach.End from : all) {
            for (Reach.End to : all) {
                List<Integer> open =
                        PORTS.stream().filter(port -> reach.isOpen(from, to, "TCP", port)).toList();
                if (from != to && (ours.contains(from) || ours.contains(to)) && !open.isEmpty()) {
                    ways.add(
                            "%s -> %s %s"
                                    .formatted(
                                            from.name(),
                                            to.name(),
                                            open.equals(PORTS)
                                                    ? "on every port"
                                                    : open.stream()
                                                            .map(String::valueOf)
                                                            .collect(Collectors.joining(", "))));
                }
            }
        }
        return ways;
    }
}
