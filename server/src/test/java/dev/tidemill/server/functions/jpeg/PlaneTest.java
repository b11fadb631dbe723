package dev.tidemill.server.functions.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PlaneTest {
    /// The JDK's reader repeats the rows here, libjpeg-turbo does not.
    @Test
    void a_component_of_half_the_height_is_stretched_smoothly() {
        Frame frame =
                new Frame(
                        false,
                        2,
                        4,
                        List.of(new Frame.Part(1, 1, 2, 0), new Frame.Part(2, 1, 1, 0)));
        byte[] samples = new byte[64];
        samples[1] = 100;
        samples[8] = 40;
        samples[9] = 20;
        Plane plane = new Plane(frame.components().get(1), samples, 1, 2);

        assertThat(List.of(row(plane, 0), row(plane, 1), row(plane, 2), row(plane, 3)))
                .containsExactly(
                        List.of(0, 100), List.of(10, 80), List.of(30, 40), List.of(40, 20));
    }

    private static List<Integer> row(Plane plane, int row) {
        int[] into = new int[4];
        plane.read(row, into, 2);
        return List.of(into[0], into[1]);
    }
}
