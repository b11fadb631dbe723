package dev.tidemill.server.metrics.gpu;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// NVIDIA's management library, NVML, which comes with the driver. Names and layouts are those of
/// its C header `nvml.h`, interface version 2, as old as any driver that CUDA 12 works with.
///
/// It is begun and never ended: the driver counts its users, and processes end.
final class NvidiaManagement implements GpuSensors {
    static final String LIBRARY = "libnvidia-ml.so.1";

    private static final int UUID_BYTES = 96;

    /// `nvmlUtilization_t`: percent of time that kernels ran, and that memory was used.
    private static final MemoryLayout UTILIZATION =
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_INT.withName("gpu"), ValueLayout.JAVA_INT.withName("memory"));

    /// `nvmlMemory_t`, in bytes.
    private static final MemoryLayout MEMORY =
            MemoryLayout.structLayout(
                    ValueLayout.JAVA_LONG.withName("total"),
                    ValueLayout.JAVA_LONG.withName("free"),
                    ValueLayout.JAVA_LONG.withName("used"));

    private final Map<Reading, Question> questions = new EnumMap<>(Reading.class);
    private final List<MemorySegment> devices = new ArrayList<>();
    private final List<String> uuids = new ArrayList<>();

    /// A function that writes its answer to where its second argument points.
    private record Question(MethodHandle function, MemoryLayout layout, Answer answer) {}

    @FunctionalInterface
    private interface Answer {
        double of(MemorySegment written);
    }

    /// @param library a file name for the loader's search path, or a path
    /// @throws TidemillException `UNAVAILABLE` when there is no such library or it does not work
    @SuppressWarnings("restricted") // the command line allows native access
    NvidiaManagement(String library) {
        SymbolLookup symbols;
        try {
            symbols =
                    library.contains("/")
                            ? SymbolLookup.libraryLookup(Path.of(library), Arena.global())
                            : SymbolLookup.libraryLookup(library, Arena.global());
        } catch (IllegalArgumentException e) {
            throw failed("a library that can be loaded", library);
        }
        try (Arena arena = Arena.ofConfined()) {
            begin(symbols, arena);
        } catch (TidemillException e) {
            throw e;
        } catch (Throwable e) {
            throw failed("one that works, but " + e, library);
        }
        ask(symbols);
    }

    @Override
    public List<String> uuids() {
        return List.copyOf(uuids);
    }

    @Override
    public double read(Reading reading, int gpu) {
        Question question = questions.get(reading);
        if (question == null) {
            return Double.NaN;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment written = arena.allocate(question.layout());
            int error = (int) question.function().invokeExact(devices.get(gpu), written);
            return error == 0 ? question.answer().of(written) : Double.NaN;
        } catch (Throwable e) {
            return Double.NaN;
        }
    }

    private void begin(SymbolLookup symbols, Arena arena) throws Throwable {
        check("nvmlInit_v2", (int) require(symbols, "nvmlInit_v2").invokeExact());
        MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
        check(
                "nvmlDeviceGetCount_v2",
                (int)
                        require(symbols, "nvmlDeviceGetCount_v2", ValueLayout.ADDRESS)
                                .invokeExact(count));
        MethodHandle handle =
                require(
                        symbols,
                        "nvmlDeviceGetHandleByIndex_v2",
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS);
        MethodHandle uuid =
                require(
                        symbols,
                        "nvmlDeviceGetUUID",
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT);
        int all = count.get(ValueLayout.JAVA_INT, 0);
        for (int i = 0; i < all; i++) {
            MemorySegment device = arena.allocate(ValueLayout.ADDRESS);
            check("nvmlDeviceGetHandleByIndex_v2", (int) handle.invokeExact(i, device));
            devices.add(device.get(ValueLayout.ADDRESS, 0));
            MemorySegment name = arena.allocate(UUID_BYTES);
            check("nvmlDeviceGetUUID", (int) uuid.invokeExact(devices.get(i), name, UUID_BYTES));
            uuids.add(name.getString(0));
        }
    }

    private void ask(SymbolLookup symbols) {
        Answer milli =
                written -> Integer.toUnsignedLong(written.get(ValueLayout.JAVA_INT, 0)) / 1e3;
        ask(
                symbols,
                Reading.UTILIZATION,
                "nvmlDeviceGetUtilizationRates",
                UTILIZATION,
                written -> number(UTILIZATION, "gpu", written) / 100);
        ask(
                symbols,
                Reading.MEMORY_USED_BYTES,
                "nvmlDeviceGetMemoryInfo",
                MEMORY,
                written -> number(MEMORY, "used", written));
        ask(
                symbols,
                Reading.MEMORY_TOTAL_BYTES,
                "nvmlDeviceGetMemoryInfo",
                MEMORY,
                written -> number(MEMORY, "total", written));
        ask(symbols, Reading.POWER_WATTS, "nvmlDeviceGetPowerUsage", ValueLayout.JAVA_INT, milli);
        ask(
                symbols,
                Reading.POWER_LIMIT_WATTS,
                "nvmlDeviceGetEnforcedPowerLimit",
                ValueLayout.JAVA_INT,
                milli);
        ask(
                symbols,
                Reading.ENERGY_JOULES,
                "nvmlDeviceGetTotalEnergyConsumption",
                ValueLayout.JAVA_LONG,
                written -> written.get(ValueLayout.JAVA_LONG, 0) / 1e3);
    }

    private void ask(
            SymbolLookup symbols,
            Reading reading,
            String function,
            MemoryLayout layout,
            Answer answer) {
        find(symbols, function, ValueLayout.ADDRESS, ValueLayout.ADDRESS)
                .ifPresent(handle -> questions.put(reading, new Question(handle, layout, answer)));
    }

    private static double number(MemoryLayout struct, String field, MemorySegment written) {
        MemoryLayout.PathElement path = MemoryLayout.PathElement.groupElement(field);
        long offset = struct.byteOffset(path);
        return struct.select(path).byteSize() == Long.BYTES
                ? written.get(ValueLayout.JAVA_LONG, offset)
                : Integer.toUnsignedLong(written.get(ValueLayout.JAVA_INT, offset));
    }

    private static MethodHandle require(
            SymbolLookup symbols, String name, MemoryLayout... parameters) {
        return find(symbols, name, parameters)
                .orElseThrow(() -> failed("one with the function " + name, LIBRARY));
    }

    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> find(
            SymbolLookup symbols, String name, MemoryLayout... parameters) {
        return symbols.find(name)
                .map(address ->
                        Linker.nativeLinker()
                                .downcallHandle(
                                        address,
                                        FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters)));
    }

    private static void check(String function, int error) {
        if (error != 0) {
            throw failed("%s to work, but it answers %d".formatted(function, error), LIBRARY);
        }
    }

    private static TidemillException failed(String expected, String library) {
        return new TidemillException(
                ErrorCode.UNAVAILABLE,
                "NVIDIA management library: '%s' (expected: %s)".formatted(library, expected));
    }
}
