package dev.tidemill.cli.rehearse;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.rehearsal.report.HtmlReport;
import dev.tidemill.rehearsal.study.Curve;
import dev.tidemill.rehearsal.study.Rehearsal;
import dev.tidemill.rehearsal.study.Report;
import dev.tidemill.scaling.Verdict;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/// Where a report goes.
public final class Reports {
    private final Report report;

    public Reports(Report report) {
        this.report = report;
    }

    public void print(PrintStream out) {
        new Summary(report, out).print();
    }

    /// @param where empty for nowhere, `-` for `out`
    public void json(String where, PrintStream out) {
        if (where.equals("-")) {
            out.print(ReportJson.text(report));
        } else if (!where.isEmpty()) {
            write("--json", Path.of(where), ReportJson.text(report));
        }
    }

    public void html(Path where) {
        write("--html", where, HtmlReport.of(report));
    }

    /// Every changed decision of the first policy, written as it falls: memory does not grow with
    /// the trace.
    public void decisions(Path where, Rehearsal rehearsal) {
        JsonMapper mapper = new JsonMapper();
        try (BufferedWriter lines = Files.newBufferedWriter(where)) {
            rehearsal
                    .player()
                    .play(
                            rehearsal.scene(),
                            rehearsal.settings().getFirst().policy(),
                            new Watcher() {
                                @Override
                                public void decided(Verdict verdict) {
                                    if (verdict.changes()) {
                                        line(lines, mapper, verdict);
                                    }
                                }
                            });
        } catch (IOException | UncheckedIOException e) {
            throw unwritable("--decisions", where, e);
        }
    }

    private static void line(BufferedWriter lines, JsonMapper mapper, Verdict verdict) {
        try {
            lines.write(mapper.writeValueAsString(ReportJson.change(Curve.change(verdict))));
            lines.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String option, Path where, String text) {
        try {
            Files.writeString(where, text);
        } catch (IOException e) {
            throw unwritable(option, where, e);
        }
    }

    private static TidemillException unwritable(String option, Path where, Exception cause) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: a file that can be written)".formatted(option, where),
                cause);
    }
}
