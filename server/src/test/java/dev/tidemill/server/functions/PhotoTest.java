package dev.tidemill.server.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.testkit.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pictures from telephones and for printers.
final class PhotoTest {
    private static final List<Integer> RED = List.of(255, 0, 0);
    private static final List<Integer> BLUE = List.of(0, 0, 255);

    /// Where the red quarter is once the picture stands upright, by the table of EXIF.
    @ParameterizedTest
    @CsvSource({
        "1, 16, left, upper",
        "2, 16, right, upper",
        "3, 16, right, lower",
        "4, 16, left, lower",
        "5, 8, left, upper",
        "6, 8, right, upper",
        "7, 8, right, lower",
        "8, 8, left, lower",
        "0, 16, left, upper",
        "9, 16, left, upper",
    })
    void stand_upright(int orientation, int width, String side, String half) {
        Tensor pixels = decode(Photos.turned(orientation));
        int height = 128 / width;

        assertThat(pixels.shape()).containsExactly(1, height, width, 3);
        for (boolean left : List.of(true, false)) {
            for (boolean upper : List.of(true, false)) {
                boolean red = left == side.equals("left") && upper == half.equals("upper");
                int x = left ? 1 : width - 2;
                int y = upper ? 1 : height - 2;
                assertClose(pixels, x, y, red ? RED : BLUE);
            }
        }
    }

    @Test
    void lie_as_they_are_stored_when_asked_to() {
        Tensor stored = decode(Photos.turned(6), "exif_orientation", "false");

        assertThat(stored.shape()).containsExactly(1, 8, 16, 3);
        assertClose(stored, 1, 1, RED);
    }

    @Test
    void of_four_inks_have_the_colours_that_others_see() {
        Tensor inks = decode(Photos.cmyk());
        assertThat(inks.shape()).containsExactly(1, 16, 16, 3);
        assertClose(inks, 2, 2, List.of(46, 190, 164));
        assertClose(inks, 13, 2, List.of(245, 35, 165));

        Tensor colours = decode(Photos.ycck());
        assertClose(colours, 2, 2, List.of(89, 215, 24));
        assertClose(colours, 13, 2, List.of(0, 4, 175));
    }

    @Test
    void of_endless_scans_are_refused() {
        assertThat(decode(Photos.progressive(1)).shape()).containsExactly(1, 8, 16, 3);
        assertThatThrownBy(() -> decode(Photos.progressive(2)))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("broken: a scan out of order");
        assertThatThrownBy(() -> decode(Photos.progressive(200)))
                .isInstanceOf(TidemillException.class)
                .hasMessageMatching("image 0: '2\\d\\d scans' \\(expected: at most 100\\)");
    }

    private static void assertClose(Tensor pixels, int x, int y, List<Integer> expected) {
        byte[] bytes = Tensors.bytesOf(pixels);
        int at = (int) (y * pixels.shape()[2] + x) * 3;
        for (int channel = 0; channel < 3; channel++) {
            assertThat(Byte.toUnsignedInt(bytes[at + channel]))
                    .as("channel %d of pixel %d, %d", channel, x, y)
                    .isBetween(expected.get(channel) - 3, expected.get(channel) + 3);
        }
    }

    private static Tensor decode(byte[] file, String... parameters) {
        return Opened.function("image_decode", parameters)
                .run(List.of(new Tensor.Text("image", new long[] {1}, List.of(file))))
                .getFirst();
    }
}
