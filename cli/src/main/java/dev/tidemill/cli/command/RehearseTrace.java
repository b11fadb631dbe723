package dev.tidemill.cli.command;

import dev.tidemill.cli.rehearse.TraceFile;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Tides;
import dev.tidemill.rehearsal.trace.RequestLines;
import dev.tidemill.rehearsal.trace.RequestSource;
import dev.tidemill.rehearsal.trace.Trace;
import dev.tidemill.rehearsal.trace.TraceOptions;
import dev.tidemill.rehearsal.trace.TraceOptions.Holes;
import dev.tidemill.rehearsal.trace.TraceOptions.Unit;
import dev.tidemill.rehearsal.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the traffic of a rehearsal comes from.
final class RehearseTrace {
    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description =
                    "Traffic: counts by minute, requests with or without tokens, JSON lines, our access log or a web"
                            + " server's; packed by gzip or not.")
    private @Nullable Path trace;

    @Option(
            names = "--tide",
            paramLabel = "NAME",
            description = "Made-up traffic instead: " + Tides.NAMES + ".")
    private String tide = "";

    @Option(
            names = "--per-minute",
            paramLabel = "N",
            description = "Mean requests a minute of a tide (default: ${DEFAULT-VALUE}).")
    private double perMinute = 60;

    @Option(
            names = "--days",
            paramLabel = "N",
            description = "Length of a tide (default: ${DEFAULT-VALUE}).")
    private int days = 7;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description =
                    "Of times without an offset, such as Asia/Shanghai (default: ${DEFAULT-VALUE}).")
    private String zone = "UTC";

    @Option(
            names = "--time-unit",
            paramLabel = "UNIT",
            description =
                    "Of times that are numbers: auto, nanos, micros, millis, seconds, minutes"
                            + " (default: ${DEFAULT-VALUE}).")
    private String unit = "auto";

    @Option(
            names = "--holes",
            paramLabel = "hold|zero",
            description =
                    "What minutes without a row stand for: the count before them, or no requests"
                            + " (default: ${DEFAULT-VALUE}).")
    private String holes = "hold";

    String name() {
        return trace == null ? "tide " + tide : String.valueOf(trace.getFileName());
    }

    boolean made() {
        return trace == null;
    }

    /// The file's requests from the beginning; nothing when its rows are counts.
    ///
    /// @param disorderMillis what reading its minutes has shown
    RequestSource requests(String model, double disorderMillis) {
        Path path = Objects.requireNonNull(trace);
        return new RequestLines(
                TraceFile.open(path, _ -> {}), options().withModel(model), disorderMillis);
    }

    ZoneId zone() {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw OptionValues.wrong(
                    "--zone", zone, "a zone such as UTC, +08:00, Europe/Berlin or Asia/Shanghai");
        }
    }

    TraceOptions options() {
        return new TraceOptions(zone(), timeUnit(), holes(), "");
    }

    private Unit timeUnit() {
        for (Unit each : Unit.values()) {
            if (each.name().equals(unit.toUpperCase(Locale.ROOT))) {
                return each;
            }
        }
        throw OptionValues.wrong(
                "--time-unit", unit, "auto, nanos, micros, millis, seconds or minutes");
    }

    private Holes holes() {
        return switch (holes) {
            case "hold" -> Holes.HOLD;
            case "zero" -> Holes.ZERO;
            default -> throw OptionValues.wrong("--holes", holes, "hold or zero");
        };
    }

    /// @param model whose requests count in an access log; empty for all
    Trace read(String model, long seed, DoubleConsumer progress) {
        if ((trace == null) == tide.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--trace: '%s' (expected: either --trace FILE or --tide NAME)"
                            .formatted(trace == null ? "none" : trace));
        }
        return trace == null ? tide(seed) : file(trace, model, progress);
    }

    private Trace tide(long seed) {
        Tides tides =
                Tides.named(tide, perMinute)
                        .orElseThrow(() -> OptionValues.wrong("--tide", tide, Tides.NAMES));
        if (!(perMinute > 0 && perMinute <= 1e7)) {
            throw OptionValues.wrong(
                    "--per-minute", Double.toString(perMinute), "above 0 to 10000000");
        }
        if (days < 1 || days > 3660) {
            throw OptionValues.wrong("--days", Integer.toString(days), "1 to 3660");
        }
        MinuteTrace minutes = tides.trace(days, seed);
        return new Trace(
                minutes,
                false,
                false,
                0,
                0,
                minutes.minutes(),
                0,
                Optional.empty(),
                List.of("made-up traffic: tide %s, seed %d".formatted(tide, seed)));
    }

    private Trace file(Path path, String model, DoubleConsumer progress) {
        try {
            long size = Math.max(1, Files.exists(path) ? Files.size(path) : 1);
            try (TraceFile lines =
                    TraceFile.open(path, bytes -> progress.accept((double) bytes / size))) {
                return TraceReader.read(lines, options().withModel(model));
            }
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, path.getFileName() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--trace: '%s' (expected: a readable file)".formatted(path),
                    e);
        }
    }
}
