package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// UTF-8 on its way in and out.
final class Texts {
    /// Header, array and place in a list.
    private static final int STRING = 56;

    private Texts() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// What [#of] takes.
    static long bytes(Tensor tensor) {
        long bytes = 0;
        for (byte[] value : ((Tensor.Text) tensor).values()) {
            bytes += STRING + 2L * value.length;
        }
        return bytes;
    }

    static List<String> of(Tensor tensor) {
        return ((Tensor.Text) tensor)
                .values().stream().map(value -> new String(value, StandardCharsets.UTF_8)).toList();
    }
}
