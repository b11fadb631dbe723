package dev.tidemill.scaling.objective;

import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;

/// What a replica turned out to do, beginning with what was stated.
final class Learned {
    /// What a new measurement counts.
    private static final double NEWEST = 0.1;

    /// A start-up may take longer than usual; the lead leaves room for it.
    private static final double LEAD_ROOM = 1.15;

    /// Requests whose mean slot time is to be trusted.
    private static final double SAMPLE = 100;

    /// What waits at the old replicas while new ones are idle is no sign of slots, since who waits
    /// in a replica's own queue stays there; nor is what those still work on that go.
    private static final long SETTLED_MILLIS = 300_000;

    /// Tokens and requests are counted in different places.
    private static final double GATHER_SECONDS = 10;

    private final Replica stated;
    private double slotSeconds;
    private double startSeconds;
    private boolean measuredStart;
    private int slots;
    private int saidSlots;
    private final Lasting more = new Lasting(true);
    private final Lasting fewer = new Lasting(false);
    private int readyBefore;
    private long settledAt = Long.MIN_VALUE;
    private double lastPromptTokens = Double.NaN;
    private double gathered;
    private double gatheredRequests;
    private double gatheredPrompts;
    private double gatheredOutputs;
    private long lastAt = Long.MIN_VALUE;
    private long slotAt = Long.MIN_VALUE;
    private final Prompts prompts = new Prompts();
    private final Outflow outflow = new Outflow();

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
            slotSeconds += share(seen) * (slot - slotSeconds);
        } else if (stated.tokens() == null) {
            slotSeconds = outflow.slotSeconds(seen, slots, slotSeconds);
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
            saidSlots(seen);
            busySlots(seen);
        } else {
            tokens(seen);
        }
    }

    /// A look in which few came had few that ended, whose mean is chance: it counts as much less.
    private double share(Signals seen) {
        double seconds = slotAt == Long.MIN_VALUE ? 0 : (seen.atMillis() - slotAt) / 1000.0;
        slotAt = seen.atMillis();
        double came = seen.get(Signal.ARRIVALS) * seconds;
        return came >= 0 && seconds > 0 ? Math.min(NEWEST, came / SAMPLE) : NEWEST;
    }

    /// Who works on the requests knows best on how many, but where runs join them it is more, which
    /// is learned, and not forgotten because another replica says something else.
    private void saidSlots(Signals seen) {
        double said = seen.get(Signal.SLOTS);
        int now = (int) Math.max(1, Math.round(said));
        if (!(said > 0) || now == saidSlots) {
            return;
        }
        if (saidSlots == 0 || slots <= saidSlots || now > slots) {
            slots = now;
        }
        saidSlots = now;
    }

    /// More work at once than there were slots shows that there are more; fewer while many wait,
    /// that there are not as many; either for a while in a row. What is in flight and what waits
    /// are counted in different places, not at the same moment: while they grow, their difference
    /// says nothing.
    private void busySlots(Signals seen) {
        double flight = seen.get(Signal.IN_FLIGHT);
        double waiting = seen.get(Signal.WAITING);
        double busy = (flight - waiting) / seen.ready();
        if (!(busy > 0) || Double.isInfinite(busy)) {
            return;
        }
        if (seen.ready() != readyBefore) {
            // The first time nothing has changed.
            settledAt = readyBefore == 0 ? settledAt : seen.atMillis() + SETTLED_MILLIS;
        }
        readyBefore = seen.ready();
        boolean settled = seen.atMillis() >= settledAt;
        if (more.holds(settled && busy > slots + 0.5, seen.atMillis(), flight, busy)) {
            slots = (int) Math.round(more.least());
        }
        boolean starves = waiting > 2.0 * seen.ready() && busy < slots - 0.5;
        if (fewer.holds(settled && starves, seen.atMillis(), flight, busy)) {
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
