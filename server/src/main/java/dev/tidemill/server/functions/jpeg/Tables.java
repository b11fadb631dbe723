package dev.tidemill.server.functions.jpeg;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;
import org.jspecify.annotations.Nullable;

/// The tables that hold for what comes next in a file.
final class Tables {
    static final int COUNT = 4;

    /// The largest difference of first coefficients has so many bits.
    private static final int MOST_BITS = 15;

    /// Coefficients in the order of a file, as places in a block.
    static final int[] ZIGZAG = {
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27,
        20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
    };

    private final @Nullable HuffmanTable[] first = new HuffmanTable[COUNT];
    private final @Nullable HuffmanTable[] others = new HuffmanTable[COUNT];
    private final int[] @Nullable [] steps = new int[COUNT][];
    int restartInterval;

    /// Cameras that send films as single pictures leave out the tables of T.81, annex K.3.
    Tables() throws BrokenJpegException {
        first[0] = standard(JPEGHuffmanTable.StdDCLuminance);
        first[1] = standard(JPEGHuffmanTable.StdDCChrominance);
        others[0] = standard(JPEGHuffmanTable.StdACLuminance);
        others[1] = standard(JPEGHuffmanTable.StdACChrominance);
    }

    private static HuffmanTable standard(JPEGHuffmanTable table) throws BrokenJpegException {
        int[] counts = Arrays.copyOf(widened(table.getLengths()), 16);
        int[] values = widened(table.getValues());
        byte[] symbols = new byte[values.length];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = (byte) values[i];
        }
        return new HuffmanTable(counts, symbols);
    }

    private static int[] widened(short[] values) {
        int[] wide = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    void readHuffman(ByteBuffer content) throws BrokenJpegException {
        while (content.hasRemaining()) {
            int head = Byte.toUnsignedInt(content.get());
            int[] counts = new int[16];
            int sum = 0;
            for (int i = 0; i < counts.length; i++) {
                counts[i] = Byte.toUnsignedInt(content.get());
                sum += counts[i];
            }
            byte[] symbols = new byte[sum];
            content.get(symbols);
            HuffmanTable table = new HuffmanTable(counts, symbols);
            if (head >> 4 > 1 || (head & 0xf) >= COUNT) {
                throw new BrokenJpegException("a Huffman table of no known kind");
            }
            (head >> 4 == 0 ? first : others)[head & 0xf] = table;
        }
    }

    void readSteps(ByteBuffer content) throws BrokenJpegException {
        while (content.hasRemaining()) {
            int head = Byte.toUnsignedInt(content.get());
            if (head >> 4 > 1 || (head & 0xf) >= COUNT) {
                throw new BrokenJpegException("a quantisation table of no known kind");
            }
            int[] table = new int[Component.BLOCK];
            for (int place : ZIGZAG) {
                table[place] =
                        head >> 4 == 0
                                ? Byte.toUnsignedInt(content.get())
                                : Short.toUnsignedInt(content.getShort());
            }
            steps[head & 0xf] = table;
        }
    }

    HuffmanTable first(int index) throws BrokenJpegException {
        HuffmanTable table = present(first[index]);
        if (!table.isWithin(MOST_BITS)) {
            throw new BrokenJpegException("a Huffman table of numbers that are too long");
        }
        return table;
    }

    HuffmanTable others(int index) throws BrokenJpegException {
        return present(others[index]);
    }

    int[] steps(int index) throws BrokenJpegException {
        return present(steps[index]);
    }

    private static <T> T present(@Nullable T table) throws BrokenJpegException {
        if (table == null) {
            throw new BrokenJpegException("a table is missing");
        }
        return table;
    }
}
