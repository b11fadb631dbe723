package dev.tidemill.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Traffic that is made up, always the same for the same seed: day and night, weekends, the bell of
/// a class, a flash crowd, and the chance of counting.
///
/// @param perMinute requests a minute on average
/// @param dailySwing 0 for flat, 1 for a night with almost nothing
/// @param weekend what a weekend day has of a working day
/// @param bell extra requests a minute, times the mean, for 15 minutes at 9, 11 and 14 o'clock
/// @param flash times the mean at the top of a flash crowd, one in about every four days
/// @param ramp times the mean that is added from the first minute to the last, evenly
public record Tides(
        double perMinute,
        double dailySwing,
        double weekend,
        double bell,
        double flash,
        double ramp) {
    /// A small service with days and some unrest, as slow services have.
    public static final Tides SMALL = new Tides(40, 0.6, 0.7, 0.6, 2.5, 0);

    /// What `--tide` knows.
    public static final String NAMES = "mixed, flat, day, weekend, bell, flash, ramp";

    /// @return empty for a name that is none of [#NAMES]
    public static Optional<Tides> named(String name, double perMinute) {
        return Optional.ofNullable(
                switch (name) {
                    case "mixed" -> new Tides(perMinute, 0.6, 0.7, 0.6, 2.5, 0);
                    case "flat" -> new Tides(perMinute, 0, 1, 0, 0, 0);
                    case "day" -> new Tides(perMinute, 0.9, 1, 0, 0, 0);
                    case "weekend" -> new Tides(perMinute, 0.7, 0.3, 0, 0, 0);
                    case "bell" -> new Tides(perMinute, 0.5, 0.3, 3, 0, 0);
                    case "flash" -> new Tides(perMinute, 0.3, 1, 0, 6, 0);
                    case "ramp" -> new Tides(perMinute, 0.3, 1, 0, 0, 3);
                    default -> null;
                });
    }

    /// @param trace from a Monday midnight
    /// @param calm what of it came without any flash crowd, about
    /// @param crowds minutes in which one begins
    public record Drawn(MinuteTrace trace, MinuteTrace calm, List<Integer> crowds) {
        public Drawn {
            crowds = List.copyOf(crowds);
        }
    }

    /// From a Monday midnight.
    public MinuteTrace trace(int days, long seed) {
        return drawn(days, seed).trace();
    }

    public Drawn drawn(int days, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] counts = new double[days * 1440];
        double[] calm = new double[counts.length];
        List<Integer> crowds = new ArrayList<>();
        double drift = 0;
        int flashAt = random.nextInt(4 * 1440);
        int begun = -1;
        for (int minute = 0; minute < counts.length; minute++) {
            int ofDay = minute % 1440;
            int day = minute / 1440 % 7;
            drift = 0.98 * drift + 0.03 * gaussian(random);
            double shape = 1 - dailySwing * Math.cos(2 * Math.PI * (ofDay - 180) / 1440.0);
            double mean = perMinute * shape * (day >= 5 ? weekend : 1) * Math.exp(drift);
            mean += perMinute * ramp * minute / counts.length;
            boolean bells = day < 5 && (in(ofDay, 540) || in(ofDay, 660) || in(ofDay, 840));
            mean += bells ? perMinute * bell : 0;
            double usual = mean;
            if (minute >= flashAt) {
                if (flash > 0 && flashAt != begun) {
                    begun = flashAt;
                    crowds.add(minute);
                }
                mean += perMinute * flash * Math.exp(-(minute - flashAt) / 20.0);
                flashAt = minute > flashAt + 200 ? minute + random.nextInt(8 * 1440) : flashAt;
            }
            counts[minute] = poisson(random, mean);
            calm[minute] = Math.rint(counts[minute] * usual / mean);
        }
        long start = 4 * 86_400_000L;
        return new Drawn(MinuteTrace.of(start, counts), MinuteTrace.of(start, calm), crowds);
    }

    private static boolean in(int ofDay, int from) {
        return ofDay >= from && ofDay < from + 15;
    }

    private static double poisson(SplittableRandom random, double mean) {
        if (mean > 200) {
            return Math.max(0, Math.rint(mean + Math.sqrt(mean) * gaussian(random)));
        }
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }

    private static double gaussian(SplittableRandom random) {
        return random.nextGaussian();
    }
}
