package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelManifest.Sample;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.ServedModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// The first runs of a model: each sample must get the label it had when the model was made, and
/// then batches of 1 to 8 rows run until the time is up, so that the first client does not wait for
/// the compiler.
///
/// @param budget for all of it, after the first run of each sample
/// @param exercise what else a request does with outputs, to warm that up too
/// @param nanos monotonic clock
public record WarmUp(Duration budget, Exercise exercise, LongSupplier nanos) {
    /// Runs slower than this leave the request's own thread.
    static final Duration SLOW = Duration.ofMillis(2);

    private static final System.Logger LOGGER = System.getLogger(WarmUp.class.getName());
    private static final int MAX_BATCH = 8;
    private static final int MAX_ROUNDS = 200;

    /// Work around a run that clients cause.
    @FunctionalInterface
    public interface Exercise {
        void around(ServedModel model, List<Tensor> inputs, List<Tensor> outputs);
    }

    /// @throws TidemillException `MODEL_FAILED` when a sample gets another label
    /// @throws IllegalArgumentException when a sample does not fit the model
    void run(ServedModel model, ModelManifest manifest) {
        for (Sample sample : manifest.samples()) {
            check(model, sample);
        }
        boolean batches = Samples.batches(model.inputs());
        long end = nanos.getAsLong() + budget.toNanos();
        long fastest = Long.MAX_VALUE;
        for (int round = 0; round < MAX_ROUNDS && nanos.getAsLong() < end; round++) {
            int rows = batches ? 1 + round % MAX_BATCH : 1;
            List<Tensor> inputs = inputs(model, manifest, round, rows);
            long begin = nanos.getAsLong();
            if (!runs(model, inputs, manifest.samples().isEmpty())) {
                return;
            }
            fastest = rows == 1 ? Math.min(fastest, nanos.getAsLong() - begin) : fastest;
        }
        if (fastest > SLOW.toNanos() && fastest != Long.MAX_VALUE) {
            model.runsSlowly();
        }
    }

    private static void check(ServedModel model, Sample sample) {
        List<Tensor> outputs = model.rehearse(Samples.batch(model.inputs(), sample, 1));
        if (!model.givesLabels() || sample.label().isEmpty()) {
            return;
        }
        byte[] label = ((Tensor.Text) outputs.getLast()).values().getFirst();
        String given = new String(label, StandardCharsets.UTF_8);
        if (!given.equals(sample.label())) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "self-check: '%s' (expected: %s, as when the model was made)"
                            .formatted(given, sample.label()));
        }
    }

    private static List<Tensor> inputs(
            ServedModel model, ModelManifest manifest, int round, int rows) {
        List<Sample> samples = manifest.samples();
        return samples.isEmpty()
                ? Samples.zeros(model.inputs(), rows)
                : Samples.batch(model.inputs(), samples.get(round % samples.size()), rows);
    }

    /// @param guessed whether the inputs are made up, so that the model may refuse them
    /// @return whether to go on
    private boolean runs(ServedModel model, List<Tensor> inputs, boolean guessed) {
        List<Tensor> outputs;
        try {
            outputs = model.rehearse(inputs);
        } catch (TidemillException e) {
            if (!guessed) {
                throw e;
            }
            return stopped(model, e);
        }
        try {
            exercise.around(model, inputs, outputs);
            return true;
        } catch (TidemillException e) {
            // Tensors that this protocol cannot carry, which is no fault of the model.
            return stopped(model, e);
        }
    }

    private static boolean stopped(ServedModel model, TidemillException reason) {
        LOGGER.log(
                System.Logger.Level.INFO,
                "model %s is not warmed up further: %s"
                        .formatted(model.name(), reason.getMessage()));
        return false;
    }
}
