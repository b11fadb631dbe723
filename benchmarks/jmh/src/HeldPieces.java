package dev.tidemill.guardrails;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What guardrails cost a stream: an answer of 16 Ki characters that comes in pieces of four, as
/// tokens do, from its first piece to its last. In microseconds for the whole text.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class HeldPieces {
    private static final int SEED = 20260401;
    private static final int CHARACTERS = 16 * 1024;
    private static final int PIECE = 4;

    /// `patterns`: all that come with Tidemill. `regexN`: an expression with a window of N.
    @Param({"patterns", "regex100", "regex1000", "regex10000"})
    public String guardrail;

    /// `run`: one word without end, in which an address of mail may always begin.
    @Param({"prose", "run"})
    public String text;

    private List<Look> looks;
    private List<String> pieces;

    @Setup(Level.Trial)
    public void make() {
        looks = new ArrayList<>();
        if (guardrail.equals("patterns")) {
            for (NamedPattern pattern : NamedPattern.values()) {
                looks.add(
                        new Look("b", pattern.guardrail(pattern.replacement()), Look.Action.REDACT));
            }
        } else {
            int window = Integer.parseInt(guardrail.substring("regex".length()));
            looks.add(
                    new Look(
                            "b",
                            new PatternGuardrail("EMP-\\d{6}", window, "[ID]", "id"),
                            Look.Action.REDACT));
        }
        SplittableRandom random = new SplittableRandom(SEED);
        StringBuilder all = new StringBuilder();
        while (all.length() < CHARACTERS) {
            int letters = 1 + random.nextInt(9);
            for (int i = 0; i < letters; i++) {
                all.append((char) ('a' + random.nextInt(26)));
            }
            if (text.equals("prose")) {
                all.append(random.nextInt(40) == 0 ? " 2026-04-01, bob@example.com " : " ");
            }
        }
        pieces = new ArrayList<>();
        for (int at = 0; at + PIECE <= CHARACTERS; at += PIECE) {
            pieces.add(all.substring(at, at + PIECE));
        }
    }

    @Benchmark
    public int stream() {
        HeldText held = new HeldText(looks, (_, _) -> {}, false);
        int changed = 0;
        for (String piece : pieces) {
            long from = held.length();
            held.add(piece);
            // What the gateway does once an event may go.
            changed += held.changes(from, piece.length()).size();
            held.forget(held.decided());
        }
        held.end();
        return changed;
    }
}
