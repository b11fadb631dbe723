package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConnectionsIT {
    private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";

    private final FakeUpstream upstream = FakeUpstream.start(LlmScripts.json("{}"));
    private final Rules rules =
            new Rules().route(Rules.model("m", upstream)).connectionsPerClient(2);
    private final RunningGateway gateway = new RunningGateway(Rules.line(rules));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void a_client_with_too_many_connections_is_told_and_may_come_again_when_one_has_ended()
            throws Exception {
        try (Socket one = gateway.connect()) {
            assertThat(status(one)).isEqualTo("HTTP/1.1 200 OK");
            try (Socket two = gateway.connect()) {
                assertThat(status(two)).isEqualTo("HTTP/1.1 200 OK");
                assertThat(gateway.raw(HEALTH))
                        .startsWith("HTTP/1.1 429 Too Many Requests")
                        .contains("Retry-After: 1", "connections: 'too many'");
                assertThat(status(one)).isEqualTo("HTTP/1.1 200 OK");
            }
            await().untilAsserted(() -> {
                try (Socket again = gateway.connect()) {
                    assertThat(status(again)).isEqualTo("HTTP/1.1 200 OK");
                }
            });
        }
    }

    @Test
    void a_proxy_that_is_trusted_has_as_many_as_it_wants() throws Exception {
        gateway.gateway.update(
                Rules.line(rules.addresses(List.of(), List.of("127.0.0.0/8"))).config());
        try (Socket one = gateway.connect();
                Socket two = gateway.connect();
                Socket three = gateway.connect()) {
            for (Socket each : List.of(one, two, three)) {
                assertThat(status(each)).isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    /// The first line of an answer, the rest of which is read away.
    private static String status(Socket socket) throws IOException {
        socket.getOutputStream().write(HEALTH.getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.ISO_8859_1));
        String status = in.readLine();
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        for (int i = 0; i < length; i++) {
            in.read();
        }
        return status;
    }
}
