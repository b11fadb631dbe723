package dev.tidemill.server.modelconfig;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The configuration of one model. What a file leaves out is empty here and inferred from the model
/// when a version is loaded.
///
/// @param name as clients ask for it; empty until the folder's name is filled in
/// @param platform such as `onnxruntime_onnx` or `ensemble`; empty when not said
/// @param backend such as `onnxruntime` or `function`; empty when not said
/// @param maxBatchSize rows that one run takes at most; 0 means that the first dimension is no
///   batch; empty means to find out from the model
/// @param inputs as written, without the batch dimension; may be fewer than the model has
/// @param outputs as for inputs
/// @param instances how many runs of a version go on at once, and where
/// @param batching joins requests of several callers; empty when each runs alone, absent files
///   leave it to the server ([#batchingSaid])
/// @param batchingSaid whether the file decides about batching
/// @param warmUp made-up requests to run before the version is ready
/// @param responseCache whether equal requests may be answered from memory
/// @param decoupled whether the model answers a request any number of times
/// @param parameters free text by key, for backends
/// @param modelFile path of the model in each version's folder, and below it; empty for the
///   format's usual one
public record ModelConfig(
        String name,
        String platform,
        String backend,
        VersionPolicy versions,
        Optional<Integer> maxBatchSize,
        List<TensorConfig> inputs,
        List<TensorConfig> outputs,
        List<InstanceGroup> instances,
        Optional<DynamicBatching> batching,
        boolean batchingSaid,
        Optional<Ensemble> ensemble,
        List<WarmUpRequest> warmUp,
        boolean responseCache,
        boolean decoupled,
        Map<String, String> parameters,
        String modelFile) {
    /// Where a model of the one format that has files lies unless it is said otherwise.
    static final String USUAL_FILE = "model.onnx";

    static final String ENSEMBLE = "ensemble";

    /// The backend of models that are Java functions, and the format of their manifests.
    public static final String FUNCTION = "function";

    public ModelConfig {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        instances = List.copyOf(instances);
        warmUp = List.copyOf(warmUp);
        parameters = Map.copyOf(parameters);
        if (maxBatchSize.isPresent() && maxBatchSize.get() < 0) {
            throw new IllegalArgumentException(
                    "max_batch_size: '%d' (expected: >= 0)".formatted(maxBatchSize.get()));
        }
    }

    /// Nothing said: everything comes from the model.
    public static ModelConfig inferred(String name) {
        return new ModelConfig(
                name,
                "",
                "",
                new VersionPolicy.Latest(1),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                false,
                Optional.empty(),
                List.of(),
                false,
                false,
                Map.of(),
                "");
    }

    /// The same with the size of batches said.
    public ModelConfig withMaxBatchSize(int rows) {
        return new ModelConfig(
                name,
                platform,
                backend,
                versions,
                Optional.of(rows),
                inputs,
                outputs,
                instances,
                batching,
                batchingSaid,
                ensemble,
                warmUp,
                responseCache,
                decoupled,
                parameters,
                modelFile);
    }

    /// Whether it names a function instead of a model file.
    public boolean isFunction() {
        return backend.equals(FUNCTION) || platform.equals(FUNCTION);
    }

    /// As clients are told: empty when there is no file.
    public String shownFile() {
        return !needsFile() ? "" : modelFile.isEmpty() ? USUAL_FILE : modelFile;
    }

    /// Whether there must be a model file in each version's folder.
    public boolean needsFile() {
        return ensemble.isEmpty() && !isFunction();
    }

    /// The same with nothing left to find out from a model, because an ensemble has none.
    public ModelConfig asEnsemble() {
        return new ModelConfig(
                name,
                ENSEMBLE,
                "",
                versions,
                Optional.of(maxBatchSize.orElse(0)),
                inputs,
                outputs,
                instances,
                batching,
                true,
                ensemble,
                warmUp,
                responseCache,
                decoupled,
                parameters,
                modelFile);
    }
}
