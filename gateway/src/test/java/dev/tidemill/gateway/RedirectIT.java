package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.FakeUpstream;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Where an upstream is stays between it and the gateway, whatever it says of itself.
final class RedirectIT {
    private final FakeUpstream upstream = FakeUpstream.start(FakeUpstream.echo());
    private final RunningGateway gateway =
            new RunningGateway(
                    Rules.line(
                            new Rules()
                                    .route(Rules.path("/plain", upstream))
                                    .route(Rules.path("/app", upstream).strip())
                                    .route(Rules.model("m", upstream))));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void a_redirection_to_the_upstream_leads_back_through_the_gateway() throws Exception {
        saysItsAddress(302);
        HttpResponse<String> plain = gateway.get("/plain");
        assertThat(plain.statusCode()).isEqualTo(302);
        assertThat(plain.headers().firstValue("location")).hasValue("/next?x=1");
        assertThat(gateway.get("/app/x").headers().firstValue("location"))
                .hasValue("/app/next?x=1");
    }

    @Test
    void no_header_of_an_answer_has_its_address() throws Exception {
        saysItsAddress(200);
        for (HttpResponse<String> answer :
                java.util.List.of(
                        gateway.get("/plain"), gateway.post(Rules.CHAT, "{\"model\":\"m\"}"))) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().map().toString())
                    .doesNotContain(String.valueOf(upstream.url().getPort()))
                    .contains("a=b; Path=/");
        }
    }

    private void saysItsAddress(int status) {
        String there = upstream.url() + "/next?x=1";
        upstream.script(
                FakeUpstream.answering(
                        status,
                        Map.of(
                                "Location",
                                there,
                                "Content-Location",
                                there,
                                "Refresh",
                                "1; url=" + there,
                                "Link",
                                "<" + there + ">; rel=next",
                                "Alt-Svc",
                                "h2=\":" + upstream.url().getPort() + "\"",
                                "Set-Cookie",
                                "a=b; Domain=pool-0.svc; Path=/"),
                        "{}"));
    }
}
