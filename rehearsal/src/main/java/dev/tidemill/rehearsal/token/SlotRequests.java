package dev.tidemill.rehearsal.token;

import dev.tidemill.rehearsal.trace.RequestSource;
import java.util.SplittableRandom;

/// Gives requests without tokens a random length around a hundred steps, so that their times are
/// spread as those of a queueing formula are.
public final class SlotRequests implements RequestSource {
    static final int STEPS = 100;

    private final RequestSource source;
    private final SplittableRandom random;
    private int output;

    public SlotRequests(RequestSource source, long seed) {
        this.source = source;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public boolean next() {
        double exponential = -Math.log(1 - random.nextDouble());
        // The first step is free: it stands for the prompt.
        output = 1 + (int) Math.min(1e8, Math.rint(STEPS * exponential));
        return source.next();
    }

    @Override
    public double atSeconds() {
        return source.atSeconds();
    }

    @Override
    public int prompt() {
        return 0;
    }

    @Override
    public int output() {
        return output;
    }
}
