package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One request's way through an ensemble. A step runs as soon as its last input is there: the first
/// that becomes possible on the thread that made it so, the others on threads of their own. So a
/// chain costs no change of threads. No step holds anything of a model while another runs, so no
/// number of instances can make steps wait for each other. After a failure no step begins, and the
/// run ends when those that had begun are done.
final class EnsembleRun {
    private final EnsemblePlan plan;
    private final StepCall call;
    private final BitSet needed;

    /// Tensors that are asked for, by a step that is needed or by the caller.
    private final Set<String> used = new HashSet<>();

    private final Map<String, Tensor> tensors = new ConcurrentHashMap<>();

    /// By step: how many before it are not done.
    private final AtomicIntegerArray missing;

    private final Queue<Thread> others = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    /// Asks a step's model.
    @FunctionalInterface
    interface StepCall {
        /// @param wanted at least one
        /// @return the wanted, in that order
        List<Tensor> run(int step, List<Tensor> inputs, List<String> wanted);
    }

    private EnsembleRun(EnsemblePlan plan, List<String> wanted, StepCall call) {
        this.plan = plan;
        this.call = call;
        this.needed = plan.needed(wanted);
        this.missing = new AtomicIntegerArray(plan.steps().size());
        plan.outputs().stream()
                .map(TensorSpec::name)
                .filter(name -> wanted.isEmpty() || wanted.contains(name))
                .forEach(used::add);
        needed.stream()
                .forEach(step -> {
                    missing.set(step, plan.after().get(step).size());
                    used.addAll(plan.steps().get(step).inputs().values());
                });
    }

    /// @param wanted names of outputs; empty for all
    /// @return the wanted outputs in the ensemble's order
    /// @throws TidemillException of the first step that failed, with its name
    static List<Tensor> run(
            EnsemblePlan plan, List<Tensor> inputs, List<String> wanted, StepCall call) {
        EnsembleRun run = new EnsembleRun(plan, wanted, call);
        inputs.forEach(input -> run.tensors.put(input.name(), input));
        run.go(run.first());
        run.awaitOthers();
        RuntimeException failed = run.failure.get();
        if (failed != null) {
            throw failed;
        }
        List<Tensor> outputs = new ArrayList<>();
        for (TensorSpec output : plan.outputs()) {
            if (run.used.contains(output.name()) && run.isWanted(output, wanted)) {
                outputs.add(run.checked(output));
            }
        }
        return outputs;
    }

    private boolean isWanted(TensorSpec output, List<String> wanted) {
        return wanted.isEmpty() || wanted.contains(output.name());
    }

    private List<Integer> first() {
        return needed.stream().filter(step -> missing.get(step) == 0).boxed().toList();
    }

    /// Runs these and all that they make possible, except what goes to other threads.
    private void go(List<Integer> possible) {
        List<Integer> next = possible;
        while (!next.isEmpty() && failure.get() == null) {
            for (int other : next.subList(1, next.size())) {
                others.add(
                        Thread.ofVirtual()
                                .name("step-" + (other + 1))
                                .start(Span.current().carry(() -> go(List.of(other)))));
            }
            next = step(next.getFirst());
        }
    }

    /// @return the steps that only waited for this one
    private List<Integer> step(int step) {
        try {
            run(step);
        } catch (TidemillException e) {
            failure.compareAndSet(
                    null,
                    new TidemillException(
                            e.code(), plan.stepName(step) + ": " + e.getMessage(), e));
            return List.of();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, new IllegalStateException(plan.stepName(step), e));
            return List.of();
        }
        List<Integer> possible = new ArrayList<>();
        for (int other = needed.nextSetBit(0); other >= 0; other = needed.nextSetBit(other + 1)) {
            if (plan.after().get(other).contains(step) && missing.decrementAndGet(other) == 0) {
                possible.add(other);
            }
        }
        return possible;
    }

    private void run(int step) {
        List<Tensor> inputs = new ArrayList<>();
        plan.steps()
                .get(step)
                .inputs()
                .forEach((input, tensor) -> inputs.add(named(input, made(tensor))));
        List<String> wanted = new ArrayList<>();
        List<String> names = new ArrayList<>();
        plan.steps()
                .get(step)
                .outputs()
                .forEach((output, tensor) -> {
                    if (used.contains(tensor)) {
                        wanted.add(output);
                        names.add(tensor);
                    }
                });
        List<Tensor> outputs = call.run(step, inputs, wanted);
        for (int i = 0; i < names.size(); i++) {
            tensors.put(names.get(i), named(names.get(i), outputs.get(i)));
        }
    }

    /// Those that others have started are there before these end: once there is none left, all are
    /// done.
    private void awaitOthers() {
        boolean interrupted = false;
        for (Thread other = others.poll(); other != null; other = others.poll()) {
            while (other.isAlive()) {
                try {
                    if (interrupted) {
                        other.interrupt();
                    }
                    other.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// One that must be there by now.
    private Tensor made(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalStateException("tensor: '" + name + "' (expected: made before)");
        }
        return tensor;
    }

    private Tensor checked(TensorSpec output) {
        Tensor tensor = made(output.name());
        if (!InputCheck.fits(output.shape(), tensor.shape())) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "output %s: shape: '%s' (expected: %s, as the ensemble's configuration says)"
                            .formatted(
                                    output.name(),
                                    Arrays.toString(tensor.shape()),
                                    output.shape()));
        }
        return tensor;
    }

    /// With a position of its own, because several steps may read it at once.
    static Tensor named(String name, Tensor tensor) {
        return switch (tensor) {
            case Tensor.Numeric(_, var type, var shape, var data) ->
                    new Tensor.Numeric(
                            name, type, shape, data.duplicate().order(ByteOrder.LITTLE_ENDIAN));
            case Tensor.Text(_, var shape, var values) -> new Tensor.Text(name, shape, values);
        };
    }
}
