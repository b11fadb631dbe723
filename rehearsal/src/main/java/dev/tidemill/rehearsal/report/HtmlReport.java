package dev.tidemill.rehearsal.report;

import dev.tidemill.rehearsal.study.Change;
import dev.tidemill.rehearsal.study.Curve;
import dev.tidemill.rehearsal.study.Finding;
import dev.tidemill.rehearsal.study.Gap;
import dev.tidemill.rehearsal.study.Report;
import dev.tidemill.rehearsal.study.Report.Result;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/// The page.
public final class HtmlReport {
    private static final int POINTS = 886;
    private static final int HOVER = 222;
    private static final int ROWS = 250;
    private static final int MARKS = 300;
    private static final int COLOURS = 7;

    private final Report report;
    private final ZoneOffset zone;
    private final int minutes;
    private final int points;
    private final Map<String, String> styles = new LinkedHashMap<>();
    private final StringBuilder out = new StringBuilder(1 << 18);

    private HtmlReport(Report report) {
        this.report = report;
        this.zone = report.target().zone();
        this.minutes = report.scene().trace().minutes();
        this.points = Math.min(POINTS, minutes);
        for (Result result : report.results()) {
            style(result.finding().setting().family());
        }
        for (Finding each : report.frontier()) {
            style(each.setting().family());
        }
    }

    public static String of(Report report) {
        return new HtmlReport(report).page();
    }

    private void style(String family) {
        styles.computeIfAbsent(family, _ -> "s" + styles.size() % COLOURS);
    }

    /// Two settings of one family differ by name, so they get a colour each.
    private String style(int result) {
        return result < COLOURS ? "s" + result : "s7";
    }

    private String page() {
        out.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        out.append("<title>Rehearsal of ").append(Text.escape(report.title())).append("</title>");
        out.append("<style>").append(Page.STYLE).append("</style></head><body><main>");
        head();
        summary();
        plots();
        frontier();
        gaps();
        stress();
        decisions();
        notes();
        return out.append("</main></body></html>\n").toString();
    }

    private void head() {
        var service = report.target().service();
        out.append("<h1>Rehearsal of ").append(Text.escape(report.title())).append("</h1>");
        out.append(
                "<p class=\"facts\">%s requests in %s, from %s. A replica works on %d at once for %s s each and needs %s to start; at most %s may wait longer than %s s.</p>"
                        .formatted(
                                Text.number(report.scene().trace().sum()),
                                span(),
                                Text.time(report.scene().trace().startMillis(), zone),
                                service.slots(),
                                Text.number(service.slotSeconds()),
                                Text.seconds(service.startUp().toMillis() / 1000.0),
                                Text.percent(report.target().late()),
                                Text.number(service.limitSeconds())));
        report.advice()
                .ifPresent(advice ->
                        out.append(
                                "<p class=\"advice %s\"><strong>%s</strong>%s.</p>"
                                        .formatted(
                                                advice.keeps() ? "keeps" : "misses",
                                                advice.keeps()
                                                        ? "Take "
                                                                + Text.escape(
                                                                        advice.setting().name())
                                                        : "Nothing tried keeps the promise",
                                                Text.escape(advice.reason()))));
    }

    private String span() {
        return minutes >= 2880
                ? Text.number(minutes / 1440.0) + " days"
                : Text.number(minutes / 60.0) + " hours";
    }

    private void summary() {
        boolean priced = !Double.isNaN(report.pricePerHour());
        out.append(
                "<h2>Policies</h2><div class=\"wide\"><table><tr><th>policy<th>late requests<th>95 in 100<th>minutes out<th>replica-hours<th>of the oracle's<th>95 in 100");
        out.append(priced ? "<th>cost" : "")
                .append("<th>reaction, worst<th>flaps<th>cut requests<th>most</tr>");
        for (int i = 0; i < report.results().size(); i++) {
            Finding each = report.results().get(i).finding();
            out.append("<tr><td><i class=\"key ").append(style(i)).append("\"></i>");
            out.append(Text.escape(each.name()));
            out.append(
                    "<td class=\"%s\">%s<td>%s – %s<td>%s<td>%s<td>%s×<td>%s – %s"
                            .formatted(
                                    each.late() <= report.target().late() ? "good" : "bad",
                                    Text.percent(each.late()),
                                    Text.percent(each.lateInterval().low()),
                                    Text.percent(each.lateInterval().high()),
                                    Text.percent(each.minutesOut()),
                                    Text.number(each.replicaHours()),
                                    Text.number(each.cost()),
                                    Text.number(each.costInterval().low()),
                                    Text.number(each.costInterval().high())));
            out.append(priced ? "<td>" + money(each.replicaHours()) : "");
            out.append(
                    "<td>%s, %s<td>%s<td>%s<td>%d</tr>"
                            .formatted(
                                    Text.seconds(each.reactionSeconds()),
                                    Text.seconds(each.worstReactionSeconds()),
                                    Text.number(each.turns()),
                                    Text.number(each.cut()),
                                    each.most()));
        }
        plain("oracle that knows the future", report.oracleHours(), priced);
        plain(
                "static, %d replicas".formatted(report.target().peak()),
                report.staticHours(),
                priced);
        out.append("</table></div>");
    }

    private void plain(String name, double hours, boolean priced) {
        out.append(
                "<tr class=\"quiet\"><td>%s<td><td><td><td>%s<td>%s×<td>%s<td><td><td><td></tr>"
                        .formatted(
                                name,
                                Text.number(hours),
                                Text.number(hours / report.oracleHours()),
                                priced ? "<td>" + money(hours) : ""));
    }

    private String money(double hours) {
        return Text.number(hours * report.pricePerHour()) + " " + Text.escape(report.currency());
    }

    private void plots() {
        int[] oracle = report.oracle();
        Series demand =
                Series.of(
                        "requests a minute", "s7", minutes, points, report.scene().trace()::count);
        out.append("<h2>Demand, requests a minute</h2>");
        drawn(plot(150).draw("demand", List.of(demand), true, Text::tick, hover(), List.of()));
        List<Series> replicas = new ArrayList<>();
        List<Series> late = new ArrayList<>();
        List<Series> cost = new ArrayList<>();
        List<TimePlot.Mark> marks = new ArrayList<>();
        replicas.add(Series.of("oracle", "oracle", minutes, points, minute -> oracle[minute]));
        cost.add(sum("oracle", "oracle", minute -> oracle[minute]));
        for (int i = 0; i < Math.min(COLOURS, report.results().size()); i++) {
            Result result = report.results().get(i);
            Curve curve = result.curve();
            String name = result.finding().name();
            replicas.add(Series.of(name, style(i), minutes, points, curve::ordered));
            late.add(Series.mean(name, style(i), minutes, points, curve::late));
            cost.add(sum(name, style(i), curve::ordered));
        }
        if (!report.results().isEmpty()) {
            List<Change> changes = report.results().getFirst().curve().changes();
            int every = Math.max(1, changes.size() / MARKS);
            for (int i = 0; i < changes.size(); i += every) {
                marks.add(mark(changes.get(i)));
            }
        }
        if (report.results().size() > COLOURS) {
            out.append(
                    "<p class=\"quiet\">The first %d policies are drawn.</p>".formatted(COLOURS));
        }
        out.append("<h2>Replicas</h2>").append(legend(replicas));
        drawn(plot(260).cut().draw("replicas", replicas, false, Text::tick, hover(), marks));
        out.append("<h2>Late requests</h2>").append(legend(late));
        drawn(plot(180).draw("late share", late, false, Text::percent, hover(), List.of()));
        boolean priced = !Double.isNaN(report.pricePerHour());
        out.append("<h2>Cost so far, ")
                .append(priced ? Text.escape(report.currency()) : "replica-hours")
                .append("</h2>")
                .append(legend(cost));
        drawn(plot(180).draw("cost", cost, false, Text::tick, List.of(), List.of()));
    }

    /// On a narrow screen it can be moved: shrunk to fit, nobody could read it.
    private void drawn(String svg) {
        out.append("<div class=\"wide\">").append(svg).append("</div>");
    }

    private TimePlot plot(int height) {
        return new TimePlot(report.scene().trace().startMillis(), minutes, zone, height);
    }

    private static TimePlot.Mark mark(Change change) {
        return new TimePlot.Mark(
                change.atMillis(),
                change.to(),
                change.to() > change.from() ? "mark up" : "mark down",
                "%d → %d: %s".formatted(change.from(), change.to(), change.reason()));
    }

    private Series sum(String name, String style, IntToDoubleFunction replicas) {
        double price = Double.isNaN(report.pricePerHour()) ? 1 : report.pricePerHour();
        double[] so = new double[minutes];
        double sum = 0;
        for (int minute = 0; minute < minutes; minute++) {
            sum += replicas.applyAsDouble(minute) / 60 * price;
            so[minute] = sum;
        }
        return Series.of(name, style, minutes, points, minute -> so[minute]);
    }

    /// As many as there are colours that can be told apart.
    private List<Result> drawn() {
        return report.results().subList(0, Math.min(COLOURS, report.results().size()));
    }

    private List<String> hover() {
        List<String> words = new ArrayList<>();
        int columns = Math.min(HOVER, minutes);
        for (int i = 0; i < columns; i++) {
            int minute = (int) ((i + 0.5) * minutes / columns);
            StringBuilder text =
                    new StringBuilder(
                            Text.time(
                                    report.scene().trace().startMillis() + minute * 60_000L, zone));
            text.append(
                    "\n%s requests a minute"
                            .formatted(Text.number(report.scene().trace().count(minute))));
            for (Result result : drawn()) {
                text.append(
                        "\n%s: %s replicas, %s ready, %s late"
                                .formatted(
                                        result.finding().name(),
                                        Text.number(result.curve().ordered(minute)),
                                        Text.number(result.curve().ready(minute)),
                                        Text.percent(result.curve().late(minute))));
            }
            words.add(text.toString());
        }
        return words;
    }

    private static String legend(List<Series> series) {
        StringBuilder legend = new StringBuilder("<p class=\"legend\">");
        for (Series each : series) {
            legend.append(
                    "<span><i class=\"key %s\"></i>%s</span>"
                            .formatted(each.style(), Text.escape(each.name())));
        }
        return legend.append("</p>").toString();
    }

    private void frontier() {
        if (report.frontier().isEmpty()) {
            return;
        }
        out.append("<h2>Frontier: what each setting costs and yields</h2><p class=\"legend\">");
        FrontierPlot.families(report.frontier())
                .keySet()
                .forEach(family ->
                        out.append(
                                "<span><i class=\"key %s\"></i>%s</span>"
                                        .formatted(styles.get(family), Text.escape(family))));
        out.append("</p>");
        drawn(FrontierPlot.draw(report.frontier(), report.target().late(), styles));
        out.append(
                "<details><summary>All %d settings</summary><div class=\"wide\"><table><tr><th>setting<th>late<th>95 in 100<th>cost<th>95 in 100<th>minutes out<th>flaps</tr>"
                        .formatted(report.frontier().size()));
        for (Finding each : report.frontier()) {
            out.append(
                    "<tr><td>%s<td>%s<td>%s – %s<td>%s×<td>%s – %s<td>%s<td>%s</tr>"
                            .formatted(
                                    Text.escape(each.name()),
                                    Text.percent(each.late()),
                                    Text.percent(each.lateInterval().low()),
                                    Text.percent(each.lateInterval().high()),
                                    Text.number(each.cost()),
                                    Text.number(each.costInterval().low()),
                                    Text.number(each.costInterval().high()),
                                    Text.percent(each.minutesOut()),
                                    Text.number(each.turns())));
        }
        out.append("</table></div></details>");
    }

    private void gaps() {
        if (report.results().stream().noneMatch(each -> each.gap().isPresent())) {
            return;
        }
        out.append(
                "<h2>Where the cost above the oracle's goes</h2><div class=\"wide\"><table><tr><th>policy<th>forecast<th>margin<th>hold<th>other<th>together</tr>");
        for (Result result : report.results()) {
            if (result.gap().isPresent()) {
                Gap gap = result.gap().get();
                out.append(
                        "<tr><td>%s<td>%s<td>%s<td>%s<td>%s<td>%s</tr>"
                                .formatted(
                                        Text.escape(result.finding().name()),
                                        signed(gap.forecast()),
                                        signed(gap.margin()),
                                        signed(gap.hold()),
                                        signed(gap.other()),
                                        signed(gap.total())));
            }
        }
        out.append("</table></div>");
    }

    private static String signed(double share) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * share);
    }

    private void stress() {
        if (report.stress().isEmpty()) {
            return;
        }
        out.append(
                "<h2>When something goes wrong</h2><div class=\"wide\"><table><tr><th>what<th>policy<th>late<th>cost, of its oracle's<th>worst reaction<th>most</tr>");
        for (Report.Stressed stressed : report.stress()) {
            String name = Text.escape(stressed.name());
            for (Finding each : stressed.findings()) {
                out.append(
                        "<tr><td>%s<td>%s<td class=\"%s\">%s<td>%s×<td>%s<td>%d</tr>"
                                .formatted(
                                        name,
                                        Text.escape(each.name()),
                                        each.late() <= report.target().late() ? "good" : "bad",
                                        Text.percent(each.late()),
                                        Text.number(each.cost()),
                                        Text.seconds(each.worstReactionSeconds()),
                                        each.most()));
                name = "";
            }
        }
        out.append("</table></div>");
    }

    private void decisions() {
        for (Result result : report.results()) {
            Curve curve = result.curve();
            List<Change> changes = curve.changes();
            int shown = Math.min(ROWS, changes.size());
            out.append(
                    "<details><summary>Decisions of %s: %d changes%s</summary><div class=\"tall\"><table><tr><th>when<th>replicas<th>rule<th>limits<th>why</tr>"
                            .formatted(
                                    Text.escape(result.finding().name()),
                                    changes.size() + curve.more(),
                                    shown < changes.size() + curve.more()
                                            ? ", the first %d here".formatted(shown)
                                            : ""));
            for (Change change : changes.subList(0, shown)) {
                out.append(
                        "<tr><td class=\"time\">%s<td>%d → %d<td>%s<td>%s<td class=\"why\">%s</tr>"
                                .formatted(
                                        Text.time(change.atMillis(), zone),
                                        change.from(),
                                        change.to(),
                                        Text.escape(change.rule()),
                                        Text.escape(change.limits()),
                                        Text.escape(change.reason())));
            }
            out.append("</table></div></details>");
        }
    }

    private void notes() {
        out.append("<h2>How to read this</h2><ul>");
        for (String note : report.notes()) {
            out.append("<li>").append(Text.escape(note)).append("</li>");
        }
        for (String note : Page.NOTES) {
            out.append("<li>").append(note).append("</li>");
        }
        out.append("</ul>");
    }
}
