package dev.tidemill.runtimes.onnx;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadOptions;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The devices of a process, decided once at its start.
///
/// @param gpus numbers of those to use; empty for the CPU only
/// @param reason why it is these, one line for people
/// @param strict whether a model that may run anywhere fails rather than leave the GPU
record Devices(List<Integer> gpus, String reason, boolean strict) {
    Devices {
        gpus = List.copyOf(gpus);
    }

    /// @param look for GPUs; not asked where the choice is the CPU
    /// @throws TidemillException `UNAVAILABLE` when the chosen GPU is not there
    static Devices of(DeviceChoice choice, Supplier<FoundGpus> look) {
        return switch (choice) {
            case DeviceChoice.Cpu _ -> new Devices(List.of(), "chosen", false);
            case DeviceChoice.Auto _ ->
                    switch (look.get()) {
                        case FoundGpus.None(String why) -> new Devices(List.of(), why, false);
                        case FoundGpus.Some(int count) ->
                                new Devices(upTo(count), answer(count), false);
                    };
            case DeviceChoice.Cuda cuda ->
                    switch (look.get()) {
                        case FoundGpus.None(String why) ->
                                throw missing(cuda, "a GPU that can be used, but " + why);
                        case FoundGpus.Some(int count) -> chosen(cuda, count);
                    };
        };
    }

    private static Devices chosen(DeviceChoice.Cuda choice, int count) {
        if (choice.number().isEmpty()) {
            return new Devices(upTo(count), answer(count), true);
        }
        int number = choice.number().get();
        if (number >= count) {
            throw missing(choice, "cuda:0 to cuda:%d".formatted(count - 1));
        }
        return new Devices(List.of(number), "chosen, " + answer(count), true);
    }

    /// The GPUs for one model; empty for the CPU.
    ///
    /// @throws TidemillException `MODEL_FAILED` when the model must have a GPU that is not there
    List<Integer> place(LoadOptions options) {
        return switch (options.placement()) {
            case CPU -> List.of();
            case AUTO ->
                    options.gpus().isEmpty()
                            ? gpus
                            : options.gpus().stream().filter(gpus::contains).distinct().toList();
            case GPU -> required(options);
        };
    }

    private List<Integer> required(LoadOptions options) {
        if (gpus.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "placement: 'GPU' (expected: CPU or AUTO, because this process runs on the CPU: %s)"
                            .formatted(reason));
        }
        for (int wanted : options.gpus()) {
            if (!gpus.contains(wanted)) {
                throw new TidemillException(
                        ErrorCode.MODEL_FAILED,
                        "GPU: '%d' (expected: of %s)".formatted(wanted, gpus));
            }
        }
        return options.gpus().isEmpty() ? gpus : options.gpus().stream().distinct().toList();
    }

    @Override
    public String toString() {
        String names = gpus.stream().map(Devices::name).collect(Collectors.joining(", "));
        return "%s (%s)".formatted(gpus.isEmpty() ? "cpu" : names, reason);
    }

    static String name(int gpu) {
        return "cuda:" + gpu;
    }

    private static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static String answer(int count) {
        return count == 1 ? "1 GPU answers" : count + " GPUs answer";
    }

    private static TidemillException missing(DeviceChoice choice, String expected) {
        return new TidemillException(
                ErrorCode.UNAVAILABLE, "device: '%s' (expected: %s)".formatted(choice, expected));
    }
}
