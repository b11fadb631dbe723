package dev.tidemill.cli.command;

import dev.tidemill.cli.gateway.AuditFile;
import dev.tidemill.cli.gateway.AuditTable;
import dev.tidemill.client.control.AuditPage;
import dev.tidemill.client.control.AuditQuery;
import dev.tidemill.client.control.AuditRecord;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.common.DurationText;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "audit",
        description =
                "Show who asked the gateway for which model, what it took and what was decided, the"
                        + " newest first. A Gateway with 'audit: {}' writes it down.",
        sortOptions = false)
final class AuditCommand implements Callable<Integer> {
    private static final int MOST = 1_000_000;

    @Mixin private DataOption data = new DataOption();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The log of a gateway that runs alone, instead of control's.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--key", paramLabel = "NAME", description = "Only of this key.")
    private Optional<String> key = Optional.empty();

    @Option(
            names = "--issuer",
            paramLabel = "URL",
            description = "Only of those whom this issuer of tokens has named.")
    private Optional<String> issuer = Optional.empty();

    @Option(names = "--team", paramLabel = "NAME", description = "Only of this team.")
    private Optional<String> team = Optional.empty();

    @Option(names = "--user", paramLabel = "NAME", description = "Only of this user.")
    private Optional<String> user = Optional.empty();

    @Option(names = "--model", paramLabel = "MODEL", description = "Only for this model.")
    private Optional<String> model = Optional.empty();

    @Option(names = "--route", paramLabel = "NAME", description = "Only by this route.")
    private Optional<String> route = Optional.empty();

    @Option(
            names = "--decision",
            paramLabel = "WORD",
            description =
                    "Only those that were allowed, cached, flagged, redacted, invalid, limited,"
                            + " denied or refused.")
    private Optional<String> decision = Optional.empty();

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            description = "Only the request with this x-request-id.")
    private Optional<String> requestId = Optional.empty();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "From then on: 1h is an hour ago, or 2027-01-31T12:00:00Z.")
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "Before then.")
    private Optional<String> until = Optional.empty();

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "100",
            description = "At most so many. Default: ${DEFAULT-VALUE}")
    private int limit;

    @Option(names = "--json", description = "Print JSON, one record a line.")
    private boolean json;

    private final PrintStream out;
    private final InstantSource clock;

    AuditCommand(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > MOST) {
            throw OptionValues.wrong("--limit", String.valueOf(limit), "1 to " + MOST);
        }
        AuditQuery query =
                new AuditQuery(
                        key,
                        issuer,
                        team,
                        user,
                        model,
                        route,
                        decision,
                        requestId,
                        since.map(given -> time("--since", given)),
                        until.map(given -> time("--until", given)),
                        limit,
                        Optional.empty());
        List<AuditRecord> records =
                file.map(given -> new AuditFile(given).find(query))
                        .orElseGet(() ->
                                Needed.control(data.folder()).with(control -> ask(control, query)));
        if (json) {
            records.forEach(record -> out.println(JsonMapper.shared().writeValueAsString(record)));
        } else {
            AuditTable.lines(records, ZoneId.systemDefault()).forEach(out::println);
        }
        return 0;
    }

    private static List<AuditRecord> ask(ControlClient control, AuditQuery query) {
        List<AuditRecord> all = new ArrayList<>();
        AuditQuery next = query;
        while (true) {
            int left = query.limit() - all.size();
            AuditPage page = control.audit(next.limit(Math.min(left, AuditQuery.MOST)));
            all.addAll(page.records());
            if (page.next().isEmpty() || all.size() >= query.limit()) {
                return all;
            }
            next = query.after(page.next().get());
        }
    }

    private Instant time(String option, String given) {
        try {
            return Character.isLetter(given.charAt(given.length() - 1)) && !given.endsWith("Z")
                    ? clock.instant().minus(DurationText.parse(given))
                    : Instant.parse(given);
        } catch (DateTimeException | IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw OptionValues.wrong(option, given, "such as 1h or 2027-01-31T12:00:00Z");
        }
    }
}
