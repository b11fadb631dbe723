package dev.tidemill.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.access.WrongKeys;
import dev.tidemill.gateway.canary.Canaries;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.jwt.Issuers;
import dev.tidemill.gateway.mirror.Copies;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.gateway.table.TableParts;
import dev.tidemill.gateway.table.UpstreamKeys;
import dev.tidemill.gateway.traffic.TrafficLedger;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.gateway.upstream.HeaderSet;
import dev.tidemill.gateway.upstream.OutgoingRequest;
import dev.tidemill.http.Metrics;
import dev.tidemill.routing.RetryBudget;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

final class WaitingRoomTest {
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);
    private static final GatewayConfig NO_REPLICA =
            GatewayConfig.parse(
                    """
                    {"name":"g","host":"127.0.0.1","port":0,"adminPort":0,"routes":[],"maxBodyBytes":10,
                     "requestTimeoutMillis":20000,"waitForReplicaMillis":20000,"drainMillis":0,
                     "models":[{"name":"digits","pool":"digits","replicas":[]}]}
                    """);
    private static final GatewayConfig NO_MODEL =
            GatewayConfig.parse(
                    """
                    {"name":"g","host":"127.0.0.1","port":0,"adminPort":0,"routes":[],"maxBodyBytes":10,
                     "requestTimeoutMillis":20000,"waitForReplicaMillis":20000,"drainMillis":0,"models":[]}
                    """);

    private final Metrics metrics = new Metrics();
    private final LiveTable live =
            new LiveTable(
                    NO_REPLICA,
                    new TableParts(
                            new TrafficLedger(metrics, System::nanoTime),
                            System::nanoTime,
                            InstantSource.system(),
                            new UpstreamKeys(Map.of()),
                            new Issuers(System::nanoTime),
                            new WrongKeys(System::nanoTime, metrics),
                            new Canaries(metrics, System::nanoTime),
                            () -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
                            () -> (SSLSocketFactory) SSLSocketFactory.getDefault()));
    private final Forwarder forwarder =
            new Forwarder(
                    live,
                    new RetryBudget(RetryBudget.Limits.DEFAULT, 0),
                    new WaitingRoom(2),
                    new Forwarder.RetryCounters(metrics),
                    new RepeatedWarning(System.getLogger("test")),
                    new Mirrors(
                            new Copies(metrics, System::nanoTime),
                            System::nanoTime,
                            InstantSource.system()),
                    metrics,
                    System::nanoTime,
                    InstantSource.system(),
                    () -> new SplittableRandom(1));

    @Test
    void a_request_that_finds_no_place_to_wait_is_refused_at_once() throws Exception {
        List<CompletableFuture<Outcome>> waiting = List.of(forward(), forward());
        await().untilAsserted(
                        () -> assertThat(metrics.scrape()).asString().contains("digits\"} 2"));

        Outcome refused = forward().get();
        assertThat(refused)
                .isEqualTo(
                        new Outcome.Refused(
                                dev.tidemill.common.ErrorCode.UNAVAILABLE,
                                "model 'digits' has no ready replica; too many requests wait for"
                                        + " one already"));

        live.swap(NO_MODEL);
        for (CompletableFuture<Outcome> waited : waiting) {
            assertThat(waited.get()).isInstanceOf(Outcome.Refused.class);
        }
        live.swap(NO_REPLICA);
        CompletableFuture<Outcome> next = forward();
        await().untilAsserted(
                        () -> assertThat(metrics.scrape()).asString().contains("digits\"} 1"));
        live.swap(NO_MODEL);
        assertThat(next.get()).asString().contains("served no more");
    }

    private CompletableFuture<Outcome> forward() {
        OutgoingRequest request =
                OutgoingRequest.of(
                        Method.GET,
                        "/x",
                        WritableHeaders.create(),
                        List.of(),
                        HeaderSet.of(),
                        new byte[0]);
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new Forwarding(
                                        forwarder,
                                        live.current(),
                                        "digits",
                                        request,
                                        new Call(null, System.nanoTime() + 20_000_000_000L),
                                        20_000_000_000L,
                                        Forwarding.Plain.NONE)
                                .run();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                THREADS);
    }
}
