package dev.tidemill.operator.keda;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.protos.externalscaler.ExternalScalerGrpc;
import dev.tidemill.protos.externalscaler.GetMetricSpecResponse;
import dev.tidemill.protos.externalscaler.GetMetricsRequest;
import dev.tidemill.protos.externalscaler.GetMetricsResponse;
import dev.tidemill.protos.externalscaler.IsActiveResponse;
import dev.tidemill.protos.externalscaler.MetricSpec;
import dev.tidemill.protos.externalscaler.MetricValue;
import dev.tidemill.protos.externalscaler.ScaledObjectRef;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// KEDA's questions, one thread each.
final class ExternalScalerService extends ExternalScalerGrpc.ExternalScalerImplBase {
    private static final System.Logger LOG =
            System.getLogger(ExternalScalerService.class.getName());

    /// How late KEDA may hear that a model is wanted: readings are a second old at most.
    private static final Duration LOOK = Duration.ofMillis(100);

    private final ScalerAnswers answers;
    private volatile boolean over;

    ExternalScalerService(ScalerAnswers answers) {
        this.answers = answers;
    }

    /// Ends the streams, which would go on for ever.
    void end() {
        over = true;
    }

    @Override
    public void isActive(ScaledObjectRef ref, StreamObserver<IsActiveResponse> out) {
        answer(out, () -> active(answers.isActive(Trigger.of(ref))));
    }

    /// What is known at first, and every change. Nothing is told while nothing is known: the last
    /// that was told holds.
    @Override
    public void streamIsActive(ScaledObjectRef ref, StreamObserver<IsActiveResponse> out) {
        Context call = Context.current();
        try {
            Trigger trigger = Trigger.of(ref);
            Optional<Boolean> last = Optional.empty();
            while (!call.isCancelled() && !over) {
                Optional<Boolean> now = answers.active(trigger);
                if (now.isPresent() && !now.equals(last)) {
                    out.onNext(active(now.get()));
                    last = now;
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
            if (!call.isCancelled()) {
                out.onCompleted();
            }
        } catch (RuntimeException e) {
            fail(out, e);
        }
    }

    @Override
    public void getMetricSpec(ScaledObjectRef ref, StreamObserver<GetMetricSpecResponse> out) {
        answer(
                out,
                () -> {
                    Trigger trigger = Trigger.of(ref);
                    return GetMetricSpecResponse.newBuilder()
                            .addMetricSpecs(
                                    MetricSpec.newBuilder()
                                            .setMetricName(trigger.name())
                                            .setTargetSize(whole(trigger.target()))
                                            .setTargetSizeFloat(trigger.target()))
                            .build();
                });
    }

    @Override
    public void getMetrics(GetMetricsRequest request, StreamObserver<GetMetricsResponse> out) {
        answer(
                out,
                () -> {
                    Trigger trigger = Trigger.of(request.getScaledObjectRef());
                    if (!request.getMetricName().endsWith(trigger.name())) {
                        throw new TidemillException(
                                ErrorCode.NOT_FOUND,
                                "metricName: '%s' (expected: %s)"
                                        .formatted(request.getMetricName(), trigger.name()));
                    }
                    double value = answers.value(trigger);
                    return GetMetricsResponse.newBuilder()
                            .addMetricValues(
                                    MetricValue.newBuilder()
                                            .setMetricName(request.getMetricName())
                                            .setMetricValue((long) Math.ceil(value))
                                            .setMetricValueFloat(value))
                            .build();
                });
    }

    private static IsActiveResponse active(boolean yes) {
        return IsActiveResponse.newBuilder().setResult(yes).build();
    }

    /// A target of zero would be none.
    private static long whole(double target) {
        return Math.max(1, Math.round(target));
    }

    private static <T> void answer(StreamObserver<T> out, Supplier<T> made) {
        try {
            out.onNext(made.get());
            out.onCompleted();
        } catch (RuntimeException e) {
            fail(out, e);
        }
    }

    private static void fail(StreamObserver<?> out, RuntimeException failure) {
        switch (failure) {
            case TidemillException known ->
                    out.onError(
                            Status.fromCodeValue(known.code().grpcStatus())
                                    .withDescription(known.getMessage())
                                    .asRuntimeException());
            case StatusRuntimeException gone ->
                    // Whoever asked has left.
                    LOG.log(System.Logger.Level.DEBUG, "call", gone);
            default -> {
                LOG.log(System.Logger.Level.ERROR, "call", failure);
                out.onError(Status.INTERNAL.withDescription("internal error").asRuntimeException());
            }
        }
    }
}
