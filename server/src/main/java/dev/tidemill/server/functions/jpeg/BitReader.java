package dev.tidemill.server.functions.jpeg;

/// The bits of a scan, up to the next marker.
final class BitReader {
    private static final int MARK = 0xff;

    private final byte[] file;
    private int at;

    /// The next bits stand highest of `count`; zeros follow behind a marker.
    private long buffer;

    private int count;

    /// Of `count`, those that are not in the file.
    private int missing;

    BitReader(byte[] file, int at) {
        this.file = file;
        this.at = at;
    }

    /// Where the next byte is that no bit was taken from, which is a marker at the end of a scan.
    int position() {
        return at;
    }

    /// The next bits without taking them, zeros behind the end.
    ///
    /// @param n at most 16
    int peek(int n) {
        if (count < n) {
            fill();
        }
        return (int) (buffer >>> (count - n)) & ((1 << n) - 1);
    }

    /// @param n at most as many as were peeked
    void skip(int n) throws BrokenJpegException {
        count -= n;
        if (count < missing) {
            throw new BrokenJpegException("it ends in the middle");
        }
    }

    int read(int n) throws BrokenJpegException {
        if (n == 0) {
            return 0;
        }
        int value = peek(n);
        skip(n);
        return value;
    }

    /// A number of `n` bits, of which the lower half are the negative ones (T.81, F.2.2.1).
    int readSigned(int n) throws BrokenJpegException {
        int value = read(n);
        return n == 0 || value >= 1 << (n - 1) ? value : value - (1 << n) + 1;
    }

    /// Goes over the rest of the bits and the marker that must come next.
    void restart(int number) throws BrokenJpegException {
        buffer = 0;
        count = 0;
        missing = 0;
        while (at + 1 < file.length && !isMarker(at)) {
            at++;
        }
        if (at + 1 >= file.length || Byte.toUnsignedInt(file[at + 1]) != Markers.RESTART + number) {
            throw new BrokenJpegException("a restart marker is missing");
        }
        at += 2;
    }

    private boolean isMarker(int place) {
        return Byte.toUnsignedInt(file[place]) == MARK
                && file[place + 1] != 0
                && Byte.toUnsignedInt(file[place + 1]) != MARK;
    }

    private void fill() {
        while (count <= Long.SIZE - 2 * Byte.SIZE) {
            int next = next();
            buffer = buffer << 8 | Math.max(0, next);
            count += Byte.SIZE;
            missing += next < 0 ? Byte.SIZE : 0;
        }
    }

    /// A byte of the scan, or -1 at its end. A zero behind 0xff says that it is no marker.
    private int next() {
        if (at >= file.length) {
            return -1;
        }
        int value = Byte.toUnsignedInt(file[at]);
        if (value != MARK) {
            at++;
            return value;
        }
        int behind = at + 1;
        while (behind < file.length && Byte.toUnsignedInt(file[behind]) == MARK) {
            behind++;
        }
        if (behind >= file.length || file[behind] != 0) {
            return -1;
        }
        at = behind + 1;
        return MARK;
    }
}
