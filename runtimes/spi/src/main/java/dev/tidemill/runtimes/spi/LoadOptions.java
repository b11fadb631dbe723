package dev.tidemill.runtimes.spi;

import java.util.List;

/// What is asked of one load beside the file.
///
/// @param gpus numbers of GPUs, each holds the model once; empty for all that the runtime may use
public record LoadOptions(Placement placement, List<Integer> gpus) {
    /// Where the runs go.
    public enum Placement {
        /// A GPU where the runtime has one, otherwise the CPU.
        AUTO,
        CPU,
        /// A GPU; without one the model does not load.
        GPU
    }

    /// What the runtime finds best.
    public static final LoadOptions DEFAULT = new LoadOptions(Placement.AUTO, List.of());

    public LoadOptions {
        gpus = List.copyOf(gpus);
    }
}
