package dev.tidemill.server.functions.jpeg;

import java.util.Arrays;

/// A code of T.81, annex C, with a table for short codes.
final class HuffmanTable {
    private static final int MAX_LENGTH = 16;
    private static final int QUICK_BITS = 9;

    /// By the next bits: length << 8 | symbol; 0 where the code is longer.
    private final short[] quick = new short[1 << QUICK_BITS];

    /// The largest code of each length, -1 where there is none.
    private final int[] largest = new int[MAX_LENGTH + 1];

    /// What to add to a code of each length to get the place of its symbol.
    private final int[] places = new int[MAX_LENGTH + 1];

    private final byte[] symbols;

    /// @param counts of codes of each length from 1
    /// @param symbols in the order of their codes
    HuffmanTable(int[] counts, byte[] symbols) throws BrokenJpegException {
        this.symbols = symbols;
        int code = 0;
        int place = 0;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            int count = counts[length - 1];
            largest[length] = count == 0 ? -1 : code + count - 1;
            places[length] = place - code;
            if (code + count > 1 << length) {
                throw new BrokenJpegException("a Huffman table with too many codes");
            }
            for (int i = 0; i < count && length <= QUICK_BITS; i++) {
                int from = (code + i) << (QUICK_BITS - length);
                short entry = (short) (length << 8 | Byte.toUnsignedInt(symbols[place + i]));
                Arrays.fill(quick, from, from + (1 << (QUICK_BITS - length)), entry);
            }
            code = (code + count) << 1;
            place += count;
        }
    }

    /// Whether every symbol is at most `most`.
    boolean isWithin(int most) {
        for (byte symbol : symbols) {
            if (Byte.toUnsignedInt(symbol) > most) {
                return false;
            }
        }
        return true;
    }

    int read(BitReader bits) throws BrokenJpegException {
        int next = bits.peek(MAX_LENGTH);
        int entry = quick[next >> (MAX_LENGTH - QUICK_BITS)];
        if (entry != 0) {
            bits.skip(entry >> 8);
            return entry & 0xff;
        }
        for (int length = QUICK_BITS + 1; length <= MAX_LENGTH; length++) {
            int code = next >> (MAX_LENGTH - length);
            if (code <= largest[length]) {
                bits.skip(length);
                return Byte.toUnsignedInt(symbols[places[length] + code]);
            }
        }
        throw new BrokenJpegException("a code that is in no table");
    }
}
