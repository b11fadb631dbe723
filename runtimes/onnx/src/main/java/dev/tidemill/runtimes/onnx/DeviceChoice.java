package dev.tidemill.runtimes.onnx;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the operator says about GPUs, for a whole process.
public sealed interface DeviceChoice {
    /// What [#parse] takes.
    String EXPECTED = "auto, cpu, cuda or cuda:N";

    /// GPUs where they answer, otherwise the CPU.
    record Auto() implements DeviceChoice {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /// The CPU, even where there is a GPU.
    record Cpu() implements DeviceChoice {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /// GPUs, and no start without them.
    ///
    /// @param number of the only GPU to use; empty for all
    record Cuda(Optional<Integer> number) implements DeviceChoice {
        @Override
        public String toString() {
            return number.map(n -> "cuda:" + n).orElse("cuda");
        }
    }

    DeviceChoice AUTO = new Auto();

    /// @throws TidemillException `INVALID_REQUEST` for any other text
    static DeviceChoice parse(String text) {
        Matcher cuda = Pattern.compile("cuda(?::(\\d{1,4}))?").matcher(text);
        if (cuda.matches()) {
            return new Cuda(Optional.ofNullable(cuda.group(1)).map(Integer::valueOf));
        }
        return switch (text) {
            case "auto" -> AUTO;
            case "cpu" -> new Cpu();
            default ->
                    throw new TidemillException(
                            ErrorCode.INVALID_REQUEST,
                            "device: '%s' (expected: %s)".formatted(text, EXPECTED));
        };
    }
}
