package dev.tidemill.rehearsal.study;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Intervals by drawing days anew: days, not minutes, because the minutes of one day belong
/// together. The same seed draws the same days, so two policies drawn alike are compared in pairs.
public final class Bootstrap {
    private static final int DRAWS = 2000;

    private final int[][] draws;

    public Bootstrap(int days, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        draws = new int[DRAWS][days];
        for (int[] draw : draws) {
            for (int i = 0; i < days; i++) {
                draw[i] = random.nextInt(days);
            }
        }
    }

    /// Of the quotient of two sums over days.
    public Interval ratio(double[] above, double[] below) {
        double[] values = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            values[i] = sum(above, draws[i]) / sum(below, draws[i]);
        }
        return middle(values);
    }

    /// Of how a quotient differs between two policies on the same days.
    public Interval difference(double[] above, double[] other, double[] below) {
        double[] values = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            values[i] = (sum(above, draws[i]) - sum(other, draws[i])) / sum(below, draws[i]);
        }
        return middle(values);
    }

    private static double sum(double[] days, int[] draw) {
        double sum = 0;
        for (int day : draw) {
            sum += days[day];
        }
        return sum;
    }

    private static Interval middle(double[] values) {
        Arrays.sort(values);
        int cut = (int) Math.round(values.length * 0.025);
        return new Interval(values[cut], values[values.length - 1 - cut]);
    }
}
