package dev.tidemill.server.functions.jpeg;

/// Blocks that are whole in one scan (T.81, F.2.2).
///
/// @param first the code of first coefficients
/// @param others the code of all others
record SequentialBlocks(
        BitReader bits, Component component, HuffmanTable first, HuffmanTable others)
        implements BlockReader {
    private static final int ZEROS = 15;

    @Override
    public void read(short[] coefficients, int block) throws BrokenJpegException {
        component.last += bits.readSigned(first.read(bits));
        coefficients[block] = (short) component.last;
        for (int k = 1; k < Component.BLOCK; k++) {
            int symbol = others.read(bits);
            int zeros = symbol >> 4;
            int size = symbol & 0xf;
            k += zeros;
            if (size == 0) {
                if (zeros != ZEROS) {
                    return;
                }
                continue;
            }
            if (k >= Component.BLOCK) {
                throw new BrokenJpegException("a block with too many numbers");
            }
            coefficients[block + Tables.ZIGZAG[k]] = (short) bits.readSigned(size);
        }
    }

    @Override
    public void restart() {
        component.last = 0;
    }
}
