package dev.tidemill.server.functions.jpeg;

/// The second byte of markers (T.81, table B.1).
final class Markers {
    static final int BASELINE = 0xc0;
    static final int EXTENDED = 0xc1;
    static final int PROGRESSIVE = 0xc2;
    static final int HUFFMAN_TABLES = 0xc4;
    static final int EXTENSION = 0xc8;
    static final int ARITHMETIC_TABLES = 0xcc;
    static final int LAST_FRAME = 0xcf;
    static final int RESTART = 0xd0;
    static final int START = 0xd8;
    static final int END = 0xd9;
    static final int SCAN = 0xda;
    static final int QUANTISATION = 0xdb;
    static final int RESTART_INTERVAL = 0xdd;
    static final int APP0 = 0xe0;
    static final int APP14 = 0xee;
    static final int TEMPORARY = 0x01;

    private Markers() {}

    /// Whether nothing but the marker is there.
    static boolean isAlone(int marker) {
        return marker == TEMPORARY || (marker >= RESTART && marker <= START);
    }

    static boolean isFrame(int marker) {
        return marker >= BASELINE
                && marker <= LAST_FRAME
                && marker != HUFFMAN_TABLES
                && marker != EXTENSION
                && marker != ARITHMETIC_TABLES;
    }
}
