package dev.tidemill.server.functions.jpeg;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A pass over some components: which coefficients it brings, and which of their bits.
///
/// @param from the first coefficient in the order of files
/// @param to the last
/// @param before the bits below this one were left out by the scan before; 0 for a first scan
/// @param below the bits below this one are left out
record Scan(List<Part> parts, int from, int to, int before, int below) {
    private static final int MOST_BELOW = 13;

    /// @param first the code of first coefficients
    /// @param others the code of all others
    record Part(Component component, int first, int others) {}

    Scan {
        parts = List.copyOf(parts);
    }

    /// @param all of the frame
    static Scan read(ByteBuffer content, List<Component> all, boolean progressive)
            throws BrokenJpegException {
        int count = Byte.toUnsignedInt(content.get());
        List<Part> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int id = Byte.toUnsignedInt(content.get());
            int tables = Byte.toUnsignedInt(content.get());
            if (tables >> 4 >= Tables.COUNT || (tables & 0xf) >= Tables.COUNT) {
                throw new BrokenJpegException("a scan with no known tables");
            }
            parts.add(new Part(component(all, parts, id), tables >> 4, tables & 0xf));
        }
        int from = content.get();
        int to = content.get();
        int bits = Byte.toUnsignedInt(content.get());
        Scan scan =
                progressive
                        ? new Scan(parts, from, to, bits >> 4, bits & 0xf)
                        : new Scan(parts, 0, Component.BLOCK - 1, 0, 0);
        if (!scan.isPossible(progressive)) {
            throw new BrokenJpegException("a scan of no known kind");
        }
        return scan;
    }

    /// Some files give the same name to all components: the first that is not in the scan yet.
    private static Component component(List<Component> all, List<Part> taken, int id)
            throws BrokenJpegException {
        for (Component component : all) {
            boolean free = taken.stream().noneMatch(part -> part.component() == component);
            if (component.id == id && free) {
                return component;
            }
        }
        throw new BrokenJpegException("a scan of no known component");
    }

    private boolean isPossible(boolean progressive) {
        if (parts.isEmpty()) {
            return false;
        }
        if (!progressive) {
            return true;
        }
        boolean range = from == 0 ? to == 0 : from > 0 && parts.size() == 1 && to >= from;
        return range
                && to < Component.BLOCK
                && below <= MOST_BELOW
                && (before == 0 || before == below + 1);
    }
}
