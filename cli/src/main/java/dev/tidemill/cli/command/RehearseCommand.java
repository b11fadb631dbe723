package dev.tidemill.cli.command;

import dev.tidemill.cli.rehearse.ProgressBar;
import dev.tidemill.cli.rehearse.Reports;
import dev.tidemill.cli.rehearse.RequestSettings;
import dev.tidemill.cli.rehearse.Settings;
import dev.tidemill.cli.rehearse.Subject;
import dev.tidemill.cli.up.SpecFile;
import dev.tidemill.rehearsal.MinuteReplay;
import dev.tidemill.rehearsal.Oracle;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.slot.SlotReplay;
import dev.tidemill.rehearsal.study.Family;
import dev.tidemill.rehearsal.study.Player;
import dev.tidemill.rehearsal.study.Rehearsal;
import dev.tidemill.rehearsal.study.Report;
import dev.tidemill.rehearsal.study.RequestPlayer;
import dev.tidemill.rehearsal.study.Setting;
import dev.tidemill.rehearsal.study.Target;
import dev.tidemill.rehearsal.token.SlotRequests;
import dev.tidemill.rehearsal.token.TokenScene;
import dev.tidemill.rehearsal.trace.Trace;
import dev.tidemill.scaling.objective.TokenCost;
import dev.tidemill.spec.Resource;
import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rehearse",
        description =
                "Play traffic against scaling policies before they meet users: late requests, cost, reasons.")
final class RehearseCommand implements Callable<Integer> {
    private static final int MISSED = 3;
    private static final int CHANGES = 1000;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Resource file; without one, options say what serves.")
    private @Nullable Path file;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description =
                    "Which model of the file; needed when several have replicas of their own.")
    private String model = "";

    @Mixin private RehearseTrace traffic = new RehearseTrace();
    @Mixin private RehearseService service = new RehearseService();
    @Mixin private RehearseEngine engine = new RehearseEngine();

    @Option(
            names = "--policy",
            split = ",",
            paramLabel = "POLICY",
            description =
                    "What is judged, by a comma: file, file:KIND (another that the file describes), or NAME or NAME=POSITION of objective, margin, hpa, hpa-tuned,"
                            + " hpa-rate, kpa, kpa-hold, keda, queue, p99, service, gpu-doubles, static"
                            + " (default: file with a file, else objective).")
    private List<String> policy = new ArrayList<>();

    @Option(
            names = "--compare",
            split = ",",
            paramLabel = "POLICY",
            description = "What it is compared with, named in the same way.")
    private List<String> compare = new ArrayList<>();

    @Option(
            names = "--frontier",
            description = "Turn every compared policy's knob through all its positions.")
    private boolean frontier;

    @Option(
            names = "--stress",
            description =
                    "Also with a silent metric, start-ups that take twice as long, demand that is three times or a third"
                            + " of other days', and no node to be had.")
    private boolean stress;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Of chance; the same seed gives the same result. 0: requests spread evenly within"
                            + " each minute (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Play with so many seeds (default: ${DEFAULT-VALUE}).")
    private int seeds = 1;

    @Option(
            names = "--price",
            paramLabel = "PRICE",
            description = "Of a replica an hour, to have costs as money.")
    private double price = Double.NaN;

    @Option(
            names = "--currency",
            paramLabel = "NAME",
            description = "Of the price (default: ${DEFAULT-VALUE}).")
    private String currency = "EUR";

    @Option(
            names = "--json",
            paramLabel = "OUT",
            description = "Write everything as JSON; - prints it.")
    private String json = "";

    @Option(
            names = "--html",
            paramLabel = "OUT",
            description = "Write one page with plots and reasons that needs nothing else.")
    private @Nullable Path html;

    @Option(
            names = "--decisions",
            paramLabel = "OUT",
            description =
                    "Write every changed decision of the first policy as JSON lines, as it falls.")
    private @Nullable Path decisions;

    @Option(
            names = "--check",
            description =
                    "Exit with 3 when the first policy does not keep the promise; otherwise 0 says only that the"
                            + " rehearsal ran.")
    private boolean check;

    private final PrintStream out;
    private final PrintStream err;

    RehearseCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        checkNumbers();
        List<Resource> resources = file == null ? List.of() : SpecFile.parse(file);
        Subject subject = Subject.of(resources, model, service.stated());
        ProgressBar bar = new ProgressBar(err, onTerminal());
        Trace trace = traffic.read(model, seed, share -> bar.show("reading", share));
        Rehearsal rehearsal = rehearsal(subject, trace);
        Report report = rehearsal.run((done, of) -> bar.show("playing", (double) done / of));
        bar.clear();
        Reports reports = new Reports(report);
        if (!json.equals("-")) {
            reports.print(out);
        }
        reports.json(json, out);
        if (html != null) {
            reports.html(html);
        }
        if (decisions != null) {
            reports.decisions(decisions, rehearsal);
        }
        boolean kept = report.results().getFirst().finding().late() <= subject.late();
        return check && !kept ? MISSED : 0;
    }

    /// The launcher takes the JDK's console module away: its own default console is null then.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private void checkNumbers() {
        if (seeds < 1 || seeds > 1000) {
            throw OptionValues.wrong("--seeds", Integer.toString(seeds), "1 to 1000");
        }
        if (seed < 0) {
            throw OptionValues.wrong("--seed", Long.toString(seed), "0 or above");
        }
        if (!Double.isNaN(price) && !(price >= 0 && price < 1e9)) {
            throw OptionValues.wrong("--price", Double.toString(price), "a price, not negative");
        }
    }

    private Rehearsal rehearsal(Subject stated, Trace trace) {
        RequestSettings requests = engine.settings();
        boolean one = requests.byRequests(trace, traffic.made());
        boolean tokens = one && requests.hasTokens(trace);
        Player counts = requests.bySlots() ? engine.slots().player(trace) : MinuteReplay::run;
        TokenCost cost = stated.tokens().orElseGet(requests::cost);
        if (requests.bySlots() && stated.service().slots() > SlotReplay.MOST_SLOTS) {
            throw OptionValues.wrong(
                    "--slots",
                    Integer.toString(stated.service().slots()),
                    "at most %d with --engine slots".formatted(SlotReplay.MOST_SLOTS));
        }
        Subject subject =
                tokens ? stated.with(requests.service(trace, cost, stated.service())) : stated;
        Target target = tokens ? target(subject, trace).with(cost) : target(subject, trace);
        TokenCost played =
                tokens
                        ? cost
                        : TokenScene.slots(
                                subject.service().slots(), subject.service().slotSeconds());
        if (policy.isEmpty()) {
            policy.add(subject.model().isPresent() ? "file" : "objective");
        }
        List<Setting> settings =
                new ArrayList<>(Settings.of("--policy", policy, target, subject.model()));
        for (Setting other : Settings.of("--compare", compare, target, subject.model())) {
            if (settings.stream().noneMatch(each -> each.name().equals(other.name()))) {
                settings.add(other);
            }
        }
        List<Family> turned = frontier ? Settings.families(settings) : List.of();
        List<String> notes = new ArrayList<>(trace.notes());
        notes.addAll(subject.notes());
        if (requests.bySlots()) {
            notes.add(engine.slots().note());
        }
        int first =
                Oracle.needs(
                        trace.minutes(), subject.service(), subject.late(), subject.bounds().min())[
                        0];
        Scene scene =
                new Scene(
                        trace.minutes(),
                        subject.service(),
                        subject.bounds().clamp(first),
                        subject.late(),
                        seed,
                        List.of());
        return new Rehearsal(
                subject.title() + " under " + traffic.name(),
                trace,
                scene,
                target,
                seeds,
                one
                        ? player(
                                requests.scene(subject.service(), played, scene.replicas()),
                                requests,
                                trace,
                                tokens)
                        : counts,
                settings,
                turned,
                stress,
                CHANGES,
                price,
                currency,
                notes);
    }

    private Target target(Subject subject, Trace trace) {
        return Target.of(subject.service(), subject.bounds(), subject.late(), trace.minutes())
                .with(
                        traffic.zone()
                                .getRules()
                                .getOffset(Instant.ofEpochMilli(trace.minutes().startMillis())));
    }

    private Player player(TokenScene scene, RequestSettings requests, Trace trace, boolean tokens) {
        return new RequestPlayer(
                scene,
                chance -> {
                    if (traffic.made()) {
                        return requests.tide(trace, chance);
                    }
                    return tokens
                            ? traffic.requests(model, trace.disorderMillis())
                            : new SlotRequests(
                                    traffic.requests(model, trace.disorderMillis()), chance);
                });
    }
}
