package dev.tidemill.runtimes.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// Asks NVIDIA's driver for its GPUs, by the CUDA driver API: `cuInit`, `cuDeviceGetCount`. ONNX
/// Runtime itself tells only what it was built with, not what is in the machine. The driver honours
/// `CUDA_VISIBLE_DEVICES`, so the numbers are those that ONNX Runtime means.
///
/// @param library a file name for the loader's search path, or a path
record CudaDriver(String library) {
    private static final int NO_DEVICE = 100;

    @SuppressWarnings("restricted") // the command line allows native access
    FoundGpus gpus() {
        try (Arena arena = Arena.ofConfined()) {
            // Stays loaded on purpose: ONNX Runtime loads it next, and a driver that is unloaded
            // and loaded again is a path that nobody tests.
            SymbolLookup symbols =
                    library.contains("/")
                            ? SymbolLookup.libraryLookup(Path.of(library), Arena.global())
                            : SymbolLookup.libraryLookup(library, Arena.global());
            int begun = (int) function(symbols, "cuInit", ValueLayout.JAVA_INT).invokeExact(0);
            if (begun != 0) {
                return none(begun);
            }
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            int asked =
                    (int)
                            function(symbols, "cuDeviceGetCount", ValueLayout.ADDRESS)
                                    .invokeExact(count);
            int found = count.get(ValueLayout.JAVA_INT, 0);
            if (asked != 0) {
                return none(asked);
            }
            return found > 0 ? new FoundGpus.Some(found) : none(NO_DEVICE);
        } catch (IllegalArgumentException e) {
            return new FoundGpus.None(
                    "NVIDIA's driver is not there: %s cannot be loaded%s"
                            .formatted(library, inContainer()));
        } catch (Throwable e) {
            return new FoundGpus.None("NVIDIA's driver cannot be asked: " + e);
        }
    }

    private static FoundGpus none(int error) {
        return new FoundGpus.None(
                error == NO_DEVICE
                        ? "NVIDIA's driver sees no GPU"
                        : "NVIDIA's driver answers error " + error);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup symbols, String name, ValueLayout parameter) {
        return Linker.nativeLinker()
                .downcallHandle(
                        symbols.findOrThrow(name),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, parameter));
    }

    private static String inContainer() {
        return Files.exists(Path.of("/.dockerenv"))
                ? " (was the container started with --gpus all?)"
                : "";
    }
}
