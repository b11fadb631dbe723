package dev.tidemill.rehearsal.cost;

/// A kind of machine that can be had by the hour.
///
/// @param spot whether the provider may take it back
public record Instance(
        String name, double cores, double gibibytes, int gpus, double pricePerHour, boolean spot) {
    public Instance {
        if (!(cores > 0) || !(gibibytes > 0) || gpus < 0 || !(pricePerHour >= 0)) {
            throw new IllegalArgumentException(
                    "instance %s: '%s cores, %s GiB, %d GPUs for %s' (expected: above 0, above 0, not negative, a price)"
                            .formatted(name, cores, gibibytes, gpus, pricePerHour));
        }
    }

    boolean holds(Need need) {
        return need.cores() <= cores && need.gibibytes() <= gibibytes && need.gpus() <= gpus;
    }
}
