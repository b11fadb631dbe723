package dev.tidemill.cli.rehearse;

import dev.tidemill.rehearsal.study.Advice;
import dev.tidemill.rehearsal.study.Change;
import dev.tidemill.rehearsal.study.Finding;
import dev.tidemill.rehearsal.study.Gap;
import dev.tidemill.rehearsal.study.Interval;
import dev.tidemill.rehearsal.study.Report;
import dev.tidemill.rehearsal.token.TokenOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A rehearsal as JSON, described in `docs/rehearse.md`. The same rehearsal is the same bytes.
final class ReportJson {
    static final String SCHEMA = "tidemill.dev/rehearsal/v1";

    private ReportJson() {}

    static String text(Report report) {
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(tree(report))
                + "\n";
    }

    static Map<String, @Nullable Object> tree(Report report) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("schema", SCHEMA);
        tree.put("title", report.title());
        tree.put("seed", report.scene().seed());
        tree.put("seeds", report.seeds());
        tree.put("trace", trace(report));
        tree.put("service", service(report));
        tree.put("oracle", price(report, report.oracleHours()));
        Map<String, @Nullable Object> peak = price(report, report.staticHours());
        peak.put("replicas", report.target().peak());
        tree.put("staticPeak", peak);
        tree.put("policies", report.results().stream().map(each -> result(report, each)).toList());
        tree.put(
                "frontier", report.frontier().stream().map(each -> finding(report, each)).toList());
        tree.put("stress", stress(report));
        tree.put("recommended", report.advice().map(ReportJson::advice).orElse(null));
        tree.put("notes", report.notes());
        return tree;
    }

    private static Map<String, @Nullable Object> trace(Report report) {
        var minutes = report.scene().trace();
        Map<String, @Nullable Object> trace = new LinkedHashMap<>();
        trace.put("start", Instant.ofEpochMilli(minutes.startMillis()).toString());
        trace.put("minutes", minutes.minutes());
        trace.put("requests", minutes.sum());
        trace.put("filledMinutes", minutes.filled());
        return trace;
    }

    private static Map<String, @Nullable Object> service(Report report) {
        var service = report.target().service();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("slots", service.slots());
        map.put("slotSeconds", service.slotSeconds());
        map.put("startSeconds", service.startUp().toMillis() / 1000.0);
        map.put("waitLimitSeconds", service.limitSeconds());
        map.put("late", report.target().late());
        map.put("min", report.target().bounds().min());
        map.put("max", report.target().bounds().max());
        return map;
    }

    private static Map<String, @Nullable Object> price(Report report, double hours) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("replicaHours", hours);
        cost(map, report, hours);
        return map;
    }

    private static void cost(Map<String, @Nullable Object> map, Report report, double hours) {
        if (!Double.isNaN(report.pricePerHour())) {
            map.put("cost", hours * report.pricePerHour());
            map.put("currency", report.currency());
        }
    }

    private static Map<String, @Nullable Object> finding(Report report, Finding each) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("policy", each.name());
        map.put("family", each.setting().family());
        map.put("knob", number(each.setting().knob()));
        map.put("lateShare", each.late());
        map.put("lateShare95", interval(each.lateInterval()));
        map.put("keepsObjective", each.late() <= report.target().late());
        map.put("minutesOutShare", each.minutesOut());
        map.put("replicaHours", each.replicaHours());
        cost(map, report, each.replicaHours());
        map.put("ofOracle", each.cost());
        map.put("ofOracle95", interval(each.costInterval()));
        map.put("ofStaticPeak", each.replicaHours() / report.staticHours());
        map.put("breaches", each.breaches());
        map.put("reactionSeconds", each.reactionSeconds());
        map.put("worstReactionSeconds", each.worstReactionSeconds());
        map.put("flaps", each.turns());
        map.put("cutRequests", each.cut());
        map.put("mostReplicas", each.most());
        return map;
    }

    private static Map<String, @Nullable Object> result(Report report, Report.Result result) {
        Map<String, @Nullable Object> map = finding(report, result.finding());
        result.gap().ifPresent(gap -> map.put("gap", gap(gap)));
        TokenOutcome requests = report.requests().get(result.finding().name());
        if (requests != null) {
            map.put("requests", requests(requests));
        }
        map.put("changes", result.curve().changes().size() + result.curve().more());
        map.put("decisions", result.curve().changes().stream().map(ReportJson::change).toList());
        return map;
    }

    private static Map<String, @Nullable Object> requests(TokenOutcome each) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("firstTokenSeconds50", number(each.ttft50()));
        map.put("firstTokenSeconds99", number(each.ttft99()));
        map.put("betweenTokensSeconds50", number(each.itl50()));
        map.put("betweenTokensSeconds99", number(each.itl99()));
        map.put("ended", each.ended());
        map.put("outputTokens", each.outputTokens());
        map.put("begunAgain", each.retried());
        map.put("refused", each.refused());
        map.put("unfinished", each.unfinished());
        map.put("nodeHours", each.nodeHours());
        return map;
    }

    private static Map<String, @Nullable Object> gap(Gap gap) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("total", gap.total());
        map.put("forecast", gap.forecast());
        map.put("margin", gap.margin());
        map.put("hold", gap.hold());
        map.put("other", gap.other());
        return map;
    }

    static Map<String, @Nullable Object> change(Change change) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("time", Instant.ofEpochMilli(change.atMillis()).toString());
        map.put("policy", change.policy());
        map.put("from", change.from());
        map.put("to", change.to());
        map.put("rule", change.rule());
        map.put("limits", change.limits());
        map.put("reason", change.reason());
        return map;
    }

    private static List<Object> stress(Report report) {
        List<Object> all = new ArrayList<>();
        for (Report.Stressed stressed : report.stress()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("what", stressed.name());
            map.put("oracleReplicaHours", stressed.oracleHours());
            map.put(
                    "policies",
                    stressed.findings().stream().map(each -> finding(report, each)).toList());
            all.add(map);
        }
        return all;
    }

    private static Map<String, @Nullable Object> advice(Advice advice) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("policy", advice.setting().name());
        map.put("keepsObjective", advice.keeps());
        map.put("surely", advice.sure());
        map.put("reason", advice.reason());
        return map;
    }

    private static List<Double> interval(Interval interval) {
        return List.of(interval.low(), interval.high());
    }

    private static @Nullable Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
