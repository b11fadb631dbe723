package dev.tidemill.scaling.hpa;

/// Why one metric gives no count. Never leaves [Hpa]: it becomes a condition.
final class MetricFailure extends RuntimeException {
    private final boolean specification;

    MetricFailure(String why) {
        this(why, false);
    }

    /// @param specification whether the file is to blame and not the moment
    MetricFailure(String why, boolean specification) {
        super(why, null, false, false);
        this.specification = specification;
    }

    boolean specification() {
        return specification;
    }
}
