package dev.tidemill.server.functions;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.functions.jpeg.JpegDecoder;
import dev.tidemill.server.functions.jpeg.JpegHead;
import dev.tidemill.server.functions.jpeg.JpegImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Image files to pixels, red green blue: `image` BYTES [n] to `pixels` UINT8 [n, height, width,
/// 3]. Images of one request must be of one size. Grey becomes three equal channels, transparency
/// is left out, animations give their first picture. JPEG files stand upright, as their EXIF
/// orientation says; those of four inks become what other decoders make of them. They have a
/// decoder of their own, the others the JDK's.
///
/// @param maxPixels of the images of a run together; a file says how many there will be before any
///   is unpacked
/// @param upright whether orientation is followed
record ImageDecode(int maxPixels, boolean upright) implements FunctionModel {
    static final String NAME = "image_decode";
    private static final int CHANNELS = Picture.CHANNELS;

    /// Encoders make ten. A file of a few kilobytes could ask for thousands, each as long as the
    /// picture is large.
    private static final int MAX_SCANS = 100;

    private static final Set<String> FORMATS = Set.of("png", "bmp", "gif");

    /// Four samples of 16 bits, as the JDK's readers hold them, and three channels that come out.
    private static final int MOST_BYTES_A_PIXEL = 4 * Short.BYTES + CHANNELS;

    /// Places in a BMP file, and what stands there for pixels that are none: a JPEG or PNG file.
    private static final int BMP_HEAD = 14;

    private static final int BMP_COMPRESSION = 30;
    private static final int BMP_SHORT_HEAD = 12;
    private static final int BMP_MOST_COMPRESSION = 3;

    private static final List<TensorSpec> INPUTS =
            List.of(new TensorSpec("image", DataType.BYTES, List.of(-1L)));
    private static final List<TensorSpec> OUTPUTS =
            List.of(new TensorSpec("pixels", DataType.UINT8, List.of(-1L, -1L, -1L, 3L)));

    static ImageDecode of(FunctionParameters parameters) {
        return new ImageDecode(
                parameters.whole("max_pixels", 1, 1 << 28, 1 << 24),
                parameters.flag("exif_orientation", true));
    }

    @Override
    public List<TensorSpec> inputs() {
        return INPUTS;
    }

    @Override
    public List<TensorSpec> outputs() {
        return OUTPUTS;
    }

    @Override
    public boolean isHeavy() {
        return true;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        List<byte[]> files = ((Tensor.Text) inputs.getFirst()).values();
        List<Decoded> images = new ArrayList<>(files.size());
        long pixels = 0;
        for (int i = 0; i < files.size(); i++) {
            Decoded image = decode(files.get(i), i, pixels);
            pixels += (long) image.width() * image.height();
            images.add(image);
            requireSameSize(image, images.getFirst(), i);
        }
        int height = images.isEmpty() ? 0 : images.getFirst().height();
        int width = images.isEmpty() ? 0 : images.getFirst().width();
        long[] shape = {files.size(), height, width, CHANNELS};
        ByteBuffer data = FunctionModel.block(DataType.UINT8, shape);
        for (int i = 0; i < images.size(); i++) {
            images.get(i).write(data, i * height * width * CHANNELS);
        }
        return List.of(new Tensor.Numeric("pixels", DataType.UINT8, shape, data));
    }

    private record Decoded(Picture picture, Picture.Upright place) {
        int width() {
            return place.turnedWidth();
        }

        int height() {
            return place.turnedHeight();
        }

        void write(ByteBuffer data, int base) {
            picture.write(data, base, place);
        }
    }

    /// Pixels as they come out, and as the decoder holds them, of the images that will be decoded.
    @Override
    public long workingBytes(List<Tensor> inputs) {
        long bytes = 0;
        long pixels = 0;
        for (byte[] file : ((Tensor.Text) inputs.getFirst()).values()) {
            try {
                JpegHead jpeg = JpegDecoder.isJpeg(file) ? JpegHead.of(file) : null;
                long more = jpeg == null ? read(file, 0, ImageDecode::pixels) : jpeg.pixels();
                pixels += more;
                if (pixels <= maxPixels) {
                    bytes += jpeg == null ? MOST_BYTES_A_PIXEL * more : jpeg.workingBytes();
                }
            } catch (TidemillException _) {
                // the run will say so
            }
        }
        return bytes;
    }

    /// @param before pixels of the images before it
    private Decoded decode(byte[] file, int index, long before) {
        if (JpegDecoder.isJpeg(file)) {
            return jpeg(file, index, before);
        }
        return read(
                file,
                index,
                reader -> {
                    requireFew(reader.getWidth(0), reader.getHeight(0), index, before);
                    return decoded(plain(reader), 1);
                });
    }

    private Decoded jpeg(byte[] file, int index, long before) {
        JpegHead head = JpegHead.of(file);
        requireFew(head.width(), head.height(), index, before);
        if (head.scans() > MAX_SCANS) {
            throw FunctionModel.refused(
                    "image " + index, head.scans() + " scans", "at most " + MAX_SCANS);
        }
        try {
            JpegImage image = JpegDecoder.decode(file, maxPixels);
            return decoded(new Picture.Photo(image, head.ycck()), upright ? head.orientation() : 1);
        } catch (IOException e) {
            throw broken(index, e);
        }
    }

    private void requireFew(int width, int height, int index, long before) {
        if ((long) width * height + before > maxPixels) {
            throw FunctionModel.refused(
                    "image " + index,
                    "%d x %d pixels".formatted(width, height),
                    "at most %d in a request".formatted(maxPixels));
        }
    }

    private static Picture plain(ImageReader reader) throws IOException {
        return new Picture.Plain(reader.read(0));
    }

    private static Decoded decoded(Picture picture, int orientation) {
        return new Decoded(
                picture, new Picture.Upright(picture.width(), picture.height(), orientation));
    }

    private static long pixels(ImageReader reader) throws IOException {
        return (long) reader.getWidth(0) * reader.getHeight(0);
    }

    private interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    private static <T> T read(byte[] file, int index, Reading<T> reading) {
        requireOwnPixels(file, index);
        try (MemoryCacheImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            ImageReader reader = reader(ImageIO.getImageReaders(in), index);
            try {
                reader.setInput(in, true, true);
                return reading.from(reader);
            } finally {
                reader.dispose();
            }
        } catch (TidemillException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The JDK's readers break in many ways over broken files.
            throw broken(index, e);
        }
    }

    /// The JDK would hand what is inside to the reader that must see no stranger's file, of a size
    /// that nobody has looked at.
    private static void requireOwnPixels(byte[] file, int index) {
        if (file.length < BMP_COMPRESSION + Integer.BYTES || file[0] != 'B' || file[1] != 'M') {
            return;
        }
        ByteBuffer head = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int compression = head.getInt(BMP_COMPRESSION);
        if (head.getInt(BMP_HEAD) != BMP_SHORT_HEAD
                && (compression < 0 || compression > BMP_MOST_COMPRESSION)) {
            throw FunctionModel.refused(
                    "image " + index, "BMP with compression " + compression, "pixels of its own");
        }
    }

    private static ImageReader reader(Iterator<ImageReader> readers, int index) throws IOException {
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
                return reader;
            }
        }
        throw FunctionModel.refused("image " + index, "unknown", "JPEG, PNG, BMP or GIF");
    }

    private static void requireSameSize(Decoded image, Decoded first, int index) {
        if (image.width() != first.width() || image.height() != first.height()) {
            throw FunctionModel.refused(
                    "image " + index,
                    "%d x %d".formatted(image.width(), image.height()),
                    "%d x %d, as the first of the request"
                            .formatted(first.width(), first.height()));
        }
    }

    private static RuntimeException broken(int index, Exception reason) {
        return FunctionModel.refused(
                "image " + index, "broken: " + reason.getMessage(), "a whole image file");
    }
}
