package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.testkit.FakeUpstream;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BodyMemoryIT {
    private static final int MEMORY = 200_000;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final FakeUpstream upstream =
            FakeUpstream.start((request, connection) -> {
                entered.countDown();
                release.await();
                FakeUpstream.echo().answer(request, connection);
            });
    private final RunningGateway gateway =
            new RunningGateway(ConfigLine.digits(upstream).maxBodyBytes(150_000), MEMORY);

    @AfterEach
    void stop() {
        release.countDown();
        gateway.close();
        upstream.close();
    }

    @Test
    void a_body_that_does_not_fit_beside_the_others_is_429_until_it_does() throws Exception {
        CompletableFuture<HttpResponse<String>> large =
                gateway.postAsync(RunningGateway.INFER, "x".repeat(150_000));
        entered.await();
        HttpResponse<String> refused = gateway.post(RunningGateway.INFER, "y".repeat(60_000));
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        assertThat(refused.body())
                .isEqualTo(
                        "{\"error\":\"bodies in flight: '58.6 KiB more' (expected: at most 195.3 KiB"
                                + " together)\"}");
        CompletableFuture<HttpResponse<String>> small =
                gateway.postAsync(RunningGateway.INFER, "z".repeat(20_000));
        release.countDown();
        assertThat(large.get().statusCode()).isEqualTo(200);
        assertThat(small.get().statusCode()).isEqualTo(200);

        // The place is given back just after the answer has gone out.
        await().untilAsserted(() ->
                assertThat(gateway.post(RunningGateway.INFER, "y".repeat(149_000)).statusCode())
                        .isEqualTo(200));
    }

    @Test
    void bodies_of_unknown_length_and_those_that_are_refused_leave_nothing_behind()
            throws Exception {
        release.countDown();
        for (int i = 0; i < 5; i++) {
            for (int size : new int[] {0, 10, 100_000, 150_001}) {
                HttpResponse<String> answer =
                        gateway.send(
                                gateway.request(RunningGateway.INFER)
                                        .POST(
                                                BodyPublishers.ofInputStream(() ->
                                                        new ByteArrayInputStream(new byte[size]))),
                                BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(size > 150_000 ? 413 : 200);
            }
        }
    }
}
