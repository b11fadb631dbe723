package dev.tidemill.server.batching;

/// Learns whether joining what waits makes a model's rows cheaper. A model whose run takes as long
/// again for each row more gains nothing from joined runs: its callers only wait for each other,
/// and the instances run dry between the long runs. Such requests run one by one.
///
/// Learns from runs that began while others waited, for only those are alike: a lone run on an idle
/// machine is quicker than any under load. Each kind of run is tried now and then while the other
/// pays, so that what is known stays true. Not for several threads at once.
final class JoinGain {
    /// Joining must make a row at least this much cheaper: less is lost again in waiting.
    private static final double WORTH = 0.9;

    /// A new run's share in the average of its size.
    private static final double SMOOTHING = 1.0 / 8;

    /// Of the first runs of a size the shortest counts: memory and kernels are made on the way.
    private static final int EARLY = 4;

    /// One chance to join in so many is taken the other way, to see.
    private static final int TRIAL = 32;

    /// Average ns a row, by the power of two below the rows of a run; 0 where none is known.
    private final double[] perRow = new double[Integer.SIZE];

    /// Runs of each size, up to [#EARLY].
    private final int[] seen = new int[Integer.SIZE];

    private int chances;

    /// Whether the first of the waiting requests should take those behind it along.
    ///
    /// @param first rows of the first
    /// @param all rows of those that would run together
    boolean joins(int first, int all) {
        boolean pays = pays(size(first), size(all));
        chances++;
        return chances % TRIAL == 0 ? !pays : pays;
    }

    /// @param rows of a run that began while others waited
    /// @param took including the hand-over to the caller that runs, which costs more than the run
    ///   of a tiny model, in ns
    void ran(int rows, long took) {
        if (rows < 1) {
            return;
        }
        double now = (double) took / rows;
        int size = size(rows);
        double before = perRow[size];
        boolean early = seen[size] < EARLY;
        perRow[size] =
                before == 0 || (early && now < before) ? now : before + (now - before) * SMOOTHING;
        seen[size] += early ? 1 : 0;
    }

    private boolean pays(int alone, int together) {
        return alone == together
                || perRow[alone] == 0
                || perRow[together] == 0
                || perRow[together] < perRow[alone] * WORTH;
    }

    private static int size(int rows) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(1, rows));
    }
}
