package dev.tidemill.server.functions.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Beside the JDK's reader, which is libjpeg, on files that it has nothing to warn of.
final class JpegDecoderTest {
    private static final String FORMAT = "javax_imageio_jpeg_image_1.0";
    private static final long MOST = 1 << 20;
    private static final Kind PLAIN = new Kind(33, 21, false, false, 0.8f, 2, 2, 0);

    /// @param across blocks of brightness in a unit
    /// @param restart units until the next restart; 0 for none
    private record Kind(
            int width,
            int height,
            boolean grey,
            boolean progressive,
            float quality,
            int across,
            int down,
            int restart) {
        static Kind random(SplittableRandom random) {
            List<int[]> samplings =
                    List.of(
                            new int[] {1, 1},
                            new int[] {2, 1},
                            new int[] {2, 2},
                            new int[] {4, 2},
                            new int[] {4, 1});
            int[] sampling = samplings.get(random.nextInt(samplings.size()));
            return new Kind(
                    random.nextInt(1, 70),
                    random.nextInt(1, 70),
                    random.nextInt(5) == 0,
                    random.nextBoolean(),
                    random.nextInt(1, 101) / 100f,
                    sampling[0],
                    sampling[1],
                    random.nextInt(3) == 0 ? random.nextInt(1, 6) : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 88, 2_026})
    void gives_the_same_pixels_bit_for_bit(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 60; i++) {
            Kind kind = Kind.random(random);
            byte[] file = file(kind, random);

            JpegImage image = JpegDecoder.decode(file, MOST);

            assertThat(image.samples()).as("%s, seed %d", kind, seed).isEqualTo(expected(file));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 19, 1_234})
    void a_file_that_ends_early_is_refused(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20; i++) {
            byte[] file = file(Kind.random(random), random);
            byte[] part = Arrays.copyOf(file, random.nextInt(2, file.length - 2));
            assertThatThrownBy(() -> JpegDecoder.decode(part, MOST))
                    .as("seed %d", seed)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void more_pixels_than_memory_was_taken_for_are_refused() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        byte[] file = file(new Kind(40, 30, false, false, 0.9f, 1, 1, 0), random);
        assertThatThrownBy(() -> JpegDecoder.decode(file, 1_199)).hasMessage("over 1199 pixels");
        assertThat(JpegDecoder.decode(file, 1_200).width()).isEqualTo(40);
    }

    @Test
    void bytes_between_segments_are_gone_over() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        byte[] file = file(new Kind(20, 20, false, true, 0.8f, 2, 2, 0), random);
        byte[] more = new byte[file.length + 3];
        System.arraycopy(file, 0, more, 0, 2);
        System.arraycopy(file, 2, more, 5, file.length - 2);
        assertThat(JpegDecoder.decode(more, MOST).samples())
                .isEqualTo(JpegDecoder.decode(file, MOST).samples());
    }

    @Test
    void pictures_of_a_film_may_leave_out_the_standard_codes() throws IOException {
        byte[] file = file(PLAIN, new SplittableRandom(6));
        byte[] without = file;
        for (int at = place(without, Markers.HUFFMAN_TABLES);
                at >= 0;
                at = place(without, Markers.HUFFMAN_TABLES)) {
            int end = at + 2 + ((without[at + 2] & 0xff) << 8 | without[at + 3] & 0xff);
            byte[] shorter = Arrays.copyOf(without, without.length - (end - at));
            System.arraycopy(without, end, shorter, at, without.length - end);
            without = shorter;
        }
        assertThat(without.length).isLessThan(file.length);
        assertThat(JpegDecoder.decode(without, MOST).samples()).isEqualTo(expected(file));
    }

    @Test
    void components_may_all_have_one_name() throws IOException {
        byte[] file = file(PLAIN, new SplittableRandom(7));
        byte[] same = file.clone();
        int frame = place(same, Markers.BASELINE);
        int scan = place(same, Markers.SCAN);
        for (int i = 0; i < 3; i++) {
            same[frame + 10 + 3 * i] = 1;
            same[scan + 5 + 2 * i] = 1;
        }
        assertThat(JpegDecoder.decode(same, MOST).samples()).isEqualTo(expected(file));
    }

    private static int place(byte[] file, int marker) {
        for (int at = 0; at + 1 < file.length; at++) {
            if (file[at] == (byte) 0xff && file[at + 1] == (byte) marker) {
                return at;
            }
        }
        return -1;
    }

    private static byte[] expected(byte[] file) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
        int bands = image.getRaster().getNumBands();
        int[] all =
                image.getRaster()
                        .getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
        assertThat(bands).isIn(1, 3);
        byte[] samples = new byte[all.length];
        for (int i = 0; i < all.length; i++) {
            samples[i] = (byte) all[i];
        }
        return samples;
    }

    /// Waves and noise, so that blocks have few numbers and many.
    private static BufferedImage picture(Kind kind, SplittableRandom random) {
        BufferedImage image =
                new BufferedImage(
                        kind.width(),
                        kind.height(),
                        kind.grey() ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        int noise = random.nextInt(1, 256);
        double wave = random.nextDouble(0.01, 1);
        for (int y = 0; y < kind.height(); y++) {
            for (int x = 0; x < kind.width(); x++) {
                for (int band = 0; band < image.getRaster().getNumBands(); band++) {
                    double value = 127 + 100 * Math.sin(wave * (x + band) + y * wave / 2);
                    int sample = (int) value + random.nextInt(noise) - noise / 2;
                    image.getRaster().setSample(x, y, band, Math.clamp(sample, 0, 255));
                }
            }
        }
        return image;
    }

    private static byte[] file(Kind kind, SplittableRandom random) throws IOException {
        BufferedImage image = picture(kind, random);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionQuality(kind.quality());
            how.setProgressiveMode(
                    kind.progressive()
                            ? ImageWriteParam.MODE_DEFAULT
                            : ImageWriteParam.MODE_DISABLED);
            IIOMetadata metadata =
                    writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), how);
            describe(kind, metadata);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, metadata), how);
            out.flush();
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static void describe(Kind kind, IIOMetadata metadata) throws IOException {
        Element root = (Element) metadata.getAsTree(FORMAT);
        NodeList components = root.getElementsByTagName("componentSpec");
        if (!kind.grey()) {
            Element brightness = (Element) components.item(0);
            brightness.setAttribute("HsamplingFactor", String.valueOf(kind.across()));
            brightness.setAttribute("VsamplingFactor", String.valueOf(kind.down()));
        }
        if (kind.restart() > 0) {
            IIOMetadataNode interval = new IIOMetadataNode("dri");
            interval.setAttribute("interval", String.valueOf(kind.restart()));
            root.getElementsByTagName("markerSequence").item(0).appendChild(interval);
        }
        metadata.setFromTree(FORMAT, root);
    }
}
