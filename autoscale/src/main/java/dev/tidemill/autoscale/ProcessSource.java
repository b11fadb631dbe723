package dev.tidemill.autoscale;

import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.TimeAverage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Processor time and memory of processes on this machine, as shares of what each may use. Where
/// the system does not tell, the measure is absent.
public final class ProcessSource implements SignalSource {
    /// What Kubernetes' own readings are about: one second says little of a processor.
    private static final long AVERAGE_MILLIS = 15_000;

    private final Supplier<Map<String, Group>> groups;
    private final LongSupplier nanos;
    private final Map<Long, Reading> before = new HashMap<>();
    private final Map<String, TimeAverage> averages = new HashMap<>();

    /// One target's processes.
    ///
    /// @param cores that each may use
    /// @param memoryBytes that each may use; empty when that is not limited
    public record Group(List<Long> pids, double cores, Optional<Long> memoryBytes) {}

    private record Reading(long atNanos, Duration cpu) {}

    /// @param groups by target
    /// @param nanos a monotonic clock
    public ProcessSource(Supplier<Map<String, Group>> groups, LongSupplier nanos) {
        this.groups = groups;
        this.nanos = nanos;
    }

    @Override
    public String name() {
        return "processes";
    }

    @Override
    public Map<String, Measures> read() {
        Map<String, Group> now = groups.get();
        Map<String, Measures> measures = new HashMap<>();
        now.forEach((target, group) -> measures.put(target, measured(target, group)));
        Set<Long> known = new HashSet<>();
        now.values().forEach(group -> known.addAll(group.pids()));
        before.keySet().retainAll(known);
        averages.keySet().retainAll(now.keySet());
        return measures;
    }

    private Measures measured(String target, Group group) {
        Map<Signal, Double> values = new HashMap<>();
        double cpu = 0;
        double memory = 0;
        int cpus = 0;
        int memories = 0;
        for (long pid : group.pids()) {
            OptionalDouble busy = busy(pid);
            if (busy.isPresent()) {
                cpu += busy.getAsDouble() / group.cores();
                cpus++;
            }
            Optional<Long> limit = group.memoryBytes();
            OptionalDouble resident = limit.isPresent() ? resident(pid) : OptionalDouble.empty();
            if (resident.isPresent()) {
                memory += resident.getAsDouble() / limit.orElseThrow();
                memories++;
            }
        }
        TimeAverage average =
                averages.computeIfAbsent(target, _ -> new TimeAverage(AVERAGE_MILLIS));
        average.add(nanos.getAsLong() / 1_000_000, cpus > 0 ? cpu / cpus : Double.NaN);
        double mean = average.mean(AVERAGE_MILLIS);
        if (Double.isFinite(mean)) {
            values.put(Signal.CPU, mean);
        }
        if (memories > 0) {
            values.put(Signal.MEMORY, memory / memories);
        }
        return Measures.of(values);
    }

    /// Cores that a process kept busy since it was looked at before.
    private OptionalDouble busy(long pid) {
        Optional<Duration> total =
                ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration());
        if (total.isEmpty()) {
            return OptionalDouble.empty();
        }
        long now = nanos.getAsLong();
        Reading old = before.put(pid, new Reading(now, total.get()));
        if (old == null || now <= old.atNanos()) {
            return OptionalDouble.empty();
        }
        double used = total.get().minus(old.cpu()).toNanos();
        return OptionalDouble.of(Math.max(0, used / (now - old.atNanos())));
    }

    /// Linux tells it in kibibytes.
    private static OptionalDouble resident(long pid) {
        Path status = Path.of("/proc", String.valueOf(pid), "status");
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmRSS:")) {
                    return OptionalDouble.of(Long.parseLong(line.replaceAll("\\D", "")) * 1024.0);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Not Linux, or the process has ended.
        }
        return OptionalDouble.empty();
    }
}
