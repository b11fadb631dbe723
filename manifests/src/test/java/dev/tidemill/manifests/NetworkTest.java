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
