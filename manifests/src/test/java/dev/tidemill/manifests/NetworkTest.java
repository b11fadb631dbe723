package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NetworkTest {
    private final List<KubeObject> objects = Manifests.of(Sample.whole());

    @Test
    void what_is_not_named_is_denied() {
        KubeObject all = Sample.find(objects, "networkpolicy/tidemill-deny-all");

        assertThat(Sample.at(all, "spec.policyTypes")).isEqualTo(List.of("Ingress", "Egress"));
        assertThat(Sample.has(all, "spec", "ingress")).isFalse();
        assertThat(Sample.has(all, "spec", "egress")).isFalse();
    }

    @Test
    void only_the_gateway_and_metrics_reach_a_server() {
        KubeObject server = Sample.find(objects, "networkpolicy/digits-server");

        String in = Sample.at(server, "spec.ingress").toString();
        assertThat(in).contains("tidemill-gateway", "monitoring").doesNotContain("ingress-nginx");
        assertThat(Sample.at(server, "spec.egress").toString())
                .contains("kube-system", "tidemill-control")
                .doesNotContain("ipBlock");
    }

    @Test
    void the_gateway_reaches_the_upstreams_that_its_routes_name() {
        KubeObject gateway = Sample.find(objects, "networkpolicy/front-gateway");

        assertThat(Sample.at(gateway, "spec.egress").toString())
                .contains("cidr=0.0.0.0/0, except=[10.0.0.0/8")
                .contains("port=443")
                .contains("cidr=10.1.2.3/32")
                .contains("port=8000")
                .contains("kubernetes.io/metadata.name=models");
        assertThat(Sample.at(gateway, "spec.ingress").toString()).contains("ingress-nginx");
    }

    @Test
    void so_do_mirrors_the_store_of_limits_and_issuers_of_tokens() {
        String routes = "  routes:\n    - {path: /predict, model: digits}\n";
        String more =
                """
                  access:
                    jwt:
                    - {issuer: "https://id.example.com:8444", audience: [ai]}
                    - {issuer: "https://x.example.com:8445", audience: [ai], jwks: "http://10.7.7.7/k", allowPrivate: true}
                  limits:
                    rates: [{name: r, per: [key], requestsPerMinute: 60}]
                    shared: {redis: "redis://redis.data.svc"}
                """
                        + routes;
        String mirrored =
                Sample.GATEWAY
                        .replace(routes, more)
                        .replace(
                                "      timeouts: {request: 120s}",
                                "      timeouts: {request: 120s}\n      mirror: {url: \"http://10.9.8.7:8001\", percent: 5}");
        List<KubeObject> all =
                Manifests.of(Sample.platform(Sample.MODELS, mirrored, Sample.ENVIRONMENT));

        assertThat(Sample.at(Sample.find(all, "networkpolicy/front-gateway"), "spec.egress"))
                .asString()
                .contains("cidr=10.9.8.7/32", "port=8001")
                .contains("kubernetes.io/metadata.name=data")
                .contains("port=8444")
                .contains("cidr=10.7.7.7/32", "port=80}")
                .doesNotContain("8445");
    }

    @Test
    void where_a_gateway_speaks_grpc_its_ports_are_open_and_it_reaches_those_of_its_upstreams() {
        String spoken =
                Sample.GATEWAY
                        .replace("spec:\n", "spec:\n  listeners: [{port: 80, grpcPort: 81}]\n")
                        .replace(
                                "\"http://10.1.2.3:8000\",",
                                "\"http://10.1.2.3:8000\", grpcPort: 9001,");
        List<KubeObject> all =
                Manifests.of(Sample.platform(Sample.MODELS, spoken, Sample.ENVIRONMENT));

        KubeObject policy = Sample.find(all, "networkpolicy/front-gateway");
        assertThat(Sample.at(policy, "spec.egress")).asString().contains("port=9001");
        assertThat(Sample.at(policy, "spec.ingress")).asString().contains("port=8081");
        assertThat(Sample.at(Sample.find(all, "service/front-gateway"), "spec.ports"))
                .asString()
                .contains("name=grpc, appProtocol=grpc, port=81, targetPort=grpc");
        assertThat(
                        Sample.at(
                                Sample.find(all, "deployment/front-gateway"),
                                "spec.template.spec.containers"))
                .asString()
                .contains("name=grpc, containerPort=8081");
    }

    @Test
    void policies_can_be_left_out() {
        assertThat(
                        Manifests.of(
                                Sample.platform(
                                        Sample.MODELS,
                                        Sample.ENVIRONMENT.replace(
                                                "{gatewayFrom: [ingress-nginx], metricsFrom: [monitoring]}",
                                                "{enabled: false}"))))
                .noneMatch(object -> object.kind().equals("NetworkPolicy"));
    }
}
