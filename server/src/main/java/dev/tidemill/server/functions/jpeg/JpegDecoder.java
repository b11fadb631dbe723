package dev.tidemill.server.functions.jpeg;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes one file. The time is that of its scans, each over the whole picture; the memory three
/// bytes for each sample and another for each that comes out: who calls looks at both before.
public final class JpegDecoder {
    private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);
    private static final int ADOBE_TRANSFORM = 11;
    private static final List<Integer> RGB = List.of((int) 'R', (int) 'G', (int) 'B');

    private final byte[] bytes;
    private final ByteBuffer file;
    private final Tables tables;
    private final InverseTransform transform = new InverseTransform();
    private @Nullable Frame frame;
    private List<Component> components = List.of();
    private boolean jfif;
    private boolean adobe;
    private int adobeTransform;
    private int scans;

    private final long mostPixels;

    private JpegDecoder(byte[] bytes, long mostPixels) throws BrokenJpegException {
        this.tables = new Tables();
        this.bytes = bytes;
        this.mostPixels = mostPixels;
        this.file = ByteBuffer.wrap(bytes);
    }

    /// Whether it begins as such files do.
    public static boolean isJpeg(byte[] file) {
        return file.length > 2
                && file[0] == (byte) 0xff
                && file[1] == (byte) Markers.START
                && file[2] == (byte) 0xff;
    }

    /// @param mostPixels that memory is taken for
    /// @throws IOException when it is larger or broken, or of a rare kind: arithmetic coding,
    ///   lossless, more than eight bits
    public static JpegImage decode(byte[] file, long mostPixels) throws IOException {
        try {
            return new JpegDecoder(file, mostPixels).decode();
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IOException("it ends in the middle", e);
        }
    }

    private JpegImage decode() throws BrokenJpegException {
        file.position(2);
        for (int marker = marker(); marker != Markers.END; marker = marker()) {
            if (Markers.isAlone(marker)) {
                continue;
            }
            int length = Short.toUnsignedInt(file.getShort()) - 2;
            if (length < 0 || length > file.remaining()) {
                throw new BrokenJpegException("it ends in the middle");
            }
            ByteBuffer content = file.slice(file.position(), length);
            file.position(file.position() + length);
            segment(marker, content);
        }
        if (frame == null || scans == 0) {
            throw new BrokenJpegException("no picture in it");
        }
        return image(frame);
    }

    /// Bytes that are none are gone over, as everybody does.
    private int marker() {
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

    private void segment(int marker, ByteBuffer content) throws BrokenJpegException {
        switch (marker) {
            case Markers.QUANTISATION -> tables.readSteps(content);
            case Markers.HUFFMAN_TABLES -> tables.readHuffman(content);
            case Markers.RESTART_INTERVAL ->
                    tables.restartInterval = Short.toUnsignedInt(content.getShort());
            case Markers.APP0 -> jfif |= startsWith(content, JFIF);
            case Markers.APP14 -> {
                if (startsWith(content, ADOBE) && content.limit() > ADOBE_TRANSFORM) {
                    adobe = true;
                    adobeTransform = content.get(ADOBE_TRANSFORM);
                }
            }
            case Markers.SCAN -> scan(content);
            default -> {
                if (Markers.isFrame(marker)) {
                    begin(Frame.read(marker, content));
                }
            }
        }
    }

    private void begin(Frame next) throws BrokenJpegException {
        if (frame != null) {
            throw new BrokenJpegException("two pictures in one");
        }
        if ((long) next.width() * next.height() > mostPixels) {
            throw new BrokenJpegException("over %d pixels".formatted(mostPixels));
        }
        frame = next;
        components = next.components();
    }

    private void scan(ByteBuffer content) throws BrokenJpegException {
        if (frame == null) {
            throw new BrokenJpegException("a scan before its picture");
        }
        Scan scan = Scan.read(content, components, frame.progressive());
        for (Scan.Part part : scan.parts()) {
            part.component().begin(tables);
            if (frame.progressive()) {
                part.component().refine(scan);
            }
        }
        BitReader bits = new BitReader(bytes, file.position());
        new ScanReader(frame, scan, tables, bits).read();
        file.position(bits.position());
        scans++;
    }

    private JpegImage image(Frame whole) throws BrokenJpegException {
        int count = components.size();
        Plane[] planes = new Plane[count];
        for (int i = 0; i < count; i++) {
            planes[i] = plane(components.get(i));
        }
        int[][] rows = new int[count][whole.width() + 2];
        byte[] samples = new byte[Math.multiplyExact(whole.width() * count, whole.height())];
        boolean colours = count == 3 && !isRgb(whole);
        int at = 0;
        for (int y = 0; y < whole.height(); y++) {
            for (int i = 0; i < count; i++) {
                planes[i].read(y, rows[i], whole.width());
            }
            if (colours) {
                Colours.toRgb(rows, whole.width());
            }
            for (int x = 0; x < whole.width(); x++) {
                for (int i = 0; i < count; i++) {
                    samples[at++] = (byte) rows[i][x];
                }
            }
        }
        return new JpegImage(whole.width(), whole.height(), count, samples);
    }

    private Plane plane(Component component) throws BrokenJpegException {
        int across = components.stream().mapToInt(one -> one.across).max().orElseThrow();
        int down = components.stream().mapToInt(one -> one.down).max().orElseThrow();
        if (across % component.across != 0 || down % component.down != 0) {
            throw new BrokenJpegException("components whose sizes are no multiples");
        }
        return new Plane(
                component,
                transform.samples(component),
                across / component.across,
                down / component.down);
    }

    /// As libjpeg guesses.
    private boolean isRgb(Frame whole) {
        if (jfif) {
            return false;
        }
        return adobe
                ? adobeTransform == 0
                : whole.parts().stream().map(Frame.Part::id).toList().equals(RGB);
    }

    private static boolean startsWith(ByteBuffer content, byte[] name) {
        byte[] begin = new byte[Math.min(name.length, content.limit())];
        content.get(0, begin);
        return Arrays.equals(begin, name);
    }
}
