package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// UTF-8 on its way in and out.
final class Texts {
    private Texts() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static List<String> of(Tensor tensor) {
        return ((Tensor.Text) tensor)
                .values().stream().map(value -> new String(value, StandardCharsets.UTF_8)).toList();
    }
}
