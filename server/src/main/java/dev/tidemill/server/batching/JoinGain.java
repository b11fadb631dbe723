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
    private static final double WORTH = 0.85;

    /// A run's share in the average of its size is one in as many as were seen, within these. Times
    /// scatter by a third on a busy machine: an average of the last few would cross [#WORTH] by
    /// chance.
    private static final int FEW = 8;

    private static final int MANY = 32;

    /// A run that was interrupted counts as this many times the average at most.
    private static final double INTERRUPTED = 2;

    /// Of the first runs of a size the shortest counts: memory and kernels are made on the way.
    private static final int EARLY = 4;

    /// One chance to join in so many is taken the other way, to see, until [#MANY] runs of both
    /// sizes are known, and then one in [#RARE]: those who are joined for nothing wait for each
    /// other.
    private static final int TRIAL = 32;

    private static final int RARE = 128;

    /// Average ns a row, by the power of two below the rows of a run; 0 where none is known.
    private final double[] perRow = new double[Integer.SIZE];

    /// Runs of each size, up to [#MANY].
    private final int[] seen = new int[Integer.SIZE];

    private int chances;

    /// Whether the first of the waiting requests should take those behind it along.
    ///
    /// @param first rows of the first
    /// @param all rows of those that would run together
    boolean joins(int first, int all) {
        int alone = size(first);
        int together = size(all);
        boolean pays = pays(alone, together);
        boolean known = Math.min(seen[alone], seen[together]) == MANY;
        chances++;
        return chances % (known ? RARE : TRIAL) == 0 ? !pays : pays;
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
        if (before == 0 || (seen[size] < EARLY && now < before)) {
            perRow[size] = now;
        } else {
            double counted = Math.min(now, before * INTERRUPTED);
            perRow[size] = before + (counted - before) / Math.max(FEW, seen[size]);
        }
        seen[size] = Math.min(MANY, seen[size] + 1);
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
