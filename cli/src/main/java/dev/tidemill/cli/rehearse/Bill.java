package dev.tidemill.cli.rehearse;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.rehearsal.cost.Instance;
import dev.tidemill.rehearsal.cost.Need;
import dev.tidemill.rehearsal.cost.Packing;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.Resource;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a file costs with all models at their least, at their most, and in between.
public record Bill(List<Line> lines, List<Total> totals, List<String> notes) {
    private static final double CORES = 1;
    private static final double GIBIBYTES = 1;
    private static final double GIB = 1 << 30;

    /// One model.
    record Line(String model, double cores, double gibibytes, int gpus, int min, int max) {}

    /// All models at once.
    record Total(String when, Packing packing) {}

    /// @param mean replicas of each; not-a-number for the two ends alone
    public static Bill of(List<Resource> resources, List<Instance> instances, double mean) {
        List<Line> lines = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Resource resource : resources) {
            if (resource instanceof Model model && model.sharesReplicasWith().isEmpty()) {
                if (model.resources().cpu().isEmpty() || model.resources().memory().isEmpty()) {
                    notes.add(
                            "Model/%s does not say how much cpu and memory it may use: taken for %s core and %s GiB"
                                    .formatted(
                                            model.name(),
                                            Summary.number(CORES),
                                            Summary.number(GIBIBYTES)));
                }
                lines.add(
                        new Line(
                                model.name(),
                                model.resources().cpu().orElse(CORES),
                                model.resources()
                                        .memory()
                                        .map(each -> each.bytes() / GIB)
                                        .orElse(GIBIBYTES),
                                model.resources().gpus().orElse(0),
                                model.scaling().min(),
                                model.scaling().max()));
            }
        }
        if (lines.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "kind: Model: 'missing' (expected: at least one Model with replicas of its own)");
        }
        List<Total> totals = new ArrayList<>();
        totals.add(total("least", lines, instances, Line::min));
        if (!Double.isNaN(mean)) {
            totals.add(
                    total(
                            "mean",
                            lines,
                            instances,
                            line -> (int) Math.ceil(Math.clamp(mean, line.min(), line.max()))));
        }
        totals.add(total("most", lines, instances, Line::max));
        return new Bill(lines, totals, notes);
    }

    private interface Count {
        int of(Line line);
    }

    private static Total total(
            String when, List<Line> lines, List<Instance> instances, Count count) {
        List<Need> needs = new ArrayList<>();
        for (Line line : lines) {
            needs.addAll(
                    Collections.nCopies(
                            count.of(line),
                            new Need(line.model(), line.cores(), line.gibibytes(), line.gpus())));
        }
        return new Total(
                when,
                Packing.cheapest(needs, instances)
                        .orElseThrow(() ->
                                new TidemillException(
                                        ErrorCode.INVALID_REQUEST,
                                        "--prices: '%d instances' (expected: one that holds a replica of every model)"
                                                .formatted(instances.size()))));
    }

    public void print(PrintStream out, double hours, String currency, boolean usual) {
        out.println("MODEL                     CORES   MEMORY   GPUS   REPLICAS");
        for (Line line : lines) {
            out.printf(
                    Locale.ROOT,
                    "%-24s %6.2f %5.2f GiB   %4d   %d to %d%n",
                    line.model(),
                    line.cores(),
                    line.gibibytes(),
                    line.gpus(),
                    line.min(),
                    line.max());
        }
        out.println();
        out.printf("AT      %12s %14s   INSTANCES%n", currency + "/h", currency + "/month");
        for (Total total : totals) {
            out.printf(
                    Locale.ROOT,
                    "%-7s %12.4f %14.2f   %s%n",
                    total.when(),
                    total.packing().pricePerHour(),
                    total.packing().pricePerHour() * hours,
                    words(total.packing().counts()));
        }
        notes.forEach(note -> out.println("note: " + note));
        if (usual) {
            out.println(
                    "note: prices are OpenCost's defaults a core, a GiB and a GPU on instances of round sizes; yours: --prices CSV");
        }
    }

    private static String words(Map<String, Integer> counts) {
        List<String> words = new ArrayList<>();
        counts.forEach((name, count) -> words.add(count + " x " + name));
        return words.isEmpty() ? "none" : String.join(", ", words);
    }

    public Map<String, Object> tree(double hours, String currency) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema", "tidemill.dev/cost/v1");
        tree.put("currency", currency);
        tree.put("hoursAMonth", hours);
        tree.put("models", lines.stream().map(Bill::model).toList());
        List<Object> all = new ArrayList<>();
        for (Total total : totals) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("at", total.when());
            map.put("instances", total.packing().counts());
            map.put("pricePerHour", total.packing().pricePerHour());
            map.put("pricePerMonth", total.packing().pricePerHour() * hours);
            all.add(map);
        }
        tree.put("totals", all);
        tree.put("notes", notes);
        return tree;
    }

    private static Map<String, Object> model(Line line) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("model", line.model());
        map.put("cores", line.cores());
        map.put("memoryGiB", line.gibibytes());
        map.put("gpus", line.gpus());
        map.put("min", line.min());
        map.put("max", line.max());
        return map;
    }
}
