package dev.tidemill.cli.up;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.ModelResources;
import java.util.ArrayList;
import java.util.List;

/// JVM flags of a model server from the resources its model asks for.
final class ReplicaFlags {
    private static final ByteSize DEFAULT_HEAP = ByteSize.mebibytes(64);
    private static final long SMALLEST_HEAP_BYTES = 32L << 20;

    private ReplicaFlags() {}

    /// `memory` is for the whole process: half of it is heap, the rest is for the model, ONNX
    /// Runtime, code and threads. `cpu` rounded up is what the JVM counts as processors.
    static List<String> of(ModelResources resources) {
        List<String> flags = new ArrayList<>();
        long heap =
                resources
                        .memory()
                        .map(memory -> Math.max(SMALLEST_HEAP_BYTES, memory.bytes() / 2))
                        .orElse(DEFAULT_HEAP.bytes());
        flags.add("-Xmx" + heap);
        flags.add("-Xms32m");
        flags.add("-Xss512k");
        flags.add("-XX:ReservedCodeCacheSize=48m");
        flags.addAll(ServiceFlags.COMPILED_ANEW);
        resources
                .cpu()
                .ifPresent(cpu ->
                        flags.add("-XX:ActiveProcessorCount=" + Math.max(1, (int) Math.ceil(cpu))));
        return flags;
    }
}
