package dev.tidemill.cli.rehearse;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.rehearsal.cost.Instance;
import dev.tidemill.rehearsal.cost.Need;
import dev.tidemill.rehearsal.cost.Packing;
import dev.tidemill.spec.App;
import dev.tidemill.spec.Environment;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelResources;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.Training;
import dev.tidemill.spec.scaling.Scaling;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a file costs with all models and apps at their least, at their most, and in between.
public record Bill(List<Line> lines, List<Total> totals, List<String> notes) {
    private static final double CORES = 1;
    private static final double GIBIBYTES = 1;
    private static final double GIB = 1 << 30;

    /// One model or app.
    ///
    /// @param kind `Model` or `App`
    record Line(
            String kind, String name, double cores, double gibibytes, int gpus, int min, int max) {}

    /// All of them at once.
    record Total(String when, Packing packing) {}

    /// @param mean replicas of each; not-a-number for the two ends alone
    public static Bill of(List<Resource> resources, List<Instance> instances, double mean) {
        List<Line> lines = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Resource resource : resources) {
            switch (resource) {
                case Model model when model.sharesReplicasWith().isEmpty() ->
                        lines.add(line("Model", model, model.resources(), model.scaling(), notes));
                case App app -> lines.add(line("App", app, app.resources(), app.scaling(), notes));
                case Model _, Gateway _, Training _, Environment _ -> {}
            }
        }
        if (lines.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "kind: 'no Model, no App' (expected: at least one Model with replicas of its own, or an App)");
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

    private static Line line(
            String kind,
            Resource resource,
            ModelResources asked,
            Scaling scaling,
            List<String> notes) {
        if (asked.cpu().isEmpty() || asked.memory().isEmpty()) {
            notes.add(
                    "%s/%s does not say how much cpu and memory it may use: taken for %s core and %s GiB"
                            .formatted(
                                    kind,
                                    resource.name(),
                                    Summary.number(CORES),
                                    Summary.number(GIBIBYTES)));
        }
        return new Line(
                kind,
                resource.name(),
                asked.cpu().orElse(CORES),
                asked.memory().map(each -> each.bytes() / GIB).orElse(GIBIBYTES),
                asked.gpus().orElse(0),
                scaling.min(),
                scaling.max());
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
                            new Need(line.name(), line.cores(), line.gibibytes(), line.gpus())));
        }
        return new Total(
                when,
                Packing.cheapest(needs, instances)
                        .orElseThrow(() ->
                                new TidemillException(
                                        ErrorCode.INVALID_REQUEST,
                                        "--prices: '%d instances' (expected: one that holds a replica of every model and app)"
                                                .formatted(instances.size()))));
    }

    public void print(PrintStream out, double hours, String currency, boolean usual) {
        out.println("MODEL OR APP              CORES   MEMORY   GPUS   REPLICAS");
        for (Line line : lines) {
            out.printf(
                    Locale.ROOT,
                    "%-24s %6.2f %5.2f GiB   %4d   %d to %d%n",
                    line.name(),
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
        tree.put("models", trees("Model"));
        tree.put("apps", trees("App"));
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

    private List<Object> trees(String kind) {
        List<Object> trees = new ArrayList<>();
        for (Line line : lines) {
            if (line.kind().equals(kind)) {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put(kind.toLowerCase(Locale.ROOT), line.name());
                map.put("cores", line.cores());
                map.put("memoryGiB", line.gibibytes());
                map.put("gpus", line.gpus());
                map.put("min", line.min());
                map.put("max", line.max());
                trees.add(map);
            }
        }
        return trees;
    }
}
