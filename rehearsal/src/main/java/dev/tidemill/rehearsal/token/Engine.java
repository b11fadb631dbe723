package dev.tidemill.rehearsal.token;

import dev.tidemill.scaling.objective.TokenCost;

/// One replica that batches continuously. Prompts are read one after the other, and generation
/// stands still meanwhile; between two changes of the batch all steps are taken at once, by a
/// formula.
final class Engine {
    private final TokenCost cost;
    private final Books books;
    private final Batch batch = new Batch();
    private final Waiting prompts = new Waiting();
    private double clock;
    private long steps;
    private double context;
    private long reserved;
    private long unread;
    private double reading = Double.NaN;
    private double readingBegan;

    /// @param now when it is ready
    Engine(TokenCost cost, Books books, double now) {
        this.cost = cost;
        this.books = books;
        this.clock = now;
    }

    int outstanding() {
        return batch.size() + prompts.size();
    }

    /// Tokens of prompts that it has not read to their end.
    long unread() {
        return unread;
    }

    boolean fits(int prompt, int output) {
        return outstanding() < cost.maxBatch() && reserved + prompt + output <= cost.kvTokens();
    }

    double kvShare() {
        return (double) reserved / cost.kvTokens();
    }

    /// Takes a request that fits. Its whole context is reserved, so nothing is ever preempted.
    ///
    /// @param stage of [Waiting]: what another replica, which was lost, has done for it
    void take(double arrived, int prompt, int output, int stage, double now) {
        reserved += prompt + output;
        boolean idle = Double.isNaN(reading);
        if (idle) {
            catchUp(now);
        }
        prompts.add(arrived, prompt, output, stage);
        unread += prompt;
        if (idle) {
            begin(Math.max(now, clock));
        }
    }

    /// Requests that it has and never began to work on, nor did another before.
    int fresh() {
        return prompts.fresh();
    }

    /// Reading begins at the end of the step that is under way.
    private void catchUp(double now) {
        if (batch.size() == 0) {
            clock = Math.max(clock, now);
            return;
        }
        long whole = wholeSteps(Math.max(0, now - clock));
        step(Math.min(whole, batch.firstEnd() - steps));
        end();
        if (clock < now && batch.size() > 0) {
            step(1);
            end();
        }
    }

    private void begin(double at) {
        if (prompts.stage() == Waiting.FRESH) {
            books.begun(at - prompts.arrived());
            prompts.begin();
        }
        readingBegan = at;
        reading = at + prompts.prompt() * cost.promptSecondsPerToken();
        clock = reading;
    }

    /// When its batch changes next; infinite when it has nothing to do.
    double next() {
        if (!Double.isNaN(reading)) {
            return reading;
        }
        return batch.size() == 0
                ? Double.POSITIVE_INFINITY
                : clock + seconds(batch.firstEnd() - steps);
    }

    /// Does what is due at [#next()].
    void work() {
        if (Double.isNaN(reading)) {
            step(batch.firstEnd() - steps);
            end();
            return;
        }
        double now = reading;
        if (prompts.stage() != Waiting.TOLD) {
            books.firstToken(now - prompts.arrived());
        }
        int prompt = prompts.prompt();
        int output = prompts.output();
        prompts.removeFirst();
        unread -= prompt;
        reading = Double.NaN;
        if (output <= 1) {
            reserved -= prompt + output;
            books.ended(readingBegan, now, now, output);
        } else {
            batch.add(steps + output - 1, prompt, output, readingBegan, now);
            context += prompt + 1;
        }
        if (prompts.size() > 0) {
            begin(now);
        }
    }

    private void end() {
        while (batch.size() > 0 && batch.firstEnd() <= steps) {
            reserved -= batch.prompt() + batch.output();
            context -= batch.prompt() + batch.output();
            books.ended(batch.begun(), batch.firstToken(), clock, batch.output());
            batch.removeFirst();
        }
    }

    private void step(long count) {
        if (count > 0) {
            clock += seconds(count);
            steps += count;
            context += (double) count * batch.size();
        }
    }

    /// So many steps one after the other, each a little longer than the one before because every
    /// sequence has one token more.
    private double seconds(long count) {
        return count * (plain() + cost.perKvTokenSeconds() * context)
                + cost.perKvTokenSeconds() * batch.size() * count * (count - 1) / 2.0;
    }

    private double plain() {
        return cost.fixedSeconds() + cost.perSequenceSeconds() * batch.size();
    }

    private long wholeSteps(double time) {
        double square = cost.perKvTokenSeconds() * batch.size() / 2;
        double linear = plain() + cost.perKvTokenSeconds() * context - square;
        if (linear + square <= 0) {
            return Long.MAX_VALUE / 4;
        }
        double steps =
                square <= 0
                        ? time / linear
                        : (Math.sqrt(linear * linear + 4 * square * time) - linear) / (2 * square);
        return (long) (steps + 1e-9);
    }

    /// Gives back what it has: to be worked on again by others.
    ///
    /// @return how many
    int lose(Waiting to) {
        int lost = 0;
        while (batch.size() > 0) {
            to.addFirst(batch.begun(), batch.prompt(), batch.output(), Waiting.TOLD);
            batch.removeFirst();
            lost++;
        }
        while (prompts.size() > 0) {
            to.addFirst(prompts.arrived(), prompts.prompt(), prompts.output(), prompts.stage());
            prompts.removeFirst();
            lost++;
        }
        reserved = 0;
        unread = 0;
        context = 0;
        reading = Double.NaN;
        return lost;
    }
}
