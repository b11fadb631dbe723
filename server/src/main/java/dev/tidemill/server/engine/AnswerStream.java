package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.StreamingModel;
import dev.tidemill.runtimes.spi.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request on its way to a model that answers any number of times. The queue knows inputs only; a
/// request that runs alone runs on its own thread, where it finds this again.
final class AnswerStream {
    private static final ScopedValue<AnswerStream> CURRENT = ScopedValue.newInstance();

    private final Map<String, Object> parameters;
    private final Consumer<List<Tensor>> answers;
    private @Nullable RuntimeException refused;

    AnswerStream(Map<String, Object> parameters, Consumer<List<Tensor>> answers) {
        this.parameters = parameters;
        this.answers = answers;
    }

    /// The model, if it is one that answers any number of times.
    ///
    /// @param decoupled whether the configuration says so
    /// @param labelled whether labels are to be made of its answers
    /// @throws IllegalArgumentException when configuration and model do not agree
    static Optional<StreamingModel> of(LoadedModel model, boolean decoupled, boolean labelled) {
        if (!(model instanceof StreamingModel streaming)) {
            if (decoupled) {
                throw new IllegalArgumentException(
                        "model_transaction_policy.decoupled: 'true' (expected: false, because the model answers each request once)");
            }
            return Optional.empty();
        }
        if (!decoupled || labelled) {
            throw new IllegalArgumentException(
                    decoupled
                            ? "labels: 'given' (expected: none, because the model answers any number of times)"
                            : "model_transaction_policy.decoupled: 'false' (expected: true, because the model answers any number of times)");
        }
        return Optional.of(streaming);
    }

    /// Has the queue in between run on this thread what [#runHere] then finds.
    void through(Runnable queue) {
        ScopedValue.where(CURRENT, this).run(queue);
    }

    /// @return nothing: the answers have been given
    static List<Tensor> runHere(StreamingModel model, List<Tensor> inputs) {
        CURRENT.get().run(model, inputs);
        return List.of();
    }

    private void run(StreamingModel model, List<Tensor> inputs) {
        try {
            model.run(inputs, parameters, this::give);
        } catch (TidemillException e) {
            throw refused == null ? e : refused;
        } catch (RuntimeException e) {
            if (refused != null) {
                throw refused;
            }
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED, "model: '%s' (expected: an answer)".formatted(e), e);
        }
        if (refused != null) {
            throw refused;
        }
    }

    /// Whatever the model makes of it, the first refusal is what the run ends with.
    private void give(List<Tensor> outputs) {
        if (refused != null) {
            throw refused;
        }
        try {
            answers.accept(outputs);
        } catch (RuntimeException e) {
            refused = e;
            throw e;
        }
    }
}
