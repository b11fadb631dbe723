package dev.tidemill.scaling.hpa;

/// The arithmetic of one metric, on sums: who gathers them from pods and who assumes equal replicas
/// gets the same counts.
final class Formula {
    private Formula() {}

    /// Sums over some pods.
    ///
    /// @param usage milli-units
    /// @param request milli-units, over those of them that the list of pods knows
    /// @param known how many of them the list of pods knows
    /// @param samples how many they are
    record Sums(long usage, long request, int known, int samples) {
        static final Sums NONE = new Sums(0, 0, 0, 0);

        Sums plus(Sums other) {
            return new Sums(
                    usage + other.usage,
                    request + other.request,
                    known + other.known,
                    samples + other.samples);
        }
    }

    /// A share of the request. The percentage is cut to a whole one before the ratio is formed.
    ///
    /// @param sampled the pods that count and have a sample, strangers included in `samples`
    /// @param missing pods without a sample; their `usage` is what stands in when shrinking
    /// @param unready pods that count as idle when growing
    static Proposal utilization(
            int current,
            int target,
            Tolerance tolerance,
            int ready,
            Sums sampled,
            Sums missing,
            Sums unready) {
        int percent = percent(sampled);
        long mean = sampled.usage() / sampled.known();
        double ratio = (double) percent / target;
        boolean growsDespiteUnready = unready.samples() > 0 && ratio > 1.0;
        if (!growsDespiteUnready && missing.samples() == 0) {
            int replicas = tolerance.inside(ratio) ? current : Go.int32(Math.ceil(ratio * ready));
            return new Proposal(replicas, percent, mean);
        }
        Sums all = enlarged(sampled, missing, unready, ratio, growsDespiteUnready);
        double second = (double) percent(all) / target;
        return new Proposal(
                settled(current, tolerance, ratio, second, all.samples()), percent, mean);
    }

    /// A value a pod. The mean is cut to a whole milli-unit.
    static Proposal average(
            int current,
            long target,
            Tolerance tolerance,
            int ready,
            Sums sampled,
            Sums missing,
            Sums unready) {
        long mean = sampled.usage() / sampled.samples();
        double ratio = (double) mean / target;
        boolean growsDespiteUnready = unready.samples() > 0 && ratio > 1.0;
        if (!growsDespiteUnready && missing.samples() == 0) {
            int replicas = tolerance.inside(ratio) ? current : Go.int32(Math.ceil(ratio * ready));
            return new Proposal(replicas, -1, mean);
        }
        Sums all = enlarged(sampled, missing, unready, ratio, growsDespiteUnready);
        long secondMean = all.usage() / all.samples();
        double second = (double) secondMean / target;
        return new Proposal(settled(current, tolerance, ratio, second, all.samples()), -1, mean);
    }

    /// One number for the whole workload, against a target for the whole workload.
    ///
    /// @param serving pods that are running and ready; multiplied with, not the ordered count
    static Proposal value(int current, long usage, long target, Tolerance tolerance, int serving) {
        double ratio = (double) usage / target;
        int replicas;
        if (current == 0) {
            replicas = Go.int32(Math.ceil(ratio));
        } else if (tolerance.inside(ratio)) {
            replicas = current;
        } else {
            replicas = Go.int32AtMost(Math.ceil(ratio * serving));
        }
        return new Proposal(replicas, -1, usage);
    }

    /// One number for the whole workload, shared by the pods that its status counts.
    static Proposal shared(int statusReplicas, long usage, long target, Tolerance tolerance) {
        double ratio = usage / ((double) target * statusReplicas);
        int replicas =
                tolerance.inside(ratio)
                        ? statusReplicas
                        : Go.int32AtMost(Math.ceil((double) usage / target));
        long each = (long) Math.ceil((double) usage / statusReplicas);
        return new Proposal(replicas, -1, each);
    }

    private static int percent(Sums sums) {
        if (sums.request() == 0) {
            throw new MetricFailure("no metrics returned matched known pods");
        }
        return (int) (sums.usage() * 100 / sums.request());
    }

    private static Sums enlarged(
            Sums sampled, Sums missing, Sums unready, double ratio, boolean growsDespiteUnready) {
        Sums all = sampled;
        if (ratio < 1.0) {
            all = all.plus(missing);
        } else if (ratio > 1.0) {
            all = all.plus(idle(missing));
        }
        return growsDespiteUnready ? all.plus(idle(unready)) : all;
    }

    private static Sums idle(Sums sums) {
        return new Sums(0, sums.request(), sums.known(), sums.samples());
    }

    /// The second look may weaken a change, never turn it around.
    private static int settled(
            int current, Tolerance tolerance, double first, double second, int pods) {
        if (tolerance.inside(second)
                || (first < 1.0 && second > 1.0)
                || (first > 1.0 && second < 1.0)) {
            return current;
        }
        int replicas = Go.int32(Math.ceil(second * pods));
        boolean turned =
                (second < 1.0 && replicas > current) || (second > 1.0 && replicas < current);
        return turned ? current : replicas;
    }
}
