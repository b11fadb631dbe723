package dev.tidemill.operator.keda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.tidemill.autoscale.Measures;
import dev.tidemill.operator.scale.Measured;
import dev.tidemill.operator.scale.PoolReading;
import dev.tidemill.protos.externalscaler.ExternalScalerGrpc;
import dev.tidemill.protos.externalscaler.ExternalScalerGrpc.ExternalScalerBlockingStub;
import dev.tidemill.protos.externalscaler.GetMetricsRequest;
import dev.tidemill.protos.externalscaler.IsActiveResponse;
import dev.tidemill.protos.externalscaler.MetricSpec;
import dev.tidemill.protos.externalscaler.MetricValue;
import dev.tidemill.protos.externalscaler.ScaledObjectRef;
import dev.tidemill.scaling.Signal;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// KEDA's calls over a real port.
final class KedaScalerIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Measured measured =
            new Measured()
                    .with(
                            Measured.digits(
                                    "{max: 3, sources: [{name: jobs, server: \"http://p:9090\"}]}"));
    private final AtomicReference<Instant> now = new AtomicReference<>(Measured.NOW);
    private final KedaScaler scaler = new KedaScaler("127.0.0.1", 0, measured, now::get);
    private ManagedChannel channel;
    private ExternalScalerBlockingStub keda;

    @BeforeEach
    void start() {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", scaler.start()).usePlaintext().build();
        keda = ExternalScalerGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        scaler.close();
    }

    @Test
    void a_trigger_becomes_a_target_and_a_value_of_the_same_name() {
        MetricSpec spec =
                keda.getMetricSpec(trigger("concurrency", "2500m", "0")).getMetricSpecs(0);
        assertThat(spec.getMetricName()).isEqualTo("tidemill-digits-concurrency");
        assertThat(spec.getTargetSizeFloat()).isEqualTo(2.5);
        assertThat(spec.getTargetSize()).isEqualTo(3);

        MetricValue value = metrics(trigger("concurrency", "2500m", "0"), spec.getMetricName());
        assertThat(value.getMetricName()).isEqualTo(spec.getMetricName());
        assertThat(value.getMetricValueFloat()).isEqualTo(3);
        assertThat(metrics(trigger("jobs", "8", "0"), "tidemill-digits-jobs").getMetricValueFloat())
                .isEqualTo(42);
        assertThat(metrics(trigger("p99", "1", "0"), "tidemill-digits-p99").getMetricValue())
                .isEqualTo(1);
    }

    @Test
    void active_is_what_is_above_its_activation_and_not_what_is_at_it() {
        assertThat(keda.isActive(trigger("concurrency", "2", "2")).getResult()).isTrue();
        assertThat(keda.isActive(trigger("concurrency", "2", "3")).getResult()).isFalse();
    }

    @Test
    void activation_is_pushed_when_it_changes() {
        measured.clear();
        measured.with(inFlight(0));
        List<Boolean> told = new CopyOnWriteArrayList<>();
        CancellableContext call = Context.current().withCancellation();
        Thread.ofVirtual()
                .start(
                        call.wrap(() -> {
                            Iterator<IsActiveResponse> answers =
                                    keda.streamIsActive(trigger("concurrency", "2", "0"));
                            try {
                                answers.forEachRemaining(one -> told.add(one.getResult()));
                            } catch (StatusRuntimeException e) {
                                assertThat(e.getStatus().getCode())
                                        .isEqualTo(Status.Code.CANCELLED);
                            }
                        }));
        await().atMost(LIMIT).until(() -> told.equals(List.of(false)));
        measured.clear(); // silent: what was told holds
        measured.with(inFlight(5));
        await().atMost(LIMIT).until(() -> told.equals(List.of(false, true)));
        call.cancel(null);
    }

    @Test
    void what_is_not_known_is_an_error_and_never_a_zero() {
        assertThat(refused(trigger("kvCache", "1", "0"))).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused(trigger("nonsense", "1", "0"))).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(refused(trigger("concurrency", "zero", "0")))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused(trigger("concurrency", "0", "0")))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused(ScaledObjectRef.newBuilder().setNamespace("ai").build()))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        now.set(Measured.NOW.plusSeconds(6));
        assertThat(refused(trigger("concurrency", "1", "0"))).isEqualTo(Status.Code.UNAVAILABLE);
        measured.clear();
        assertThat(refused(trigger("concurrency", "1", "0"))).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void a_namespace_of_the_trigger_s_own_is_the_one_that_counts() {
        ScaledObjectRef elsewhere =
                trigger("concurrency", "2", "0").toBuilder()
                        .setNamespace("other")
                        .putScalerMetadata("namespace", "ai")
                        .build();
        assertThat(keda.isActive(elsewhere).getResult()).isTrue();
    }

    private static PoolReading inFlight(double requests) {
        return Measured.digits(
                "{max: 3}", new Measures(Map.of(Signal.IN_FLIGHT, requests), Map.of()));
    }

    private MetricValue metrics(ScaledObjectRef ref, String name) {
        return keda.getMetrics(
                        GetMetricsRequest.newBuilder()
                                .setScaledObjectRef(ref)
                                .setMetricName(name)
                                .build())
                .getMetricValues(0);
    }

    private Status.Code refused(ScaledObjectRef ref) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> keda.isActive(ref))
                .getStatus()
                .getCode();
    }

    private static ScaledObjectRef trigger(String metric, String target, String activation) {
        return ScaledObjectRef.newBuilder()
                .setName("digits-server")
                .setNamespace("ai")
                .putScalerMetadata("scalerAddress", "tidemill-operator.tidemill-system.svc:9090")
                .putScalerMetadata("model", "digits")
                .putScalerMetadata("metric", metric)
                .putScalerMetadata("target", target)
                .putScalerMetadata("activation", activation)
                .build();
    }
}
