package dev.tidemill.scaling.objective;

import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;

/// What a replica turned out to do, beginning with what was stated.
final class Learned {
    /// What a new measurement counts.
    private static final double NEWEST = 0.1;

    /// A start-up may take longer than usual; the lead leaves room for it.
    private static final double LEAD_ROOM = 1.15;

    private static final int STARVED = 4;

    /// However often one looks meanwhile.
    private static final long STARVED_MILLIS = 45_000;

    /// What waits at the old replicas while new ones are idle is no sign of slots: who waits in a
    /// replica's own queue stays there.
    private static final long SETTLED_MILLIS = 300_000;

    /// Tokens and requests are counted in different places.
    private static final double GATHER_SECONDS = 10;

    private final Replica stated;
    private double slotSeconds;
    private double startSeconds;
    private boolean measuredStart;
    private int slots;
    private int starved;
    private long starvedSince;
    private int readyBefore;
    private long settledAt = Long.MIN_VALUE;
    private double lastPromptTokens = Double.NaN;
    private double gathered;
    private double gatheredRequests;
    private double gatheredPrompts;
    private double gatheredOutputs;
    private long lastAt = Long.MIN_VALUE;
    private final Prompts prompts = new Prompts();

    Learned(Replica stated) {
        this.stated = stated;
        this.slotSeconds = stated.slotTime().toNanos() / 1e9;
        this.startSeconds = stated.startUp().toNanos() / 1e9;
        this.slots = stated.slots();
    }

    void from(Signals seen) {
        double slot = seen.get(Signal.SLOT_SECONDS);
        // With known tokens it follows from them for a full batch; measured in a batch that is not
        // full it would say that a replica can do less at a time than it can.
        if (slot > 0 && !(stated.tokens() != null && seen.has(Signal.PROMPT_TOKENS))) {
            slotSeconds += NEWEST * (slot - slotSeconds);
        }
        double start = seen.get(Signal.START_SECONDS);
        if (start > 0) {
            // Longer start-ups count at once, shorter ones slowly: a late replica costs more.
            startSeconds =
                    start > startSeconds || !measuredStart
                            ? start
                            : startSeconds + NEWEST * (start - startSeconds);
            measuredStart = true;
        }
        if (stated.tokens() == null) {
            busySlots(seen);
        } else {
            tokens(seen);
        }
    }

    /// More work at once than there were slots shows that there are more; fewer while many wait, a
    /// few times in a row, that there are not as many.
    private void busySlots(Signals seen) {
        double waiting = seen.get(Signal.WAITING);
        double busy = (seen.get(Signal.IN_FLIGHT) - waiting) / seen.ready();
        if (!(busy > 0) || Double.isInfinite(busy)) {
            return;
        }
        if (busy > slots + 0.5) {
            slots = (int) Math.round(busy);
        }
        if (seen.ready() > readyBefore) {
            // The first time nothing has grown.
            settledAt = readyBefore == 0 ? settledAt : seen.atMillis() + SETTLED_MILLIS;
        }
        readyBefore = seen.ready();
        boolean starves =
                waiting > 2.0 * seen.ready() && busy < slots - 0.5 && seen.atMillis() >= settledAt;
        starvedSince = starves && starved > 0 ? starvedSince : seen.atMillis();
        starved = starves ? starved + 1 : 0;
        if (starved >= STARVED && seen.atMillis() - starvedSince >= STARVED_MILLIS) {
            slots = (int) Math.max(1, Math.round(busy));
        }
    }

    /// Requests of a language model are as different as their tokens: slots and slot time follow
    /// what arrives now, of no shorter times than tell something.
    private void tokens(Signals seen) {
        TokenCost cost = stated.tokens();
        double rate = seen.get(Signal.ARRIVALS);
        double prompts = seen.get(Signal.PROMPT_TOKENS);
        double time = lastAt == Long.MIN_VALUE ? 0 : (seen.atMillis() - lastAt) / 1000.0;
        lastAt = seen.atMillis();
        if (cost == null || !(rate >= 0) || (rate > 0 && !(prompts >= 0))) {
            return;
        }
        double outputs = seen.get(Signal.OUTPUT_TOKENS);
        gathered += time;
        gatheredRequests += rate * time;
        gatheredPrompts += prompts >= 0 ? prompts * time : 0;
        gatheredOutputs += outputs >= 0 ? outputs * time : 0;
        if (gathered < GATHER_SECONDS) {
            return;
        }
        double prompt = gatheredPrompts / gatheredRequests;
        double output = gatheredOutputs / gatheredRequests;
        this.prompts.add(cost.promptSeconds(gatheredPrompts), cost.promptSeconds(prompt), gathered);
        gathered = 0;
        gatheredRequests = 0;
        gatheredPrompts = 0;
        gatheredOutputs = 0;
        if (Double.isFinite(prompt)) {
            mean(cost, prompt, output);
        }
    }

    private void mean(TokenCost cost, double prompt, double output) {
        double smoothed =
                Double.isNaN(lastPromptTokens)
                        ? prompt
                        : lastPromptTokens + NEWEST * (prompt - lastPromptTokens);
        lastPromptTokens = smoothed;
        slots = cost.slots(smoothed + output / 2);
        double seconds = cost.slotSeconds(prompt, output, slots);
        if (seconds > 0) {
            slotSeconds += NEWEST * (seconds - slotSeconds);
        }
    }

    double slotSeconds() {
        return slotSeconds;
    }

    int slots() {
        return slots;
    }

    Prompts prompts() {
        return prompts;
    }

    long leadMillis() {
        return Math.round(startSeconds * (measuredStart ? LEAD_ROOM : 1) * 1000);
    }
}
