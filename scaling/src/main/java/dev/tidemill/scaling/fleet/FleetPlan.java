package dev.tidemill.scaling.fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// How many of each kind, and why.
///
/// @param counts by kind, in the order given
/// @param enough whether they serve the demand; not when everything that can be had does not
public record FleetPlan(
        Map<String, Integer> counts,
        double requestsPerSecond,
        double pricePerHour,
        boolean enough,
        String reason) {
    /// What is asked of a fleet.
    ///
    /// @param requestsPerSecond to serve
    /// @param spotShare of the demand that may rest on spot replicas, 0 to 1: losing all of them
    ///   leaves the rest served
    /// @param horizonHours over which moving has to pay off
    public record Wish(double requestsPerSecond, double spotShare, double horizonHours) {
        public Wish {
            if (!(requestsPerSecond >= 0) || !(spotShare >= 0) || !(spotShare <= 1)) {
                throw new IllegalArgumentException(
                        "fleet: '%s requests/s, spot share %s' (expected: >= 0, 0 to 1)"
                                .formatted(requestsPerSecond, spotShare));
            }
            if (!(horizonHours > 0)) {
                throw new IllegalArgumentException(
                        "fleet: 'horizon %s h' (expected: above 0)".formatted(horizonHours));
            }
        }
    }

    /// The cheapest fleet, what is already running considered: a replica that has to be started is
    /// paid for while it starts, spread over the horizon. Ties go to the kinds first in the list.
    ///
    /// @param running now, by kind
    public static FleetPlan cheapest(
            List<ReplicaKind> kinds, Wish wish, Map<String, Integer> running) {
        int[] counts = new int[kinds.size()];
        double spotShare = kinds.stream().anyMatch(ReplicaKind::spot) ? wish.spotShare() : 0;
        double steady = wish.requestsPerSecond() * (1 - spotShare);
        List<ReplicaKind> onDemand = kinds.stream().filter(kind -> !kind.spot()).toList();
        double served = add(kinds, onDemand, steady, wish, running, counts);
        served += add(kinds, kinds, wish.requestsPerSecond() - served, wish, running, counts);
        return plan(kinds, counts, wish, served, running);
    }

    /// Fills one demand from some kinds and says how much they serve.
    private static double add(
            List<ReplicaKind> all,
            List<ReplicaKind> from,
            double demand,
            Wish wish,
            Map<String, Integer> running,
            int[] counts) {
        if (demand <= 1e-9 || from.isEmpty()) {
            return 0;
        }
        int[] chosen = new CheapestMix(all, from, counts, running, wish.horizonHours()).of(demand);
        double served = 0;
        for (int k = 0; k < chosen.length; k++) {
            counts[all.indexOf(from.get(k))] += chosen[k];
            served += chosen[k] * from.get(k).requestsPerSecond();
        }
        return served;
    }

    private static FleetPlan plan(
            List<ReplicaKind> kinds,
            int[] counts,
            Wish wish,
            double served,
            Map<String, Integer> running) {
        Map<String, Integer> byName = new LinkedHashMap<>();
        List<String> words = new ArrayList<>();
        double price = 0;
        for (int i = 0; i < counts.length; i++) {
            ReplicaKind kind = kinds.get(i);
            byName.put(kind.name(), counts[i]);
            price += counts[i] * kind.pricePerHour();
            if (counts[i] > 0) {
                words.add("%d %s".formatted(counts[i], kind.name()));
            }
        }
        boolean enough = served >= wish.requestsPerSecond() - 1e-6;
        String reason =
                String.format(
                        Locale.ROOT,
                        "%s for %.1f requests/s at %.2f an hour%s%s",
                        words.isEmpty() ? "nothing" : String.join(" and ", words),
                        wish.requestsPerSecond(),
                        price,
                        running.equals(byName) ? ", as now" : "",
                        enough ? dearer(kinds, counts) : ", which is all that can be had");
        return new FleetPlan(Map.copyOf(byName), served, price, enough, reason);
    }

    private static String dearer(List<ReplicaKind> kinds, int[] counts) {
        return IntStream.range(0, counts.length)
                .filter(i -> counts[i] == 0)
                .mapToObj(kinds::get)
                .min(Comparator.comparingDouble(FleetPlan::each))
                .map(kind ->
                        kind.available() == 0
                                ? "; %s is out of stock".formatted(kind.name())
                                : "; %s costs %.4f a request/s".formatted(kind.name(), each(kind)))
                .orElse("");
    }

    private static double each(ReplicaKind kind) {
        return kind.pricePerHour() / kind.requestsPerSecond();
    }
}
