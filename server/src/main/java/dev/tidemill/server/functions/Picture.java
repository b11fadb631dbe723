package dev.tidemill.server.functions;

import dev.tidemill.server.functions.jpeg.JpegImage;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.ByteBuffer;

/// A decoded image, on its way to red, green and blue bytes.
sealed interface Picture {
    int CHANNELS = 3;

    int width();

    int height();

    /// Writes its rows from the top to where `place` says.
    ///
    /// @param base of the image in `data`
    void write(ByteBuffer data, int base, Upright place);

    /// Where the pixels of a picture go when it is turned as its file says.
    ///
    /// @param width of the picture as stored
    /// @param height of the same
    /// @param orientation of EXIF: 2 mirrored, 3 upside down, 6 to be turned clockwise, ...
    record Upright(int width, int height, int orientation) {
        int turnedWidth() {
            return orientation > 4 ? height : width;
        }

        int turnedHeight() {
            return orientation > 4 ? width : height;
        }

        /// Index of a stored pixel in the upright picture.
        int of(int x, int y) {
            int right = width - 1 - x;
            int below = height - 1 - y;
            return switch (orientation) {
                case 2 -> y * width + right;
                case 3 -> below * width + right;
                case 4 -> below * width + x;
                case 5 -> x * height + y;
                case 6 -> x * height + below;
                case 7 -> right * height + below;
                case 8 -> right * height + y;
                default -> y * width + x;
            };
        }
    }

    /// What the JDK understands.
    record Plain(BufferedImage image) implements Picture {
        @Override
        public int width() {
            return image.getWidth();
        }

        @Override
        public int height() {
            return image.getHeight();
        }

        @Override
        public void write(ByteBuffer data, int base, Upright place) {
            ColorModel model = image.getColorModel();
            boolean samples =
                    !(model instanceof IndexColorModel)
                            && (model.getColorSpace().getType() == ColorSpace.TYPE_RGB
                                    || model.getColorSpace().getType() == ColorSpace.TYPE_GRAY)
                            && !model.isAlphaPremultiplied();
            if (samples) {
                writeSamples(data, base, place);
                return;
            }
            int[] row = new int[image.getWidth()];
            for (int y = 0; y < image.getHeight(); y++) {
                image.getRGB(0, y, row.length, 1, row, 0, row.length);
                for (int x = 0; x < row.length; x++) {
                    int at = base + CHANNELS * place.of(x, y);
                    data.put(at, (byte) (row[x] >> 16));
                    data.put(at + 1, (byte) (row[x] >> 8));
                    data.put(at + 2, (byte) row[x]);
                }
            }
        }

        /// As they are in the file: [BufferedImage#getRGB] would make greys brighter.
        private void writeSamples(ByteBuffer data, int base, Upright place) {
            Raster raster = image.getRaster();
            int bands = raster.getNumBands();
            int[] bits = image.getColorModel().getComponentSize();
            int[] row = new int[raster.getWidth() * bands];
            for (int y = 0; y < raster.getHeight(); y++) {
                raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
                for (int x = 0; x < raster.getWidth(); x++) {
                    int at = base + CHANNELS * place.of(x, y);
                    for (int channel = 0; channel < CHANNELS; channel++) {
                        int band = bands < CHANNELS ? 0 : channel;
                        data.put(at + channel, eightBits(row[x * bands + band], bits[band]));
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
    }

    /// A JPEG picture. Four inks are stored inverted as Adobe began it and all do since: white is
    /// 255 of each. They become red, green and blue as in Pillow and TensorFlow, without a colour
    /// profile: what models were trained on.
    ///
    /// @param ycck whether the first three of four components are brightness and colours
    record Photo(JpegImage image, boolean ycck) implements Picture {
        private static final int INKS = 4;

        @Override
        public int width() {
            return image.width();
        }

        @Override
        public int height() {
            return image.height();
        }

        @Override
        public void write(ByteBuffer data, int base, Upright place) {
            int components = image.components();
            int[] pixel = new int[components];
            int from = 0;
            for (int y = 0; y < height(); y++) {
                for (int x = 0; x < width(); x++) {
                    for (int i = 0; i < components; i++) {
                        pixel[i] = Byte.toUnsignedInt(image.samples()[from++]);
                    }
                    if (components == INKS) {
                        print(pixel);
                    }
                    int at = base + CHANNELS * place.of(x, y);
                    for (int channel = 0; channel < CHANNELS; channel++) {
                        data.put(at + channel, (byte) pixel[components == 1 ? 0 : channel]);
                    }
                }
            }
        }

        private void print(int[] pixel) {
            if (ycck) {
                inks(pixel);
            }
            for (int channel = 0; channel < CHANNELS; channel++) {
                pixel[channel] = (pixel[channel] * pixel[3] + 127) / 255;
            }
        }

        private static void inks(int[] pixel) {
            double y = pixel[0];
            double blue = pixel[1] - 128;
            double red = pixel[2] - 128;
            pixel[0] = inverted(y + 1.402 * red);
            pixel[1] = inverted(y - 0.344136 * blue - 0.714136 * red);
            pixel[2] = inverted(y + 1.772 * blue);
        }

        private static int inverted(double value) {
            return 255 - Math.clamp(Math.round(value), 0, 255);
        }
    }
}
