package dev.tidemill.server.functions.jpeg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One of the colours of a picture, in blocks of 8 x 8.
final class Component {
    static final int BLOCK = 64;
    static final int SIDE = 8;

    final int id;

    /// How many blocks of it are in a unit of the picture, across and down.
    final int across;

    final int down;
    private final int table;

    /// Samples that belong to the picture.
    final int width;

    final int height;

    /// Blocks that belong to the picture.
    final int wide;

    final int high;

    /// Blocks in a row with those that fill up the last unit.
    final int stride;

    /// By blocks, row by row, each in its natural order.
    final short[] coefficients;

    /// What each coefficient is a multiple of.
    private int @Nullable [] steps;

    /// The lowest bit that is known of each coefficient, in the order of files; -1 for none.
    private final byte[] known = new byte[BLOCK];

    /// What the last block's first coefficient was, in a scan.
    int last;

    /// @param maxAcross of all components
    Component(Frame.Part part, Frame frame, int maxAcross, int maxDown) {
        this.id = part.id();
        this.across = part.across();
        this.down = part.down();
        this.table = part.table();
        this.width = ceil(frame.width() * across, maxAcross);
        this.height = ceil(frame.height() * down, maxDown);
        this.wide = ceil(width, SIDE);
        this.high = ceil(height, SIDE);
        this.stride = ceil(frame.width(), SIDE * maxAcross) * across;
        int rows = ceil(frame.height(), SIDE * maxDown) * down;
        Arrays.fill(known, (byte) -1);
        this.coefficients = new short[Math.multiplyExact(Math.multiplyExact(stride, rows), BLOCK)];
    }

    /// Before each of its scans. The steps are those at the first one: later tables may replace
    /// them.
    void begin(Tables tables) throws BrokenJpegException {
        last = 0;
        if (steps == null) {
            steps = tables.steps(table);
        }
    }

    /// Before a progressive scan. Each bit of each coefficient comes once, so that a small file
    /// cannot go over a large picture again and again.
    void refine(Scan scan) throws BrokenJpegException {
        for (int k = scan.from(); k <= scan.to(); k++) {
            if (known[k] != (scan.before() == 0 ? -1 : scan.before())) {
                throw new BrokenJpegException("a scan out of order");
            }
            known[k] = (byte) scan.below();
        }
    }

    int[] steps() throws BrokenJpegException {
        if (steps == null) {
            throw new BrokenJpegException("a component is missing");
        }
        return steps;
    }

    /// Where a block begins.
    int block(int row, int column) {
        return (row * stride + column) * BLOCK;
    }

    static int ceil(int value, int by) {
        return (value + by - 1) / by;
    }
}
