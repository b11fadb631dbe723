package dev.tidemill.benchmarks.serving;

/// Bodies in chunks, which some servers send. Rare enough to be read in two passes.
final class Chunks {
    private Chunks() {}

    /// @return where the body ends, or -1 when it has not ended
    static int join(byte[] in, int at, int to) {
        int position = at;
        while (true) {
            int size = 0;
            int digit;
            while (position < to && (digit = Character.digit(in[position], 16)) >= 0) {
                size = size * 16 + digit;
                position++;
            }
            while (position < to && in[position] != '\n') {
                position++;
            }
            position += 1 + size + 2;
            if (position > to) {
                return -1;
            }
            if (size == 0) {
                return position;
            }
        }
    }

    /// Moves the chunks of a complete body together, to its beginning.
    ///
    /// @return how long it is
    static int length(byte[] in, int at, int to) {
        int position = at;
        int length = 0;
        while (position < to) {
            int size = 0;
            int digit;
            while ((digit = Character.digit(in[position], 16)) >= 0) {
                size = size * 16 + digit;
                position++;
            }
            while (in[position] != '\n') {
                position++;
            }
            position++;
            if (size == 0) {
                return length;
            }
            System.arraycopy(in, position, in, at + length, size);
            length += size;
            position += size + 2;
        }
        return length;
    }
}
