package dev.tidemill.server.functions.jpeg;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// What a JPEG file says about itself before anything is decoded. It finds the same markers as
/// [JpegDecoder], or limits would not hold for what that decodes.
///
/// @param width in pixels, 0 when it is not said
/// @param height the same
/// @param orientation how to turn the picture to stand upright, 1 to 8, as EXIF has it; 1 when it
///   is not said
/// @param components 3 for most; 4 for those made for print
/// @param ycck whether four components are brightness and colours, and not inks
/// @param scans how often the decoder goes over the whole picture
public record JpegHead(
        int width, int height, int orientation, int components, boolean ycck, int scans) {
    /// Blocks of a component in a unit of a picture, at most, across and down.
    private static final int MAX_SAMPLING = 4;

    private static final int APP1 = 0xe1;
    private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};
    private static final byte[] ADOBE = {'A', 'd', 'o', 'b', 'e'};
    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;

    public static JpegHead of(byte[] file) {
        Walk walk = new Walk(ByteBuffer.wrap(file));
        try {
            walk.all();
        } catch (BufferUnderflowException
                | IndexOutOfBoundsException
                | IllegalArgumentException _) {
            // Cut off: what was found until here counts, and the decoder will say what is wrong.
        }
        return new JpegHead(
                walk.width,
                walk.height,
                walk.orientation,
                walk.components,
                walk.transform == 2,
                walk.scans);
    }

    public long pixels() {
        return (long) width * height;
    }

    /// Coefficients, samples and pixels of the decoder, and what comes out.
    public long workingBytes() {
        long whole = padded(width) * padded(height);
        return whole * (4L * components + 3);
    }

    /// Up to the end of the last unit, whatever the units.
    private static long padded(int side) {
        long most = side;
        for (int sampling = 1; sampling <= MAX_SAMPLING; sampling++) {
            int unit = sampling * Component.SIDE;
            most = Math.max(most, (long) Component.ceil(side, unit) * unit);
        }
        return most;
    }

    private static final class Walk {
        private final ByteBuffer file;
        private int width;
        private int height;
        private int orientation = 1;
        private int components;
        private int transform;
        private int scans;

        Walk(ByteBuffer file) {
            this.file = file;
        }

        void all() {
            file.position(2);
            for (int marker = next(); marker != Markers.END; marker = next()) {
                if (Markers.isAlone(marker)) {
                    continue;
                }
                int length = Short.toUnsignedInt(file.getShort()) - 2;
                ByteBuffer content = file.slice(file.position(), length);
                file.position(file.position() + length);
                segment(marker, content);
            }
        }

        /// Also goes over the compressed data after a scan's head, where a marker never stands
        /// except before a zero.
        private int next() {
            while (true) {
                if (file.get() != (byte) 0xff) {
                    continue;
                }
                int marker = Byte.toUnsignedInt(file.get());
                while (marker == 0xff) {
                    marker = Byte.toUnsignedInt(file.get());
                }
                if (marker != 0) {
                    return marker;
                }
            }
        }

        private void segment(int marker, ByteBuffer content) {
            switch (marker) {
                case Markers.SCAN -> scans++;
                case APP1 -> {
                    if (startsWith(content, EXIF)) {
                        orientation = orientation(content.slice(6, content.limit() - 6));
                    }
                }
                case Markers.APP14 -> {
                    if (startsWith(content, ADOBE) && content.limit() > 11) {
                        transform = content.get(11);
                    }
                }
                default -> {
                    if (Markers.isFrame(marker) && width == 0 && content.limit() > 5) {
                        height = Short.toUnsignedInt(content.getShort(1));
                        width = Short.toUnsignedInt(content.getShort(3));
                        components = Math.min(4, Byte.toUnsignedInt(content.get(5)));
                    }
                }
            }
        }

        private static boolean startsWith(ByteBuffer content, byte[] name) {
            byte[] begin = new byte[Math.min(name.length, content.limit())];
            content.get(0, begin);
            return Arrays.equals(begin, name);
        }

        /// @param tiff the directory of a TIFF file, as EXIF has it
        private static int orientation(ByteBuffer tiff) {
            try {
                tiff.order(
                        tiff.getShort(0) == 0x4949
                                ? ByteOrder.LITTLE_ENDIAN
                                : ByteOrder.BIG_ENDIAN);
                int directory = tiff.getInt(4);
                int entries = Short.toUnsignedInt(tiff.getShort(directory));
                for (int i = 0; i < entries; i++) {
                    int entry = directory + 2 + 12 * i;
                    if (Short.toUnsignedInt(tiff.getShort(entry)) == ORIENTATION
                            && tiff.getShort(entry + 2) == SHORT) {
                        int value = tiff.getShort(entry + 8);
                        return value >= 1 && value <= 8 ? value : 1;
                    }
                }
            } catch (IndexOutOfBoundsException _) {
                // no directory
            }
            return 1;
        }
    }
}
