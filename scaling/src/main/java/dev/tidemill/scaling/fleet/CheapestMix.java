package dev.tidemill.scaling.fleet;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Branch and bound over the counts of each kind, the cheapest a request first. It is exact for
/// what it looks at; after many looks it settles for the best so far.
final class CheapestMix {
    private static final int LOOKS = 200_000;

    private final List<ReplicaKind> kinds;
    private final int[] order;
    private final int[] left;
    private final int[] spare;
    private final double horizonHours;
    private final int[] trial;
    private int[] best;
    private double bestPrice = Double.POSITIVE_INFINITY;
    private int looks;

    /// @param taken of all kinds, by an earlier part of the same fleet
    CheapestMix(
            List<ReplicaKind> all,
            List<ReplicaKind> from,
            int[] taken,
            Map<String, Integer> running,
            double horizonHours) {
        this.kinds = from;
        this.horizonHours = horizonHours;
        this.left = new int[from.size()];
        this.spare = new int[from.size()];
        this.trial = new int[from.size()];
        this.best = new int[from.size()];
        for (int k = 0; k < left.length; k++) {
            ReplicaKind kind = from.get(k);
            int already = taken[all.indexOf(kind)];
            left[k] = Math.max(0, kind.available() - already);
            spare[k] = Math.max(0, running.getOrDefault(kind.name(), 0) - already);
        }
        this.order =
                IntStream.range(0, from.size())
                        .boxed()
                        .sorted(Comparator.comparingDouble(this::leastEach))
                        .mapToInt(Integer::intValue)
                        .toArray();
    }

    /// @return how many of each; everything there is when that does not suffice
    int[] of(double demand) {
        look(0, demand, 0);
        return Double.isInfinite(bestPrice) ? left.clone() : best;
    }

    private void look(int depth, double demand, double price) {
        if (demand <= 1e-9) {
            if (price < bestPrice - 1e-12) {
                bestPrice = price;
                best = trial.clone();
            }
            return;
        }
        if (depth == order.length) {
            return;
        }
        int k = order[depth];
        double each = kinds.get(k).requestsPerSecond();
        int most = (int) Math.min(left[k], Math.ceil(demand / each - 1e-9));
        for (int n = most; n >= 0; n--) {
            double paid = price + price(k, n);
            double open = Math.max(0, demand - n * each);
            if (paid + bound(depth + 1, open) < bestPrice - 1e-12 && looks++ < LOOKS) {
                trial[k] = n;
                look(depth + 1, open, paid);
            }
        }
        trial[k] = 0;
    }

    /// No mix of the kinds that are left is cheaper than the cheapest of them without rounding.
    private double bound(int depth, double demand) {
        if (demand <= 1e-9) {
            return 0;
        }
        return depth == order.length ? Double.POSITIVE_INFINITY : demand * leastEach(order[depth]);
    }

    private double leastEach(int k) {
        ReplicaKind kind = kinds.get(k);
        return kind.pricePerHour() * (spare[k] > 0 ? 1 : moving(k)) / kind.requestsPerSecond();
    }

    private double price(int k, int n) {
        int kept = Math.min(n, spare[k]);
        return kinds.get(k).pricePerHour() * (kept + (n - kept) * moving(k));
    }

    private double moving(int k) {
        return 1 + kinds.get(k).startUp().toMillis() / 3_600_000.0 / horizonHours;
    }
}
