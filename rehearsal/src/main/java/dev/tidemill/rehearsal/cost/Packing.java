package dev.tidemill.rehearsal.cost;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Replicas on instances, the largest first, each where it fits tightest; once for every kind of
/// instance and once with the last, half-empty ones exchanged for the cheapest that hold what is on
/// them.
///
/// @param counts instances by name
public record Packing(Map<String, Integer> counts, double pricePerHour) {
    /// @return empty when some replica fits on no instance
    public static Optional<Packing> cheapest(List<Need> needs, List<Instance> instances) {
        if (needs.isEmpty()) {
            return Optional.of(new Packing(Map.of(), 0));
        }
        @Nullable Packing best = null;
        for (Instance main : instances) {
            Packing packing = with(main, needs, instances);
            if (packing != null
                    && (best == null || packing.pricePerHour < best.pricePerHour - 1e-12)) {
                best = packing;
            }
        }
        return Optional.ofNullable(best);
    }

    private static @Nullable Packing with(
            Instance main, List<Need> needs, List<Instance> instances) {
        List<Open> open = new ArrayList<>();
        List<Need> sorted = new ArrayList<>(needs);
        sorted.sort(
                Comparator.comparingInt(Need::gpus)
                        .thenComparingDouble(Need::gibibytes)
                        .thenComparingDouble(Need::cores)
                        .reversed());
        for (Need need : sorted) {
            Open tightest =
                    open.stream()
                            .filter(each -> each.hasRoom(need))
                            .min(Comparator.comparingDouble(Open::spare))
                            .orElse(null);
            if (tightest == null) {
                Instance instance = main.holds(need) ? main : smallest(need, instances);
                if (instance == null) {
                    return null;
                }
                tightest = new Open(instance);
                open.add(tightest);
            }
            tightest.put(need);
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        double price = 0;
        for (Open each : open) {
            Instance paid = smallest(each.used(), instances);
            Instance chosen = paid == null ? each.instance : paid;
            counts.merge(chosen.name(), 1, Integer::sum);
            price += chosen.pricePerHour();
        }
        return new Packing(counts, price);
    }

    private static @Nullable Instance smallest(Need need, List<Instance> instances) {
        return instances.stream()
                .filter(each -> each.holds(need))
                .min(Comparator.comparingDouble(Instance::pricePerHour))
                .orElse(null);
    }

    /// An instance with what is on it.
    private static final class Open {
        private final Instance instance;
        private double cores;
        private double gibibytes;
        private int gpus;

        Open(Instance instance) {
            this.instance = instance;
        }

        boolean hasRoom(Need need) {
            return instance.holds(
                    new Need(
                            need.owner(),
                            cores + need.cores(),
                            gibibytes + need.gibibytes(),
                            gpus + need.gpus()));
        }

        void put(Need need) {
            cores += need.cores();
            gibibytes += need.gibibytes();
            gpus += need.gpus();
        }

        double spare() {
            return (instance.cores() - cores) / instance.cores()
                    + (instance.gibibytes() - gibibytes) / instance.gibibytes();
        }

        Need used() {
            return new Need("", cores, gibibytes, gpus);
        }
    }
}
