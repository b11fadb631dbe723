package dev.tidemill.server.functions;

import static dev.tidemill.testkit.Tensors.bytesOf;
import static dev.tidemill.testkit.Tensors.floats;
import static dev.tidemill.testkit.Tensors.floatsOf;
import static dev.tidemill.testkit.Tensors.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class ImageFunctionsTest {
    @Test
    void decodes_every_format_to_the_pixels_that_were_drawn() {
        BufferedImage image = image(BufferedImage.TYPE_INT_RGB, 2, 1);
        image.setRGB(0, 0, 0x0102ff);
        image.setRGB(1, 0, 0x80407f);
        for (String format : List.of("png", "bmp", "gif")) {
            Tensor pixels = decode(file(image, format));
            assertThat(pixels.shape()).as(format).containsExactly(1, 1, 2, 3);
            if (!format.equals("gif")) {
                assertThat(bytesOf(pixels))
                        .as(format)
                        .containsExactly(1, 2, 0xff, 0x80, 0x40, 0x7f);
            }
        }
        Tensor lossy = decode(file(image(BufferedImage.TYPE_INT_RGB, 8, 8), "jpeg"));
        assertThat(lossy.shape()).containsExactly(1, 8, 8, 3);
        assertThat(bytesOf(lossy)).containsOnly(0);
    }

    @Test
    void greys_stay_as_dark_as_they_are_and_transparency_is_left_out() {
        BufferedImage grey = image(BufferedImage.TYPE_BYTE_GRAY, 2, 1);
        grey.getRaster().setPixels(0, 0, 2, 1, new int[] {7, 100});
        assertThat(bytesOf(decode(file(grey, "png")))).containsExactly(7, 7, 7, 100, 100, 100);
        BufferedImage deep = image(BufferedImage.TYPE_USHORT_GRAY, 1, 1);
        deep.getRaster().setPixels(0, 0, 1, 1, new int[] {0x1234});
        assertThat(bytesOf(decode(file(deep, "png")))).containsExactly(0x12, 0x12, 0x12);
        BufferedImage clear = image(BufferedImage.TYPE_INT_ARGB, 1, 1);
        clear.setRGB(0, 0, 0x40010203);
        assertThat(bytesOf(decode(file(clear, "png")))).containsExactly(1, 2, 3);
        BufferedImage binary = image(BufferedImage.TYPE_BYTE_BINARY, 2, 1);
        binary.setRGB(1, 0, 0xffffff);
        assertThat(bytesOf(decode(file(binary, "png")))).containsExactly(0, 0, 0, -1, -1, -1);
    }

    @Test
    void takes_several_images_of_one_size() {
        byte[] file = file(image(BufferedImage.TYPE_INT_RGB, 3, 2), "png");
        assertThat(decode(file, file).shape()).containsExactly(2, 2, 3, 3);
        byte[] other = file(image(BufferedImage.TYPE_INT_RGB, 2, 3), "png");
        assertRefused(
                "image 1: '2 x 3' (expected: 3 x 2, as the first of the request)",
                Opened.function("image_decode"),
                file,
                other);
    }

    @Test
    void refuses_bombs_before_it_unpacks_them() {
        byte[] file = file(image(BufferedImage.TYPE_INT_RGB, 10, 10), "png");
        assertRefused(
                "image 0: '10 x 10 pixels' (expected: at most 99 in a request)",
                Opened.function("image_decode", "max_pixels", "99"),
                file);
        LoadedModel decode = Opened.function("image_decode", "max_pixels", "199");
        assertThat(weight(decode, file)).isEqualTo(1_100);
        assertThat(weight(decode, file, file)).isEqualTo(1_100);
        assertThat(weight(decode, new byte[] {1})).isZero();
        assertRefused(
                "image 1: '10 x 10 pixels' (expected: at most 199 in a request)",
                decode,
                file,
                file);
        // A head that promises 50,000 x 50,000 pixels before nothing.
        ByteBuffer bomb = ByteBuffer.wrap(file);
        bomb.putInt(16, 50_000).putInt(20, 50_000);
        CRC32 check = new CRC32();
        check.update(file, 12, 17);
        bomb.putInt(29, (int) check.getValue());
        assertRefused(
                "image 0: '50000 x 50000 pixels' (expected: at most 16777216 in a request)",
                Opened.function("image_decode"),
                file);
    }

    /// The JDK would give the inside to a reader that can hang, whatever size it says.
    @Test
    void refuses_files_of_other_kinds_within_a_bmp_file() {
        byte[] bmp = file(image(BufferedImage.TYPE_INT_RGB, 4, 4), "bmp");
        for (int compression : new int[] {4, 5, 6, -1}) {
            ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(30, compression);
            assertRefused(
                    "image 0: 'BMP with compression %d' (expected: pixels of its own)"
                            .formatted(compression),
                    Opened.function("image_decode"),
                    bmp);
            assertThat(weight(Opened.function("image_decode"), bmp)).isZero();
        }
    }

    @Test
    void refuses_what_is_no_image_and_nothing_else_happens() {
        LoadedModel decode = Opened.function("image_decode");
        assertRefused(
                "image 0: 'unknown' (expected: JPEG, PNG, BMP or GIF)", decode, new byte[] {1, 2});
        SplittableRandom random = new SplittableRandom(20_261_121);
        for (String format : List.of("png", "jpeg", "bmp", "gif")) {
            byte[] whole = file(image(BufferedImage.TYPE_INT_RGB, 16, 16), format);
            for (int i = 0; i < 300; i++) {
                byte[] broken = whole.clone();
                for (int j = random.nextInt(1, 6); j > 0; j--) {
                    broken[random.nextInt(broken.length)] = (byte) random.nextInt();
                }
                int length = random.nextInt(4) == 0 ? random.nextInt(broken.length) : -1;
                byte[] file = length < 0 ? broken : Arrays.copyOf(broken, length);
                try {
                    decode.run(List.of(new Tensor.Text("image", new long[] {1}, List.of(file))));
                } catch (TidemillException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                }
            }
        }
    }

    @Test
    void resizes_between_the_centres_of_pixels() {
        LoadedModel wider =
                Opened.function(
                        "image_resize",
                        "width",
                        "4",
                        "height",
                        "1",
                        "channels",
                        "1",
                        "input_type",
                        "FP32");
        Tensor found =
                wider.run(List.of(floats("image", new long[] {1, 1, 2, 1}, 0, 8))).getFirst();
        assertThat(found.shape()).containsExactly(1, 1, 4, 1);
        assertThat(floatsOf(found)).containsExactly(0, 2, 6, 8);
        LoadedModel smaller =
                Opened.function(
                        "image_resize",
                        "width",
                        "1",
                        "height",
                        "1",
                        "channels",
                        "1",
                        "output_type",
                        "UINT8");
        Tensor mean =
                smaller.run(
                                List.of(
                                        raw(
                                                "image",
                                                DataType.UINT8,
                                                new long[] {1, 2, 2, 1},
                                                (byte) 10,
                                                (byte) 20,
                                                (byte) 30,
                                                (byte) 255)))
                        .getFirst();
        // (10 + 20 + 30 + 255) / 4 = 78.75
        assertThat(bytesOf(mean)).containsExactly(79);
    }

    @Test
    void scales_by_channel_and_puts_channels_first() {
        LoadedModel resize =
                Opened.function(
                        "image_resize",
                        "width",
                        "2",
                        "height",
                        "1",
                        "layout",
                        "NCHW",
                        "scale",
                        "0.1",
                        "mean",
                        "1, 2, 3",
                        "std",
                        "1,2,4");
        Tensor found =
                resize.run(
                                List.of(
                                        raw(
                                                "image",
                                                DataType.UINT8,
                                                new long[] {1, 1, 2, 3},
                                                (byte) 10,
                                                (byte) 20,
                                                (byte) 30,
                                                (byte) 20,
                                                (byte) 60,
                                                (byte) 200)))
                        .getFirst();
        assertThat(found.shape()).containsExactly(1, 3, 1, 2);
        assertThat(floatsOf(found))
                .containsExactly(new float[] {0, 1, 0, 2, 0, 4.25f}, within(1e-5f));
        assertThat(resize.outputs().getFirst().shape()).containsExactly(-1L, 3L, 1L, 2L);
    }

    @Test
    void the_same_size_changes_nothing() {
        SplittableRandom random = new SplittableRandom(3);
        byte[] pixels = new byte[2 * 5 * 7 * 3];
        random.nextBytes(pixels);
        LoadedModel same =
                Opened.function(
                        "image_resize", "width", "7", "height", "5", "output_type", "UINT8");
        Tensor found =
                same.run(List.of(raw("image", DataType.UINT8, new long[] {2, 5, 7, 3}, pixels)))
                        .getFirst();
        assertThat(bytesOf(found)).isEqualTo(pixels);
    }

    @Test
    void nothing_becomes_nothing_and_an_image_without_pixels_is_refused() {
        assertThat(decode().shape()).containsExactly(0, 0, 0, 3);
        LoadedModel resize = Opened.function("image_resize", "width", "7", "height", "5");
        Tensor none =
                resize.run(List.of(raw("image", DataType.UINT8, new long[] {0, 0, 0, 3})))
                        .getFirst();
        assertThat(none.shape()).containsExactly(0, 5, 7, 3);
        assertThatThrownBy(() ->
                        resize.run(List.of(raw("image", DataType.UINT8, new long[] {1, 0, 4, 3}))))
                .hasMessage("image: '4 x 0 pixels' (expected: at least one)");
    }

    @Test
    void says_what_is_wrong_with_parameters() {
        assertThatThrownBy(() -> Opened.function("image_resize", "width", "3"))
                .hasMessage("parameters.height: '' (expected: a number, 1 to 8192)");
        assertThatThrownBy(() -> Opened.function("image_resize", "width", "0", "height", "1"))
                .hasMessage("parameters.width: '0' (expected: 1 to 8192)");
        assertThatThrownBy(() ->
                        Opened.function("image_resize", "width", "1", "height", "1", "mean", "1,2"))
                .hasMessage("parameters.mean: '1,2' (expected: 1 or 3 numbers, a,b,c)");
        assertThatThrownBy(() ->
                        Opened.function("image_resize", "width", "1", "height", "1", "std", "0"))
                .hasMessage("parameters.std: '0.0' (expected: above 0)");
    }

    private static long weight(LoadedModel decode, byte[]... files) {
        return decode.workingBytes(
                List.of(new Tensor.Text("image", new long[] {files.length}, List.of(files))));
    }

    private static Tensor decode(byte[]... files) {
        return Opened.function("image_decode")
                .run(List.of(new Tensor.Text("image", new long[] {files.length}, List.of(files))))
                .getFirst();
    }

    private static void assertRefused(String message, LoadedModel decode, byte[]... files) {
        assertThatThrownBy(() ->
                        decode.run(
                                List.of(
                                        new Tensor.Text(
                                                "image",
                                                new long[] {files.length},
                                                List.of(files)))))
                .isInstanceOf(TidemillException.class)
                .hasMessage(message);
    }

    private static BufferedImage image(int type, int width, int height) {
        return new BufferedImage(width, height, type);
    }

    private static byte[] file(BufferedImage image, String format) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(ImageIO.write(image, format, out)).isTrue();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
