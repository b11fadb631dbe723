package dev.tidemill.rehearsal.study;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which setting to take, and why in one sentence.
///
/// @param keeps whether it keeps the promise; otherwise nothing that was tried does
/// @param sure whether the interval's upper end keeps it too
public record Advice(Finding setting, boolean keeps, boolean sure, String reason) {
    /// The cheapest of those that keep the promise, by what was measured; the least late when none
    /// does.
    public static Optional<Advice> of(List<Finding> findings, double promised) {
        Optional<Finding> cheapest =
                findings.stream()
                        .filter(each -> each.late() <= promised)
                        .min(Comparator.comparingDouble(Finding::cost));
        if (cheapest.isPresent()) {
            return cheapest.map(each -> keeping(each, findings, promised));
        }
        return findings.stream()
                .min(Comparator.comparingDouble(Finding::late))
                .map(each ->
                        new Advice(
                                each,
                                false,
                                false,
                                String.format(
                                        Locale.ROOT,
                                        "none of %d settings keeps %s late; %s comes nearest with %s",
                                        findings.size(),
                                        percent(promised),
                                        each.name(),
                                        percent(each.late()))));
    }

    private static Advice keeping(Finding best, List<Finding> findings, double promised) {
        boolean sure = best.lateInterval().high() <= promised;
        long keeping = findings.stream().filter(each -> each.late() <= promised).count();
        StringBuilder reason = new StringBuilder();
        reason.append(
                String.format(
                        Locale.ROOT,
                        "%s keeps %s late (%s) for %.2f times the oracle's cost",
                        best.name(),
                        percent(promised),
                        percent(best.late()),
                        best.cost()));
        if (findings.size() > 1) {
            reason.append(
                    String.format(
                            Locale.ROOT,
                            ", the cheapest of the %d out of %d settings that do",
                            keeping,
                            findings.size()));
        }
        findings.stream()
                .filter(each ->
                        each.late() <= promised
                                && !each.setting().family().equals(best.setting().family()))
                .min(Comparator.comparingDouble(Finding::cost))
                .ifPresent(other ->
                        reason.append(
                                String.format(
                                        Locale.ROOT,
                                        "; %s would cost %.0f %% more",
                                        other.name(),
                                        100 * (other.cost() / best.cost() - 1))));
        if (!sure) {
            reason.append(
                    String.format(
                            Locale.ROOT,
                            "; on other days like these it may be up to %s",
                            percent(best.lateInterval().high())));
        }
        return new Advice(best, true, sure, reason.toString());
    }

    static String percent(double share) {
        double percent = 100 * share;
        String digits = percent >= 10 ? "%.1f" : percent >= 0.1 ? "%.2f" : "%.4f";
        String text = String.format(Locale.ROOT, digits, percent);
        return (text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text)
                + " %";
    }
}
