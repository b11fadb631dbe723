package dev.tidemill.server.functions;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
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
/// is left out, animations give their first picture, rotation marks are not followed.
///
/// @param maxPixels of the images of a run together; a file says how many there will be before any
///   is unpacked
record ImageDecode(int maxPixels) implements FunctionModel {
    static final String NAME = "image_decode";
    private static final int CHANNELS = 3;
    private static final Set<String> FORMATS = Set.of("jpeg", "png", "bmp", "gif");

    private static final List<TensorSpec> INPUTS =
            List.of(new TensorSpec("image", DataType.BYTES, List.of(-1L)));
    private static final List<TensorSpec> OUTPUTS =
            List.of(new TensorSpec("pixels", DataType.UINT8, List.of(-1L, -1L, -1L, 3L)));

    static ImageDecode of(FunctionParameters parameters) {
        return new ImageDecode(parameters.whole("max_pixels", 1, 1 << 28, 1 << 24));
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
        List<BufferedImage> images = new ArrayList<>(files.size());
        long pixels = 0;
        for (int i = 0; i < files.size(); i++) {
            BufferedImage image = decode(files.get(i), i, pixels);
            pixels += (long) image.getWidth() * image.getHeight();
            images.add(image);
            requireSameSize(image, images.getFirst(), i);
        }
        int height = images.isEmpty() ? 0 : images.getFirst().getHeight();
        int width = images.isEmpty() ? 0 : images.getFirst().getWidth();
        long[] shape = {files.size(), height, width, CHANNELS};
        ByteBuffer data = FunctionModel.block(DataType.UINT8, shape);
        images.forEach(image -> put(image, data));
        return List.of(new Tensor.Numeric("pixels", DataType.UINT8, shape, data.flip()));
    }

    /// Pixels as they come out, and as the decoder holds them.
    @Override
    public long workingBytes(List<Tensor> inputs) {
        long pixels = 0;
        for (byte[] file : ((Tensor.Text) inputs.getFirst()).values()) {
            try {
                pixels += read(file, 0, ImageDecode::pixels);
            } catch (TidemillException _) {
                // the run will say so
            }
        }
        return 2 * CHANNELS * Math.min(pixels, maxPixels);
    }

    /// @param before pixels of the images before it
    private BufferedImage decode(byte[] file, int index, long before) {
        return read(
                file,
                index,
                reader -> {
                    if (pixels(reader) + before > maxPixels) {
                        throw FunctionModel.refused(
                                "image " + index,
                                "%d x %d pixels".formatted(reader.getWidth(0), reader.getHeight(0)),
                                "at most %d in a request".formatted(maxPixels));
                    }
                    return reader.read(0);
                });
    }

    private static long pixels(ImageReader reader) throws IOException {
        return (long) reader.getWidth(0) * reader.getHeight(0);
    }

    private interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    private static <T> T read(byte[] file, int index, Reading<T> reading) {
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

    private static ImageReader reader(Iterator<ImageReader> readers, int index) throws IOException {
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
                return reader;
            }
        }
        throw FunctionModel.refused("image " + index, "unknown", "JPEG, PNG, BMP or GIF");
    }

    private static void requireSameSize(BufferedImage image, BufferedImage first, int index) {
        if (image.getWidth() != first.getWidth() || image.getHeight() != first.getHeight()) {
            throw FunctionModel.refused(
                    "image " + index,
                    "%d x %d".formatted(image.getWidth(), image.getHeight()),
                    "%d x %d, as the first of the request"
                            .formatted(first.getWidth(), first.getHeight()));
        }
    }

    private static void put(BufferedImage image, ByteBuffer data) {
        ColorModel model = image.getColorModel();
        Raster raster = image.getRaster();
        boolean samples =
                !(model instanceof IndexColorModel)
                        && (model.getColorSpace().getType() == ColorSpace.TYPE_RGB
                                || model.getColorSpace().getType() == ColorSpace.TYPE_GRAY)
                        && !model.isAlphaPremultiplied();
        if (samples) {
            putSamples(raster, model, data);
            return;
        }
        int[] row = new int[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int rgb : row) {
                data.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
            }
        }
    }

    /// As they are in the file: [BufferedImage#getRGB] would make greys brighter.
    private static void putSamples(Raster raster, ColorModel model, ByteBuffer data) {
        int bands = raster.getNumBands();
        int[] bits = model.getComponentSize();
        int[] row = new int[raster.getWidth() * bands];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            for (int at = 0; at < row.length; at += bands) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    int band = bands < CHANNELS ? 0 : channel;
                    data.put(eightBits(row[at + band], bits[band]));
                }
            }
        }
    }

    private static byte eightBits(int sample, int bits) {
        if (bits == 8) {
            return (byte) sample;
        }
        return (byte) (bits > 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1));
    }

    private static RuntimeException broken(int index, Exception reason) {
        return FunctionModel.refused(
                "image " + index, "broken: " + reason.getMessage(), "a whole image file");
    }
}
