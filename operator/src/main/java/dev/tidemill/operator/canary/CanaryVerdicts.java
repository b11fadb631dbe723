package dev.tidemill.operator.canary;

import dev.tidemill.client.gateway.CanaryReports.CanaryReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// From what each gateway says to what is said of all of them. Gateways of one name agree among
/// themselves, through control; until they have, one that rolled back is enough, and promoted is
/// what all of them promoted. Pure.
public final class CanaryVerdicts {
    private CanaryVerdicts() {}

    /// @param last as the status has them
    /// @param reports by gateway, of those that answered
    /// @param gateways that serve
    public static List<CanaryEntry> of(
            List<DeclaredCanary> declared,
            List<CanaryEntry> last,
            Map<String, List<CanaryReport>> reports,
            int gateways,
            Instant now) {
        List<CanaryEntry> entries = new ArrayList<>();
        for (DeclaredCanary canary : declared) {
            Optional<CanaryEntry> before = last.stream().filter(canary::isOf).findFirst();
            entries.add(
                    before.filter(CanaryEntry::isDecided)
                            .filter(_ -> !isByHand(canary, reports))
                            .orElseGet(() -> next(canary, before, reports, gateways, now)));
        }
        return entries;
    }

    /// What was decided is not undone by a gateway that begins again and has yet to hear of it;
    /// only a person does that.
    private static boolean isByHand(
            DeclaredCanary canary, Map<String, List<CanaryReport>> reports) {
        return reports.values().stream()
                .flatMap(List::stream)
                .anyMatch(one -> one.route().equals(canary.route()) && one.byHand().orElse(false));
    }

    private record Said(String gateway, CanaryReport report) {}

    private static CanaryEntry next(
            DeclaredCanary canary,
            Optional<CanaryEntry> before,
            Map<String, List<CanaryReport>> reports,
            int gateways,
            Instant now) {
        List<Said> said = new ArrayList<>();
        reports.forEach((gateway, all) ->
                all.stream()
                        .filter(one -> one.route().equals(canary.route()))
                        .forEach(one -> said.add(new Said(gateway, one))));
        Optional<Said> bad =
                said.stream()
                        .filter(one -> one.report().phase().equals("rolled-back"))
                        .min(Comparator.comparing(Said::gateway));
        CanaryEntry entry;
        if (bad.isPresent()) {
            entry = entry(canary, CanaryEntry.Phase.ROLLED_BACK, bad.get(), 0, now);
        } else if (said.isEmpty()) {
            entry =
                    before.orElseGet(() ->
                            new CanaryEntry(
                                    canary.route(),
                                    canary.version(),
                                    CanaryEntry.Phase.WAITING,
                                    1,
                                    canary.steps(),
                                    0,
                                    "no gateway has begun yet",
                                    text(now)));
        } else {
            entry = slowest(canary, said, gateways, now);
        }
        // Evidence grows with every request: only what was decided is news.
        return before.filter(one -> isSame(one, entry)).orElse(entry);
    }

    private static CanaryEntry slowest(
            DeclaredCanary canary, List<Said> said, int gateways, Instant now) {
        Comparator<Said> order =
                Comparator.comparing((Said one) -> one.report().phase().equals("promoted"))
                        .thenComparingInt(one -> one.report().step())
                        .thenComparing(Said::gateway);
        Said slowest = said.stream().min(order).orElseThrow();
        boolean promoted = slowest.report().phase().equals("promoted") && said.size() >= gateways;
        return entry(
                canary,
                promoted ? CanaryEntry.Phase.PROMOTED : CanaryEntry.Phase.STEPPING,
                slowest,
                (int) Math.round(slowest.report().share() * 100),
                now);
    }

    private static CanaryEntry entry(
            DeclaredCanary canary, CanaryEntry.Phase phase, Said said, int percent, Instant now) {
        return new CanaryEntry(
                canary.route(),
                canary.version(),
                phase,
                said.report().step(),
                said.report().steps(),
                percent,
                "%s: %s".formatted(said.gateway(), said.report().reason()),
                text(now));
    }

    private static boolean isSame(CanaryEntry before, CanaryEntry now) {
        return before.phase() == now.phase()
                && before.step() == now.step()
                && before.percent() == now.percent();
    }

    private static String text(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
