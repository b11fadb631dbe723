package dev.tidemill.rehearsal.slot;

import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Outcome;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Tally;
import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import java.util.SplittableRandom;

/// A trace by minutes whose requests are drawn and played one by one. It is slower than the formula
/// of [dev.tidemill.rehearsal.MinuteReplay], by the number of requests, and needs none of its
/// assumptions: queues build up and empty in time, each replica has its own, and the policy sees
/// what a live loop would have measured of these very requests.
public final class SlotReplay {
    /// More are not slots of a service but sequences of a model.
    public static final int MOST_SLOTS = 4096;

    private static final long COARSE = 5_000;
    private static final long FINE = 1_000;

    private final Scene scene;
    private final Policy policy;
    private final Watcher watcher;
    private final long step;
    private final long look;
    private final Seen seen;
    private final Site site;
    private final Moments moments;
    private final Tally tally;

    private SlotReplay(Scene scene, Chances chances, Policy policy, Watcher watcher) {
        this.scene = scene;
        this.policy = policy;
        this.watcher = watcher;
        this.look = chances.look().toMillis();
        this.step = look % COARSE == 0 ? COARSE : FINE;
        SplittableRandom random = new SplittableRandom(scene.seed());
        this.moments = new Moments(scene.seed() == 0, random.split());
        this.seen = new Seen(scene.service(), look / 1000.0);
        this.site = new Site(scene, chances, random, seen);
        this.tally = new Tally(scene.late());
    }

    public static Outcome run(Scene scene, Chances chances, Policy policy, Watcher watcher) {
        if (scene.service().slots() > MOST_SLOTS) {
            throw new IllegalArgumentException(
                    "slots: '%d' (expected: at most %d for a replay by slots)"
                            .formatted(scene.service().slots(), MOST_SLOTS));
        }
        return new SlotReplay(scene, chances, policy, watcher).run();
    }

    private Outcome run() {
        Policy.Session session = policy.start();
        MinuteTrace trace = scene.trace();
        for (int minute = 0; minute < trace.minutes(); minute++) {
            moments.minute(trace.count(minute));
            minute(session, minute);
        }
        return tally.outcome(policy.name());
    }

    private void minute(Policy.Session session, int minute) {
        int next = 0;
        int steps = (int) (60_000 / step);
        double begins = minute * 60.0;
        long ordered = 0;
        long ready = 0;
        for (int i = 1; i <= steps; i++) {
            double end = begins + i * step / 1000.0;
            while (next < moments.count() && begins + moments.at(next) < end) {
                site.arrive(begins + moments.at(next++));
            }
            site.until(end);
            tally.paid(site.ordered(), step);
            ordered += site.ordered();
            ready += site.ready();
            long now = minute * 60_000L + i * step;
            if (now % look == 0) {
                look(session, now, minute);
            }
        }
        boolean last = minute == scene.trace().minutes() - 1;
        double late = site.takeLate() + (last ? site.abandoned() : 0);
        tally.served(moments.count(), late, 60);
        tally.cut(site.takeCut());
        watcher.minute(
                minute, moments.count(), late, (double) ordered / steps, (double) ready / steps);
        tally.minute();
    }

    private void look(Policy.Session session, long since, int minute) {
        long now = scene.trace().startMillis() + since;
        Signals signals;
        if (scene.silent(minute)) {
            seen.silent();
            signals = Signals.at(now, site.ordered(), site.ready()).build();
        } else {
            signals = seen.look(now, site.ordered(), site.ready(), site.waiting(), look / 1000.0);
        }
        Verdict verdict = session.decide(signals);
        watcher.decided(verdict);
        boolean grows = verdict.replicas() > site.ordered();
        if (verdict.changes() && !(grows && scene.soldOut(minute))) {
            tally.order(grows ? 1 : -1, now);
            site.order(verdict.replicas());
        }
    }
}
