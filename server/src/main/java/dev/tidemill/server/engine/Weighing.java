package dev.tidemill.server.engine;

import dev.tidemill.runtimes.spi.Tensor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Runs a model after it has asked for the memory that the run takes. What the steps of a graph
/// take is only known one by one, when their inputs are there; each asks the same bound.
public final class Weighing {
    /// Of the request that this thread answers.
    private static final ScopedValue<LongConsumer> MEMORY = ScopedValue.newInstance();

    private Weighing() {}

    /// As [ServedModel#infer].
    ///
    /// @param memory asked for bytes before they are taken; throws to refuse
    public static List<Tensor> infer(ServedModel model, InferenceCall call, LongConsumer memory) {
        if (model.isEnsemble()) {
            return ScopedValue.where(MEMORY, memory).call(() -> model.infer(call));
        }
        memory.accept(model.workingBytes(call.inputs()));
        return model.infer(call);
    }

    /// As [ServedModel#stream].
    ///
    /// @param memory as above
    public static void stream(
            ServedModel model,
            InferenceCall call,
            Map<String, Object> parameters,
            Consumer<List<Tensor>> answers,
            LongConsumer memory) {
        if (model.isEnsemble()) {
            ScopedValue.where(MEMORY, memory).run(() -> model.stream(call, parameters, answers));
            return;
        }
        memory.accept(model.workingBytes(call.inputs()));
        model.stream(call, parameters, answers);
    }

    /// What the steps of the graph that this thread runs ask, on whatever thread they are.
    static LongConsumer memory() {
        if (!MEMORY.isBound()) {
            return _ -> {};
        }
        LongConsumer whole = MEMORY.get();
        ReentrantLock lock = new ReentrantLock();
        return bytes -> {
            lock.lock();
            try {
                whole.accept(bytes);
            } finally {
                lock.unlock();
            }
        };
    }
}
