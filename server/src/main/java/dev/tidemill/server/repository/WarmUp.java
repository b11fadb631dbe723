package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelManifest.Sample;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.WarmUpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/// The first runs of a model, so that no client waits for what happens once only: each sample must
/// get the label it had when the model was made, the warm-up requests of the configuration run,
/// every batch size that the configuration names runs once, and then batches of several sizes run
/// until the time is up.
///
/// @param budget for what nobody asked for
/// @param exercise what else a request does with outputs, to warm that up too
/// @param nanos monotonic clock
public record WarmUp(Duration budget, Exercise exercise, LongSupplier nanos) {
    private static final System.Logger LOGGER = System.getLogger(WarmUp.class.getName());
    private static final List<Integer> USUAL_SIZES = List.of(1, 2, 3, 4, 5, 6, 7, 8);

    /// Of one made-up batch.
    private static final long MAX_BYTES = 64L << 20;

    private static final int MAX_ROUNDS = 200;

    /// Work around a run that clients cause.
    @FunctionalInterface
    public interface Exercise {
        void around(ServedModel model, List<Tensor> inputs, List<Tensor> outputs);
    }

    /// @param folder of the model, with the data of its warm-up requests
    /// @throws TidemillException `MODEL_FAILED` when a sample gets another label, and whatever a
    ///   warm-up request of the configuration fails with
    /// @throws IllegalArgumentException when a sample does not fit the model
    void run(ServedModel model, ModelManifest manifest, Path folder) {
        for (Sample sample : manifest.samples()) {
            check(model, sample);
        }
        requests(model, folder);
        List<Integer> sizes = sizes(model);
        if (model.config().batchingSaid()) {
            for (int rows : sizes) {
                if (!runs(model, inputs(model, manifest, 0, rows), manifest.samples().isEmpty())) {
                    return;
                }
            }
        }
        untilTimeIsUp(model, manifest, sizes);
    }

    private void untilTimeIsUp(ServedModel model, ModelManifest manifest, List<Integer> sizes) {
        long end = nanos.getAsLong() + budget.toNanos();
        long fastest = Long.MAX_VALUE;
        for (int round = 0; round < MAX_ROUNDS && nanos.getAsLong() < end; round++) {
            int rows = sizes.get(round % sizes.size());
            List<Tensor> inputs = inputs(model, manifest, round, rows);
            long begin = nanos.getAsLong();
            if (!runs(model, inputs, manifest.samples().isEmpty())) {
                return;
            }
            fastest = rows == 1 ? Math.min(fastest, nanos.getAsLong() - begin) : fastest;
        }
        if (fastest > ServedModel.SLOW.toNanos() && fastest != Long.MAX_VALUE) {
            model.runsSlowly();
        }
    }

    private static void requests(ServedModel model, Path folder) {
        for (WarmUpRequest request : model.config().warmUp()) {
            List<Tensor> inputs = WarmUpInputs.of(request, folder);
            for (int i = 0; i < request.count(); i++) {
                try {
                    model.rehearse(inputs);
                } catch (TidemillException e) {
                    throw new TidemillException(
                            e.code(),
                            "model_warmup %s: %s".formatted(request.name(), e.getMessage()),
                            e);
                }
            }
        }
    }

    /// One row, the preferred sizes and the largest; where nobody has named any, small ones too.
    private static List<Integer> sizes(ServedModel model) {
        if (!Samples.batches(model.inputs())) {
            return List.of(1);
        }
        ModelConfig config = model.config();
        TreeSet<Integer> sizes = new TreeSet<>(List.of(1));
        config.maxBatchSize().filter(max -> max > 0).ifPresent(sizes::add);
        config.batching().ifPresent(batching -> sizes.addAll(batching.preferredSizes()));
        if (!config.batchingSaid()) {
            sizes.addAll(USUAL_SIZES);
        }
        return sizes.stream().filter(rows -> rows == 1 || bytes(model, rows) <= MAX_BYTES).toList();
    }

    private static double bytes(ServedModel model, int rows) {
        double bytes = 0;
        for (TensorSpec input : model.inputs()) {
            double count = rows;
            for (long size : input.shape()) {
                count *= Math.max(1, size);
            }
            bytes += count * Math.max(1, input.type().byteWidth());
        }
        return bytes;
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
