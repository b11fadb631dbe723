package dev.tidemill.cli.rehearse;

import dev.tidemill.common.DurationText;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.rehearsal.token.SlotRequests;
import dev.tidemill.rehearsal.token.TokenScene;
import dev.tidemill.rehearsal.token.TokenTide;
import dev.tidemill.rehearsal.token.TokenTide.Lengths;
import dev.tidemill.rehearsal.trace.RequestSource;
import dev.tidemill.rehearsal.trace.Trace;
import dev.tidemill.scaling.objective.TokenCost;
import java.time.Duration;

/// What options say of a replay request by request.
///
/// @param engine empty to go by the trace
/// @param tokens of a tide; empty for none
public record RequestSettings(
        String engine,
        String tokens,
        double gaps,
        double promptRate,
        String step,
        double perSequence,
        double perKvToken,
        int batch,
        long kvTokens,
        int perNode,
        String nodeStart,
        double failures,
        String updates,
        String drain) {
    /// Longest time between two tokens that a batch is sized for.
    private static final double STEP_LIMIT = 0.1;

    public RequestSettings {
        if (!(gaps >= 0.1 && gaps <= 100)) {
            throw Subject.wrong("--gaps", Double.toString(gaps), "0.1 to 100");
        }
        if (!(promptRate > 0) || !(perSequence >= 0) || !(perKvToken >= 0)) {
            throw Subject.wrong(
                    "--prompt-rate, --per-sequence, --per-kv-token",
                    "%s, %s, %s".formatted(promptRate, perSequence, perKvToken),
                    "above 0, not negative, not negative");
        }
        if (batch < 1 || batch > 100_000 || kvTokens < 1 || perNode < 0) {
            throw Subject.wrong(
                    "--batch, --kv-tokens, --per-node",
                    "%d, %d, %d".formatted(batch, kvTokens, perNode),
                    "1 to 100000, above 0, not negative");
        }
        if (!(failures > 0)) {
            throw Subject.wrong("--failures", Double.toString(failures), "hours above 0");
        }
    }

    /// Whether requests are played one by one.
    public boolean byRequests(Trace trace, boolean tide) {
        return switch (engine) {
            case "" -> trace.tokens() || (tide && !tokens.isEmpty());
            case "minutes", "slots" -> false;
            case "requests" -> {
                if (!trace.requests() && !tide) {
                    throw Subject.wrong(
                            "--engine",
                            engine,
                            "a trace whose rows are requests; this one has counts");
                }
                yield true;
            }
            default -> throw Subject.wrong("--engine", engine, "minutes, slots or requests");
        };
    }

    /// Whether requests are drawn from their minutes and played at slots.
    public boolean bySlots() {
        return engine.equals("slots");
    }

    public boolean hasTokens(Trace trace) {
        return trace.tokens() || !tokens.isEmpty();
    }

    /// What tokens cost, where the file does not say it.
    public TokenCost cost() {
        return new TokenCost(
                1 / promptRate,
                time("--step", step).toNanos() / 1e9,
                perSequence / 1e6,
                perKvToken / 1e9,
                STEP_LIMIT,
                kvTokens,
                batch);
    }

    /// A service with the slots and the slot time that tokens come to on average: what policies
    /// that know nothing of tokens are told, and what the oracle reckons with.
    public Service service(Trace trace, TokenCost cost, Service stated) {
        double prompt = trace.tokens() ? trace.meanPrompt() : lengths().meanPrompt();
        double output = trace.tokens() ? trace.meanOutput() : lengths().meanOutput();
        int slots = cost.slots(prompt + output / 2);
        return new Service(
                slots,
                Duration.ofNanos((long) (1e9 * cost.slotSeconds(prompt, output, slots))),
                stated.startUp(),
                stated.waitLimit(),
                stated.cpuDelay());
    }

    private Lengths lengths() {
        return switch (tokens) {
            case "" -> Lengths.NONE;
            case "mooncake" -> Lengths.MOONCAKE;
            case "azure" -> Lengths.AZURE;
            default -> throw Subject.wrong("--tokens", tokens, "mooncake or azure");
        };
    }

    public TokenScene scene(Service service, TokenCost cost, int replicas) {
        TokenScene scene =
                TokenScene.of(cost, service.startUp(), service.waitLimit(), replicas)
                        .withNodes(perNode, time("--node-start", nodeStart))
                        .withFailures(failures)
                        .withDrain(time("--drain", drain));
        return updates.isEmpty() ? scene : scene.withUpdates(time("--updates", updates));
    }

    /// A tide's requests, or those of a file that has no tokens with times by chance.
    public RequestSource tide(Trace trace, long seed) {
        RequestSource source = new TokenTide(trace.minutes(), gaps, lengths(), seed);
        return tokens.isEmpty() ? new SlotRequests(source, seed) : source;
    }

    private static Duration time(String option, String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw Subject.wrong(option, text, DurationText.EXPECTED);
        }
    }
}
