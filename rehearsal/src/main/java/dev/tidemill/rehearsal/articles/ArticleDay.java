package dev.tidemill.rehearsal.articles;

import dev.tidemill.rehearsal.MinuteReplay;
import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Outcome;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.rules.PlainRules;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The article's day under the article's rules: CPU 70 %, memory 80 %, 50 requests waiting a pod,
/// at once up by 100 % or 4 pods a minute, down by 20 % a minute after 300 s, 2 to 20 pods.
final class ArticleDay {
    /// Its last row: 1,400 requests a second on 14 pods at 74 % of their CPU, so 135 at all of it.
    static final double POD_CAPACITY = 1400.0 / 14 / 0.74;

    /// A pod has 16 workers, so a request takes 118 ms; it starts in half a minute.
    private static final int WORKERS = 16;

    private static final double START_SECONDS = 30;
    private static final double LIMIT_SECONDS = 0.5;
    private static final int MINUTES = 1440;

    /// Minutes from one high to the next.
    private static final double WAVE = 120;

    private final double[] ordered = new double[MINUTES];
    private final double[] rate = new double[MINUTES];
    private final Outcome outcome;

    ArticleDay(long seed) {
        MinuteTrace two = trace(seed);
        Service service =
                Service.of(WORKERS, WORKERS / POD_CAPACITY, (long) START_SECONDS, LIMIT_SECONDS);
        this.outcome =
                MinuteReplay.run(
                        Scene.of(two, service, 2).withSeed(seed),
                        PlainRules.service(new Bounds(2, 20)),
                        new Watcher() {
                            @Override
                            public void minute(
                                    int minute,
                                    double requests,
                                    double late,
                                    double orderedMean,
                                    double ready) {
                                // The second day: the first one only warms up.
                                if (minute >= MINUTES) {
                                    ordered[minute - MINUTES] = orderedMean;
                                    rate[minute - MINUTES] = requests / 60;
                                }
                            }
                        });
    }

    /// Within each stretch the rate goes up and down through its range; from one stretch to the
    /// next it moves within an hour.
    private static MinuteTrace trace(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] counts = new double[2 * MINUTES];
        double level = Stretch.DAY.getFirst().low();
        for (int minute = 0; minute < counts.length; minute++) {
            Stretch now = at(minute % MINUTES);
            double wave = Math.sin(2 * Math.PI * minute / WAVE);
            double wanted = (now.low() + now.high()) / 2.0 + wave * (now.high() - now.low()) / 2.0;
            level += (wanted - level) / 20;
            double mean = 60 * level;
            counts[minute] = Math.max(0, mean + Math.sqrt(mean) * random.nextGaussian());
        }
        return MinuteTrace.of(0, counts);
    }

    static Stretch at(int minute) {
        for (Stretch stretch : Stretch.DAY) {
            if (minute / 60 < stretch.toHour()) {
                return stretch;
            }
        }
        return Stretch.DAY.getLast();
    }

    /// What one row came to: fewest, mean and most replicas, and CPU in percent of what ran.
    record Row(Stretch article, int fewest, double mean, int most, double rateMean, double cpu) {}

    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Stretch stretch : Stretch.DAY) {
            int from = stretch.fromHour() * 60;
            int to = stretch.toHour() * 60;
            double least = Double.MAX_VALUE;
            double most = 0;
            double pods = 0;
            double requests = 0;
            for (int minute = from; minute < to; minute++) {
                // The hour in which one stretch becomes the next belongs to neither.
                if (minute - from >= 60 || from == 0) {
                    least = Math.min(least, ordered[minute]);
                    most = Math.max(most, ordered[minute]);
                }
                pods += ordered[minute];
                requests += rate[minute];
            }
            rows.add(
                    new Row(
                            stretch,
                            (int) Math.round(least),
                            pods / (to - from),
                            (int) Math.round(most),
                            requests / (to - from),
                            100 * requests / pods / POD_CAPACITY));
        }
        return rows;
    }

    double meanPods() {
        double sum = 0;
        for (double each : ordered) {
            sum += each;
        }
        return sum / MINUTES;
    }

    double meanRate() {
        double sum = 0;
        for (double each : rate) {
            sum += each;
        }
        return sum / MINUTES;
    }

    double lateShare() {
        return outcome.lateShare();
    }
}
