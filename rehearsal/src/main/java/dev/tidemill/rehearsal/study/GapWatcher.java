package dev.tidemill.rehearsal.study;

import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.objective.Queueing;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes a plan of [dev.tidemill.scaling.objective] apart, once a minute.
final class GapWatcher implements Watcher {
    private final Target target;
    private final int[] oracle;
    private final long start;
    private double planned;
    private double sized;
    private double wanted;
    private double held;
    private double ordered;
    private long next = Long.MIN_VALUE;
    private int seen;
    private int minutes;

    GapWatcher(Target target, int[] oracle, long start) {
        this.target = target;
        this.oracle = oracle;
        this.start = start;
    }

    @Override
    public void decided(Verdict verdict) {
        long now = verdict.seen().atMillis();
        if (now < next) {
            return;
        }
        Map<String, Double> figures = verdict.account().figures();
        Double forecast = figures.get("forecast");
        Double slot = figures.get("slot seconds");
        int minute = (int) ((now - start) / 60_000);
        if (forecast == null || slot == null || minute >= oracle.length) {
            return;
        }
        next = now + 60_000;
        seen++;
        planned += oracle[minute];
        sized += Math.max(target.bounds().min(), size(forecast * slot));
        int rule = Math.max(target.bounds().min(), verdict.wanted());
        wanted += rule;
        held += verdict.met(Limit.HOLD) ? Math.max(rule, verdict.replicas()) : rule;
    }

    @Override
    public void minute(int minute, double requests, double late, double orderedMean, double ready) {
        ordered += orderedMean;
        minutes++;
    }

    private int size(double load) {
        return Queueing.replicas(
                load,
                target.service().slots(),
                target.service().slotSeconds(),
                target.service().limitSeconds(),
                1,
                target.late(),
                target.bounds().max());
    }

    /// @return null when the policy explains itself in other figures
    @Nullable Gap gap() {
        if (seen == 0) {
            return null;
        }
        double unit = planned / seen;
        double forecast = (sized - planned) / seen / unit;
        double margin = (wanted - sized) / seen / unit;
        double hold = (held - wanted) / seen / unit;
        double total = (ordered / minutes - unit) / unit;
        return new Gap(forecast, margin, hold, total - forecast - margin - hold);
    }
}
