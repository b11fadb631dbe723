package dev.tidemill.spec.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A program of one's own that trains: it reads a data set and writes a model and what it measured.
///
/// @param image with its registry and tag or digest
/// @param command in the place of the image's entry point; empty for that
/// @param args of the command
/// @param env variables beside those that begin with [#OURS]
/// @param trainJob the TrainJob of Kubeflow that runs it; empty for the pod of the Job
public record TrainingProgram(
        String image,
        List<String> command,
        List<String> args,
        Map<String, String> env,
        Optional<TrainJobSettings> trainJob) {
    /// How the names of variables begin that tell the program what to do.
    public static final String OURS = "TIDEMILL_";

    /// The data set: a file or a folder.
    public static final String DATASET = OURS + "DATASET";

    /// The folder for the model and its metrics.
    public static final String OUTPUT = OURS + "OUTPUT";

    public static final String SEED = OURS + "SEED";

    /// The column to predict, where the file names one.
    public static final String LABEL = OURS + "LABEL";

    public TrainingProgram {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = Map.copyOf(env);
    }
}
