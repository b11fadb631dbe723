package dev.tidemill.server;

import dev.tidemill.common.ByteSize;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The part of a machine that this process may use: what the control group grants, not what the
/// hardware has. Threads that are sized by the hardware are the usual cause of slow containers.
///
/// @param processors that the JVM counts on: the quota rounded up, at least 1
/// @param quota processors that the control group grants, a fraction perhaps; empty when all
/// @param memory that it grants; empty when all there is
/// @param machineMemory what there is
/// @param heap the JVM's largest
record MachineShare(
        int processors,
        Optional<Double> quota,
        Optional<ByteSize> memory,
        ByteSize machineMemory,
        ByteSize heap) {
    private static final Path GROUP = Path.of("/sys/fs/cgroup");

    static MachineShare now() {
        return of(
                Runtime.getRuntime().availableProcessors(),
                GROUP,
                new ByteSize(
                        ManagementFactory.getOperatingSystemMXBean()
                                        instanceof com.sun.management.OperatingSystemMXBean system
                                ? system.getTotalMemorySize()
                                : 0),
                new ByteSize(Runtime.getRuntime().maxMemory()));
    }

    static MachineShare of(int processors, Path group, ByteSize machineMemory, ByteSize heap) {
        List<String> cpu = words(group.resolve("cpu.max"));
        Optional<Double> quota =
                cpu.size() == 2 && !cpu.getFirst().equals("max")
                        ? number(cpu.getFirst())
                                .flatMap(time ->
                                        number(cpu.getLast()).map(period -> time / (double) period))
                        : Optional.empty();
        Optional<ByteSize> memory =
                words(group.resolve("memory.max")).stream()
                        .findFirst()
                        .flatMap(MachineShare::number)
                        .map(ByteSize::new);
        return new MachineShare(processors, quota, memory, machineMemory, heap);
    }

    /// One line for people.
    @Override
    public String toString() {
        return "%d processor%s (%s), memory %s, heap up to %s"
                .formatted(
                        processors,
                        processors == 1 ? "" : "s",
                        quota.map(share ->
                                        String.format(
                                                Locale.ROOT,
                                                "%.2f by the control group's quota",
                                                share))
                                .orElse("no quota"),
                        memory.map(limit -> limit + " by the control group's limit")
                                .orElse(machineMemory + ", no limit"),
                        heap);
    }

    private static List<String> words(Path file) {
        try {
            return List.of(Files.readString(file).strip().split("\\s+"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<Long> number(String word) {
        return word.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(word)) : Optional.empty();
    }
}
