package dev.tidemill.manifests;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Divides a whole number by weights into whole numbers of that sum: each rounded down, and what is
/// left over goes to those that lost most.
final class Shares {
    private Shares() {}

    /// @param weights all alike where each is 0
    static List<Integer> of(List<Integer> weights, int total) {
        long sum = weights.stream().mapToLong(Integer::longValue).sum();
        List<Long> parts =
                weights.stream().map(weight -> (sum == 0 ? 1L : weight) * total).toList();
        long by = sum == 0 ? weights.size() : sum;
        List<Integer> shares =
                new ArrayList<>(parts.stream().map(part -> (int) (part / by)).toList());
        int left = total - shares.stream().mapToInt(Integer::intValue).sum();
        IntStream.range(0, parts.size())
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> -(parts.get(i) % by)))
                .limit(left)
                .forEach(i -> shares.set(i, shares.get(i) + 1));
        return shares;
    }
}
