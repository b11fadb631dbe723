package dev.tidemill.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ReplicaNamesTest {
    private final Map<String, List<String>> dns = new HashMap<>();
    private final ReplicaNames names =
            new ReplicaNames(host -> {
                if (!dns.containsKey(host)) {
                    throw new UnknownHostException(host);
                }
                return dns.getOrDefault(host, List.of()).stream()
                        .map(ReplicaNamesTest::address)
                        .toArray(InetAddress[]::new);
            });

    @Test
    void a_name_is_a_replica_for_each_of_its_addresses() {
        dns.put("pods", List.of("10.0.0.9", "10.0.0.1", "fd00::1"));

        assertThat(resolved("http://pods:8080"))
                .containsExactly(
                        "r-10.0.0.1 http://10.0.0.1:8080",
                        "r-10.0.0.9 http://10.0.0.9:8080",
                        "r-fd00:0:0:0:0:0:0:1 http://[fd00:0:0:0:0:0:0:1]:8080");
    }

    @Test
    void each_address_speaks_grpc_where_the_name_does() {
        dns.put("pods", List.of("10.0.0.1", "10.0.0.2"));
        JsonNode config =
                JsonMapper.shared()
                        .readTree(
                                """
                                {"models":[{"name":"m","pool":"m","replicas":[
                                 {"id":"r","url":"http://pods:8080","grpcPort":8081}]}]}
                                """);

        assertThat(names.resolve(config).at("/models/0/replicas").valueStream())
                .extracting(each -> each.path("grpcPort").asInt())
                .containsExactly(8081, 8081);
    }

    @Test
    void an_address_is_left_as_it_is() {
        assertThat(resolved("http://127.0.0.1:8080")).containsExactly("r http://127.0.0.1:8080");
        assertThat(resolved("http://[::1]:8080")).containsExactly("r http://[::1]:8080");
    }

    @Test
    void a_name_that_is_not_known_has_none_until_it_is_and_keeps_them_when_dns_fails() {
        assertThat(resolved("http://pods:8080")).isEmpty();
        dns.put("pods", List.of("10.0.0.1"));
        assertThat(resolved("http://pods:8080")).hasSize(1);
        dns.clear();

        assertThat(resolved("http://pods:8080")).containsExactly("r-10.0.0.1 http://10.0.0.1:8080");
    }

    private List<String> resolved(String url) {
        JsonNode config =
                JsonMapper.shared()
                        .readTree(
                                """
                                {"models":[{"name":"m","pool":"m","replicas":[{"id":"r","url":"%s"}]}]}
                                """
                                        .formatted(url));
        return names.resolve(config)
                .path("models")
                .path(0)
                .path("replicas")
                .valueStream()
                .map(each -> each.path("id").asString() + " " + each.path("url").asString())
                .toList();
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }
}
