package dev.tidemill.server.functions.jpeg;

/// The samples of one component, read as rows of the whole picture. A component of half the width
/// or height is stretched smoothly, as libjpeg-turbo does: three parts of the nearer sample and one
/// of the farther. Every other ratio repeats samples.
final class Plane {
    /// Narrower ones have no neighbours to speak of.
    private static final int NARROW = 2;

    private final byte[] samples;
    private final int stride;
    private final int width;
    private final int height;
    private final int across;
    private final int down;

    /// Sums of two rows, for components of half the width and height.
    private final int[] sums;

    /// @param across how many pixels a sample is wide
    /// @param down how many it is high
    Plane(Component component, byte[] samples, int across, int down) {
        this.samples = samples;
        this.stride = component.stride * Component.SIDE;
        this.width = component.width;
        this.height = component.height;
        this.across = across;
        this.down = down;
        this.sums = new int[across == 2 ? width : 0];
    }

    /// @param row of the picture
    /// @param into at least a sample longer than the picture is wide
    void read(int row, int[] into, int pixels) {
        if (across == 2 && down <= 2 && width > NARROW) {
            smooth(row, into);
            return;
        }
        if (across == 1 && down == 2) {
            between(row, into);
            return;
        }
        int from = row / down * stride;
        for (int x = 0; x < pixels; x++) {
            into[x] = Byte.toUnsignedInt(samples[from + x / across]);
        }
    }

    private void smooth(int row, int[] into) {
        int near = row / down * stride;
        if (down == 1) {
            for (int x = 0; x < width; x++) {
                sums[x] = Byte.toUnsignedInt(samples[near + x]);
            }
            widen(into, 2, 1, 2);
            return;
        }
        int far = neighbour(row);
        for (int x = 0; x < width; x++) {
            sums[x] =
                    3 * Byte.toUnsignedInt(samples[near + x])
                            + Byte.toUnsignedInt(samples[far + x]);
        }
        widen(into, 4, 8, 7);
    }

    /// Full width and half the height.
    private void between(int row, int[] into) {
        int near = row / 2 * stride;
        int far = neighbour(row);
        int rounding = row % 2 == 0 ? 1 : 2;
        for (int x = 0; x < width; x++) {
            int sum = 3 * Byte.toUnsignedInt(samples[near + x]);
            into[x] = (sum + Byte.toUnsignedInt(samples[far + x]) + rounding) >> 2;
        }
    }

    /// Where the farther row begins of the two that a row of the picture lies between.
    private int neighbour(int row) {
        return Math.clamp(row / 2 + (row % 2 == 0 ? -1 : 1), 0, height - 1) * stride;
    }

    /// @param shift of sums that have been weighed
    /// @param left rounds pixels whose other sample is on the left
    /// @param right rounds the others
    private void widen(int[] into, int shift, int left, int right) {
        for (int x = 0; x < width; x++) {
            int here = 3 * sums[x];
            into[2 * x] = (here + sums[Math.max(0, x - 1)] + left) >> shift;
            into[2 * x + 1] = (here + sums[Math.min(width - 1, x + 1)] + right) >> shift;
        }
    }
}
