package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.testkit.FakeUpstream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Replica `r0` misbehaves, `r1` echoes.
final class RetryIT {
    private final FakeUpstream bad = FakeUpstream.start(FakeUpstream.echo());
    private final FakeUpstream good = FakeUpstream.start(FakeUpstream.echo());
    private final RunningGateway gateway =
            new RunningGateway(
                    ConfigLine.digits(bad, good)
                            .requestTimeout(Duration.ofSeconds(8))
                            .waitForReplica(Duration.ofSeconds(2)));

    @AfterEach
    void stop() {
        gateway.close();
        bad.close();
        good.close();
    }

    /// What a dying replica may have said last, by the reason under which the retry is counted.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                                                                  | reset_before_answer
                    HTTP/1.1 2                                                          | cut_mid_answer_buffered
                    HTTP/1.1 200 OK\\r\\nContent-Le                                     | cut_mid_answer_buffered
                    HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\n                  | cut_mid_answer_buffered
                    HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhal               | cut_mid_answer_buffered
                    HTTP/1.1 200 OK\\r\\nContent-Length: 5000000\\r\\n\\r\\n            | cut_mid_answer_buffered
                    HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n         | cut_mid_answer_buffered
                    HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\n | cut_mid_answer_buffered
                    HTTP/1.1 200 OK\\r\\nContent-Length: x\\r\\n\\r\\nhello             | cut_mid_answer_buffered
                    HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n | cut_mid_answer_buffered
                    HTTP/9.9 200 OK\\r\\n\\r\\n                                         | cut_mid_answer_buffered
                    SSH-2.0-OpenSSH_9.9\\r\\n                                           | cut_mid_answer_buffered
                    """)
    void an_answer_that_does_not_come_whole_is_asked_of_another_replica(
            String lastWords, String reason) throws Exception {
        bad.script(FakeUpstream.cuttingAfter(lastWords.replace("\\r", "\r").replace("\\n", "\n")));
        byte[] body = new byte[20_000];
        new SplittableRandom(3).nextBytes(body);
        for (int i = 0; i < 10; i++) {
            HttpResponse<byte[]> answer =
                    gateway.send(
                            gateway.request(RunningGateway.INFER + "?q=" + i)
                                    .header("x-request-id", "id-" + i)
                                    .POST(BodyPublishers.ofByteArray(body)),
                            BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(answer.headers().firstValue("tidemill-replica")).hasValue("r1");
        }
        assertThat(bad.requests()).isNotEmpty();
        for (FakeUpstream.Request lost : bad.requests()) {
            FakeUpstream.Request resent =
                    good.requests().stream()
                            .filter(r -> r.target().equals(lost.target()))
                            .findFirst()
                            .orElseThrow();
            assertThat(resent.body()).isEqualTo(lost.body());
            assertThat(resent.headers()).isEqualTo(lost.headers());
        }
        assertThat(gateway.admin("/metrics"))
                .contains(
                        "tidemill_gateway_retries_total{reason=\"%s\"} %d.0"
                                .formatted(reason, bad.requests().size()));
        assertThat(gateway.digits().failures()).isZero();
    }

    @Test
    void a_replica_that_refuses_is_avoided_for_a_second_and_then_used_again() throws Exception {
        bad.die();
        for (int i = 0; i < 20; i++) {
            assertThat(gateway.post(RunningGateway.INFER, "{}").statusCode()).isEqualTo(200);
        }
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_retries_total{reason=\"connect_refused\"} 1.0");
        bad.revive();
        await().untilAsserted(() -> {
            assertThat(gateway.post(RunningGateway.INFER, "{}").statusCode()).isEqualTo(200);
            assertThat(bad.requests()).isNotEmpty();
        });
    }

    @Test
    void kept_connections_that_a_live_replica_closed_cost_nothing() throws Exception {
        good.die();
        for (int i = 0; i < 30; i++) {
            HttpResponse<String> answer = gateway.post(RunningGateway.INFER, "n" + i);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("n" + i);
            if (i % 2 == 0) {
                bad.closeConnections();
            } else {
                bad.resetConnections();
            }
        }
        // Some may have been read by a connection that ended before it could answer.
        assertThat(bad.requests()).hasSizeBetween(30, 60);
        assertThat(gateway.digits().failures()).isZero();
    }

    @Test
    void a_request_that_breaks_every_replica_breaks_three_at_most() throws Exception {
        bad.script(FakeUpstream.cuttingAfter(""));
        good.script(FakeUpstream.cuttingAfter(""));
        HttpResponse<String> answer = gateway.post(RunningGateway.INFER, "poison");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body())
                .matches(
                        "\\{\"error\":\"replica 'r[01]' ended the connection before answering and 3"
                                + " attempts are the most\"}");
        assertThat(bad.requests().size() + good.requests().size()).isEqualTo(3);
        assertThat(gateway.digits().failures()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 429})
    void a_replica_that_is_full_or_draining_is_passed_over_once(int status) throws Exception {
        bad.script(
                FakeUpstream.answering(
                        status, Map.of("Connection", "close", "Retry-After", "7"), "full"));
        for (int i = 0; i < 10; i++) {
            assertThat(gateway.post(RunningGateway.INFER, "{}").statusCode()).isEqualTo(200);
        }
        assertThat(bad.requests()).isNotEmpty();

        good.script(FakeUpstream.answering(status, Map.of("Retry-After", "7"), "full"));
        bad.forget();
        good.forget();
        HttpResponse<String> answer = gateway.post(RunningGateway.INFER, "{}");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("retry-after")).hasValue("7");
        assertThat(answer.body()).isEqualTo("full");
        assertThat(bad.requests().size() + good.requests().size()).isEqualTo(2);
    }

    @Test
    void the_refusal_of_a_full_replica_is_passed_on_when_the_others_are_dead() throws Exception {
        bad.script(FakeUpstream.answering(503, Map.of("Retry-After", "3"), "full"));
        good.die();
        HttpResponse<String> answer = gateway.post(RunningGateway.INFER, "{}");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("full");
    }

    @Test
    void an_answer_that_comes_too_late_is_504_and_asked_of_nobody_else() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        FakeUpstream.Script never = (_, _) -> end.await();
        bad.script(never);
        good.script(never);
        gateway.gateway.update(
                ConfigLine.digits(bad, good).requestTimeout(Duration.ofSeconds(1)).json());
        HttpResponse<String> answer = gateway.post(RunningGateway.INFER, "{}");
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body())
                .matches("\\{\"error\":\"replica 'r[01]' did not answer in time.*\"}");
        assertThat(bad.requests().size() + good.requests().size()).isEqualTo(1);
        end.countDown();
    }

    @Test
    void a_dead_connection_is_noticed_while_an_answer_is_awaited() throws Exception {
        CountDownLatch entered = new CountDownLatch(4);
        CountDownLatch end = new CountDownLatch(1);
        bad.script((_, _) -> {
            entered.countDown();
            end.await();
        });
        good.script((request, connection) -> {
            entered.countDown();
            FakeUpstream.echo().answer(request, connection);
        });
        CompletableFuture<?>[] answers = new CompletableFuture<?>[4];
        for (int i = 0; i < answers.length; i++) {
            answers[i] =
                    gateway.postAsync(RunningGateway.INFER, "n" + i)
                            .thenAccept(a -> assertThat(a.statusCode()).isEqualTo(200));
        }
        entered.await();
        bad.die();
        CompletableFuture.allOf(answers).get();
        end.countDown();
    }
}
