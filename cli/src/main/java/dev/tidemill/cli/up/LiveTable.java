package dev.tidemill.cli.up;

import dev.tidemill.cli.up.Status.AppStatus;
import dev.tidemill.cli.up.Status.DecisionStatus;
import dev.tidemill.cli.up.Status.ModelStatus;
import dev.tidemill.common.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Draws a [Status] for a terminal. Pure: the same status gives the same lines.
public final class LiveTable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final int DECISIONS = 10;
    private static final String ROW = "%-18s %7s %9s %6s %10s %10s %10s";

    private LiveTable() {}

    /// @param width columns of the terminal; longer lines are cut
    public static List<String> render(Status status, Instant now, ZoneId zone, int width) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "tidemill  %s  %s  up %s"
                        .formatted(
                                status.state(),
                                status.gateway(),
                                DurationText.format(Duration.between(status.started(), now))));
        lines.add("");
        lines.add(
                ROW.formatted(
                        "MODEL", "VERSION", "REPLICAS", "READY", "REQUESTS/S", "IN FLIGHT", "P99"));
        status.models().forEach(model -> lines.add(row(model)));
        status.apps().forEach(app -> lines.add(row(app)));
        List<ModelStatus> explained =
                status.models().stream()
                        .filter(model -> model.replicasOf().equals(model.name()))
                        .filter(model -> !model.reason().isEmpty())
                        .toList();
        List<AppStatus> apps =
                status.apps().stream().filter(app -> !app.reason().isEmpty()).toList();
        if (!explained.isEmpty() || !apps.isEmpty()) {
            lines.add("");
            explained.forEach(model -> lines.add(model.name() + ": " + model.reason()));
            apps.forEach(app -> lines.add(app.name() + ": " + app.reason()));
        }
        lines.add("");
        lines.add("DECISIONS");
        List<DecisionStatus> all = status.decisions();
        for (DecisionStatus decision :
                all.subList(Math.max(0, all.size() - DECISIONS), all.size())) {
            lines.add(
                    "%s  %s: %s"
                            .formatted(
                                    TIME.format(decision.at().atZone(zone)),
                                    decision.about(),
                                    decision.sentence()));
        }
        return lines.stream().map(line -> cut(line, width)).toList();
    }

    private static String row(ModelStatus model) {
        if (!model.replicasOf().equals(model.name())) {
            return ROW.formatted(
                    model.name(), model.serving(), "in " + model.replicasOf(), "", "", "", "");
        }
        return ROW.formatted(
                model.name(),
                model.serving(),
                model.replicas() + (model.pinned() ? " pin" : ""),
                model.ready(),
                String.format(Locale.ROOT, "%.0f", model.requestsPerSecond()),
                String.format(Locale.ROOT, "%.1f", model.inFlight()),
                String.format(Locale.ROOT, "%.1f ms", model.p99Millis()));
    }

    /// An app has no version that anybody here knows of.
    private static String row(AppStatus app) {
        return ROW.formatted(
                app.name(),
                "app",
                app.replicas() + (app.pinned() ? " pin" : ""),
                app.ready(),
                String.format(Locale.ROOT, "%.0f", app.requestsPerSecond()),
                String.format(Locale.ROOT, "%.1f", app.inFlight()),
                String.format(Locale.ROOT, "%.1f ms", app.p99Millis()));
    }

    private static String cut(String line, int width) {
        return line.length() <= width ? line.stripTrailing() : line.substring(0, width - 1) + "…";
    }
}
