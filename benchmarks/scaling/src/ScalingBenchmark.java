import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.rehearsal.Tides;
import dev.tidemill.rehearsal.trace.TraceOptions;
import dev.tidemill.rehearsal.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The whole benchmark: how quick the rehearsal is, and what it says of policies.
final class ScalingBenchmark {
    private static final Service SLOW = Service.of(4, 8, 180, 2);
    private static final Service WEB = Service.of(8, 0.2, 180, 0.5);

    private final Path out;
    private final Path data;
    private final int seeds;
    private final boolean quick;
    private final Path parts;
    private final List<String> only;

    private ScalingBenchmark(Map<String, String> options) {
        this.out = Path.of(options.getOrDefault("--out", "docs/figures"));
        this.data = Path.of(options.getOrDefault("--data", ""));
        this.parts = Path.of(options.getOrDefault("--parts", "benchmarks/scaling/target/parts"));
        this.only =
                options.containsKey("--only") ? List.of(options.get("--only").split(",")) : List.of();
        this.quick = options.containsKey("--quick");
        this.seeds = Integer.parseInt(options.getOrDefault("--seeds", quick ? "3" : "20"));
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; i < arguments.length; i++) {
            boolean alone = arguments[i].equals("--quick");
            options.put(arguments[i], alone ? "" : arguments[i + 1]);
            i += alone ? 0 : 1;
        }
        new ScalingBenchmark(options).run();
    }

    /// Each part is kept, so that the page can be made in several goes.
    private void run() throws IOException {
        Files.createDirectories(out);
        Files.createDirectories(parts);
        if (asked("speed")) {
            part("speed", new Speed(quick).table());
        }
        List<Case> cases = cases();
        for (Case each : cases) {
            if (!asked(each.file())) {
                continue;
            }
            System.err.println(each.name());
            Frontiers frontiers = new Frontiers(each, seeds);
            part(each.file(), frontiers.table());
            if (each.drawn()) {
                Files.writeString(out.resolve("scaling-" + each.file() + ".svg"), frontiers.drawing());
            }
        }
        StringBuilder page = new StringBuilder("# Scaling, rehearsed\n\n");
        page.append(
                "Written by `benchmarks/scaling/run"
                        + (data.toString().isEmpty() ? "" : " --data FOLDER")
                        + (quick ? " --quick" : "")
                        + "`, "
                        + seeds
                        + " seeds, intervals over days drawn anew 1,000 times. What made-up days say comes last.\n");
        for (String name : Stream.concat(Stream.of("speed"), cases.stream().map(Case::file)).toList()) {
            Path part = parts.resolve(name + ".md");
            if (Files.exists(part)) {
                page.append(Files.readString(part));
            }
        }
        Files.writeString(out.resolve("scaling.md"), page);
    }

    private boolean asked(String part) {
        return only.isEmpty() || only.contains(part);
    }

    private void part(String name, String text) throws IOException {
        Files.writeString(parts.resolve(name + ".md"), text);
        System.out.print(text);
    }

    /// @param slow whether the targets for few, slow replicas apply; otherwise those for large fleets
    /// @param crowds where crowds come that nobody foresees; null for none
    record Case(String name, String file, MinuteTrace trace, Service service, boolean slow, boolean drawn, Tides.Drawn crowds) {
        Case(String name, String file, MinuteTrace trace, Service service, boolean slow, boolean drawn) {
            this(name, file, trace, service, slow, drawn, null);
        }
    }

    private List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        Path traces = data.resolve("nasa-http-minutes.csv");
        if (!data.toString().isEmpty() && Files.isReadable(traces)) {
            recorded(cases);
        }
        Tides.Drawn tide = Tides.SMALL.drawn(10, 1);
        cases.add(
                new Case(
                        "Made-up days with flash crowds, few slow replicas",
                        "tide",
                        tide.trace(),
                        SLOW,
                        true,
                        true,
                        tide));
        cases.add(
                new Case(
                        "Made-up days, many quick replicas",
                        "tide-web",
                        new Tides(200_000, 0.6, 0.7, 0.2, 0.3, 0).trace(10, 1),
                        WEB,
                        false,
                        true));
        return cases;
    }

    private void recorded(List<Case> cases) throws IOException {
        MinuteTrace nasa = read("nasa-http-minutes.csv");
        int day = 1440;
        cases.add(new Case("NASA, 1-10 July 1995, few slow replicas", "slow", nasa.slice(0, 10 * day), SLOW, true, true));
        cases.add(
                new Case(
                        "NASA, 11-19 July 1995, few slow replicas",
                        "slow2",
                        nasa.slice(10 * day, Math.min(nasa.minutes(), 19 * day)),
                        SLOW,
                        true,
                        false));
        cases.add(new Case("NASA, lead 420 s", "slow420", nasa.slice(0, 10 * day), Service.of(4, 8, 420, 2), true, false));
        MinuteTrace cup = read("worldcup98-minutes.csv");
        cases.add(
                new Case(
                        "World Cup, 24 June - 3 July 1998, many quick replicas",
                        "web",
                        cup.slice(cup.minutes() - 10 * day, cup.minutes()),
                        WEB,
                        false,
                        true));
        cases.add(
                new Case(
                        "World Cup, 20-29 May 1998, many quick replicas",
                        "web2",
                        cup.slice(20 * day, 30 * day),
                        WEB,
                        false,
                        false));
    }

    private MinuteTrace read(String name) throws IOException {
        try (Stream<String> lines = Files.lines(data.resolve(name))) {
            return TraceReader.read(lines.iterator(), TraceOptions.of(ZoneOffset.UTC)).minutes();
        }
    }
}
