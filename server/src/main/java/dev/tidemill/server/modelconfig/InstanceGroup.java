package dev.tidemill.server.modelconfig;

import dev.tidemill.runtimes.spi.LoadOptions;
import dev.tidemill.runtimes.spi.LoadOptions.Placement;
import java.util.List;

/// Runs of one version that may go on at once.
///
/// @param count at least 1; on each of the GPUs that are named
/// @param devices numbers of GPUs; empty for all, and on the CPU
public record InstanceGroup(int count, Kind kind, List<Integer> devices) {
    private static final String CUDA = "cuda:";

    /// Where the runs go.
    public enum Kind {
        /// A GPU where there is one, otherwise the CPU.
        AUTO,
        CPU,
        GPU
    }

    public InstanceGroup {
        devices = List.copyOf(devices);
        if (count < 1) {
            throw new IllegalArgumentException(
                    "instance_group.count: '%d' (expected: >= 1)".formatted(count));
        }
    }

    /// The group of a model that has none said.
    ///
    /// @param devices as [dev.tidemill.runtimes.spi.LoadedModel#devices] names them
    public static InstanceGroup on(List<String> devices, int count) {
        List<Integer> gpus =
                devices.stream()
                        .filter(device -> device.startsWith(CUDA))
                        .map(device -> Integer.valueOf(device.substring(CUDA.length())))
                        .toList();
        return new InstanceGroup(count, gpus.isEmpty() ? Kind.CPU : Kind.GPU, gpus);
    }

    /// Where the model of these groups is loaded: once on every GPU that a group names. A model is
    /// on GPUs or on the CPU, so where groups differ those of GPUs count, then those that leave it
    /// open.
    public static LoadOptions loadOptions(List<InstanceGroup> groups) {
        if (groups.isEmpty()) {
            return LoadOptions.DEFAULT;
        }
        Kind kind =
                List.of(Kind.GPU, Kind.AUTO, Kind.CPU).stream()
                        .filter(any -> groups.stream().anyMatch(group -> group.kind() == any))
                        .findFirst()
                        .orElseThrow();
        List<InstanceGroup> these = groups.stream().filter(group -> group.kind() == kind).toList();
        boolean open = these.stream().anyMatch(group -> group.devices().isEmpty());
        return new LoadOptions(
                switch (kind) {
                    case AUTO -> Placement.AUTO;
                    case CPU -> Placement.CPU;
                    case GPU -> Placement.GPU;
                },
                open || kind == Kind.CPU
                        ? List.of()
                        : these.stream()
                                .flatMap(group -> group.devices().stream())
                                .distinct()
                                .toList());
    }

    /// Runs that may go on at once in this group.
    public int runs() {
        return kind == Kind.CPU ? count : count * Math.max(1, devices.size());
    }
}
