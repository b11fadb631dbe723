package dev.tidemill.cli.rehearse;

import dev.tidemill.rehearsal.study.Finding;
import dev.tidemill.rehearsal.study.Gap;
import dev.tidemill.rehearsal.study.Report;
import java.io.PrintStream;
import java.util.Locale;

/// A rehearsal on the terminal.
final class Summary {
    private final Report report;
    private final PrintStream out;
    private final int width;

    Summary(Report report, PrintStream out) {
        this.report = report;
        this.out = out;
        this.width =
                Math.max(
                        20,
                        report.results().stream()
                                .mapToInt(each -> each.finding().name().length())
                                .max()
                                .orElse(0));
    }

    void print() {
        var service = report.target().service();
        line(
                String.format(
                        Locale.ROOT,
                        "Rehearsal of %s: %,.0f requests in %s",
                        report.title(),
                        report.scene().trace().sum(),
                        span()));
        line(
                String.format(
                        Locale.ROOT,
                        "A replica: %d at once, %s s each, %d s to start. Promised: at most %s wait longer than %s s.",
                        service.slots(),
                        number(service.slotSeconds()),
                        service.startUp().toSeconds(),
                        percent(report.target().late()),
                        number(service.limitSeconds())));
        report.notes().forEach(note -> line(String.format(Locale.ROOT, "note: %s", note)));
        line("");
        policies();
        requests();
        gaps();
        stress();
        frontier();
        line("");
        report.advice()
                .ifPresent(advice ->
                        line(
                                String.format(
                                        Locale.ROOT,
                                        "%s: %s",
                                        advice.keeps()
                                                ? "take " + advice.setting().name()
                                                : "no setting",
                                        advice.reason())));
    }

    private void policies() {
        boolean priced = !Double.isNaN(report.pricePerHour());
        line(
                String.format(
                        Locale.ROOT,
                        "%s %9s %19s %8s %10s %8s%s %13s %6s %6s %5s",
                        pad("POLICY"),
                        "LATE",
                        "95 IN 100",
                        "MIN OUT",
                        "REPLICA-H",
                        "ORACLE",
                        priced ? "%12s".formatted("COST " + report.currency()) : "",
                        "REACTION",
                        "FLAPS",
                        "CUT",
                        "MOST"));
        for (Report.Result result : report.results()) {
            Finding each = result.finding();
            line(
                    String.format(
                            Locale.ROOT,
                            "%s %9s %19s %8s %10s %7.2fx%s %13s %6.0f %6.0f %5d",
                            pad(each.name()),
                            percent(each.late()),
                            percent(each.lateInterval().low())
                                    + " - "
                                    + percent(each.lateInterval().high()),
                            percent(each.minutesOut()),
                            hours(each.replicaHours()),
                            each.cost(),
                            money(priced, each.replicaHours()),
                            each.breaches() == 0
                                    ? "-"
                                    : "%.0f s, %.0f s"
                                            .formatted(
                                                    each.reactionSeconds(),
                                                    each.worstReactionSeconds()),
                            each.turns(),
                            each.cut(),
                            each.most()));
        }
        plain("oracle", report.oracleHours(), priced);
        plain("static peak, " + report.target().peak(), report.staticHours(), priced);
    }

    private void plain(String name, double replicaHours, boolean priced) {
        line(
                String.format(
                        Locale.ROOT,
                        "%s %9s %19s %8s %10s %7.2fx%s",
                        pad(name),
                        "",
                        "",
                        "",
                        hours(replicaHours),
                        replicaHours / report.oracleHours(),
                        money(priced, replicaHours)));
    }

    private String money(boolean priced, double replicaHours) {
        return priced
                ? String.format(Locale.ROOT, "%12s", number(replicaHours * report.pricePerHour()))
                : "";
    }

    private void requests() {
        report.requests()
                .forEach((policy, each) ->
                        line(
                                String.format(
                                        Locale.ROOT,
                                        "%s: first token %s s (p99 %s s), between tokens %s ms (p99 %s ms), %,d begun again, %,d refused, %,d unfinished%s",
                                        policy,
                                        number(each.ttft50()),
                                        number(each.ttft99()),
                                        number(Math.rint(1e4 * each.itl50()) / 10),
                                        number(Math.rint(1e4 * each.itl99()) / 10),
                                        each.retried(),
                                        each.refused(),
                                        each.unfinished(),
                                        each.nodeHours() > 0
                                                ? ", %s node-hours"
                                                        .formatted(hours(each.nodeHours()))
                                                : "")));
    }

    private void gaps() {
        for (Report.Result result : report.results()) {
            if (result.gap().isPresent()) {
                Gap gap = result.gap().get();
                line(
                        String.format(
                                Locale.ROOT,
                                "%s above the oracle: %+.1f %%, of it forecast %+.1f, margin %+.1f, hold %+.1f, other %+.1f",
                                result.finding().name(),
                                100 * gap.total(),
                                100 * gap.forecast(),
                                100 * gap.margin(),
                                100 * gap.hold(),
                                100 * gap.other()));
            }
        }
    }

    private void stress() {
        for (Report.Stressed stressed : report.stress()) {
            line("");
            line(String.format(Locale.ROOT, "%s:", stressed.name()));
            for (Finding each : stressed.findings()) {
                line(
                        String.format(
                                Locale.ROOT,
                                "  %s %9s late  %5.2fx its oracle  worst reaction %.0f s",
                                pad(each.name()),
                                percent(each.late()),
                                each.cost(),
                                each.worstReactionSeconds()));
            }
        }
    }

    private void frontier() {
        String family = "";
        for (Finding each : report.frontier()) {
            if (!each.setting().family().equals(family)) {
                family = each.setting().family();
                line("");
                line(String.format(Locale.ROOT, "frontier of %s", family));
            }
            line(
                    String.format(
                            Locale.ROOT,
                            "  %s %9s late %5.2fx the oracle (%.2f - %.2f)",
                            pad(each.name()),
                            percent(each.late()),
                            each.cost(),
                            each.costInterval().low(),
                            each.costInterval().high()));
        }
    }

    private String pad(String name) {
        return name + " ".repeat(Math.max(0, width - name.length()));
    }

    private String span() {
        double days = report.scene().trace().minutes() / 1440.0;
        return days >= 2
                ? String.format(Locale.ROOT, "%.1f days", days)
                : String.format(Locale.ROOT, "%.1f hours", days * 24);
    }

    private void line(String text) {
        out.println(text.stripTrailing());
    }

    static String percent(double share) {
        double percent = 100 * share;
        return String.format(
                Locale.ROOT,
                percent == 0 || percent >= 9.95
                        ? "%.0f %%"
                        : percent >= 0.0095 ? "%.2f %%" : "%.5f %%",
                percent);
    }

    private static String hours(double hours) {
        return String.format(Locale.ROOT, hours >= 100 ? "%,.0f" : "%.1f", hours);
    }

    static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : String.format(Locale.ROOT, value < 10 ? "%.3f" : "%,.1f", value);
    }
}
