package dev.tidemill.autoscale;

import java.util.ArrayList;
import java.util.List;

/// Remembers its orders; replicas are ready at once unless told otherwise.
final class RecordedTarget implements ScalingTarget {
    final List<String> orders = new ArrayList<>();
    int replicas;
    double startSeconds = Double.NaN;

    RecordedTarget(int replicas) {
        this.replicas = replicas;
    }

    @Override
    public String name() {
        return "digits";
    }

    @Override
    public int replicas() {
        return replicas;
    }

    @Override
    public int ready() {
        return replicas;
    }

    @Override
    public double startSeconds() {
        return startSeconds;
    }

    @Override
    public void order(int count, String reason) {
        replicas = count;
        orders.add("digits %d: %s".formatted(count, reason));
    }
}
