package dev.tidemill.server.functions.jpeg;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What a file says about its picture before the scans.
///
/// @param parts one for each component
record Frame(boolean progressive, int width, int height, List<Part> parts) {
    private static final int MAX_COMPONENTS = 4;
    private static final int MAX_SAMPLING = 4;

    /// @param across blocks in a unit
    /// @param down the same
    record Part(int id, int across, int down, int table) {}

    Frame {
        parts = List.copyOf(parts);
    }

    static Frame read(int marker, ByteBuffer content) throws BrokenJpegException {
        if (marker > Markers.PROGRESSIVE) {
            throw new BrokenJpegException("a coding that is not read: %x".formatted(marker));
        }
        int bits = content.get();
        int height = Short.toUnsignedInt(content.getShort());
        int width = Short.toUnsignedInt(content.getShort());
        int count = Byte.toUnsignedInt(content.get());
        if (bits != Byte.SIZE || width == 0 || height == 0) {
            throw new BrokenJpegException("%d bits, %d x %d".formatted(bits, width, height));
        }
        if (count == 0 || count == 2 || count > MAX_COMPONENTS) {
            throw new BrokenJpegException(count + " components");
        }
        List<Part> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int id = Byte.toUnsignedInt(content.get());
            int sampling = Byte.toUnsignedInt(content.get());
            int table = Byte.toUnsignedInt(content.get());
            int across = sampling >> 4;
            int down = sampling & 0xf;
            boolean known = across >= 1 && across <= MAX_SAMPLING && down >= 1;
            if (!known || down > MAX_SAMPLING || table >= Tables.COUNT) {
                throw new BrokenJpegException("component %d of no known kind".formatted(id));
            }
            parts.add(new Part(id, across, down, table));
        }
        return new Frame(marker == Markers.PROGRESSIVE, width, height, parts);
    }

    List<Component> components() {
        int across = parts.stream().mapToInt(Part::across).max().orElseThrow();
        int down = parts.stream().mapToInt(Part::down).max().orElseThrow();
        return parts.stream().map(part -> new Component(part, this, across, down)).toList();
    }
}
