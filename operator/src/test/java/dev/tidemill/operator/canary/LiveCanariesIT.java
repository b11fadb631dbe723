package dev.tidemill.operator.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Asking gateways over real sockets.
final class LiveCanariesIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String ANSWER =
            """
            {"canaries":[{"route":"chat","phase":"stepping","step":2,"steps":3,"share":0.5,
             "seconds":7,"late":false,"reason":"the step went well","stable":{"requests":9},"canary":{}}]}
            """;

    @Test
    void says_what_gateways_said_and_passes_over_one_that_is_silent() throws IOException {
        HttpServer gateway =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        gateway.createContext(
                "/canaries",
                exchange -> {
                    byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                });
        gateway.start();
        URI address = URI.create("http://127.0.0.1:" + gateway.getAddress().getPort());
        Map<String, URI> gateways = Map.of("g1", address, "g2", URI.create("http://127.0.0.1:1"));
        try (LiveCanaries live = new LiveCanaries(Duration.ofMillis(20))) {
            assertThat(live.see("ai", gateways)).isEmpty();
            await().atMost(LIMIT).until(() -> !live.see("ai", gateways).isEmpty());

            assertThat(live.see("ai", gateways)).containsOnlyKeys("g1");
            assertThat(live.see("ai", gateways).get("g1").getFirst().share()).isEqualTo(0.5);
            assertThat(live.see("ai", Map.of())).isEmpty();
        } finally {
            gateway.stop(0);
        }
    }
}
