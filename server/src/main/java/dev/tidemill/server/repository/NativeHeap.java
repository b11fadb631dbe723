package dev.tidemill.server.repository;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The C library's heap. What native code frees stays in it: after the first large block glibc
/// keeps blocks of up to 32 MiB for later, so the memory of a model that is gone would go on
/// counting against the container's limit. Asked to, it gives whole free pages back.
final class NativeHeap {
    private static final System.Logger LOGGER = System.getLogger(NativeHeap.class.getName());

    /// Whether it was looked for, which a server that unloads nothing never has to.
    private boolean known;

    /// Null where the C library has no such function.
    private @Nullable MethodHandle trim;

    /// Takes milliseconds, a little more where much is given back.
    synchronized void giveBack() {
        if (!known) {
            known = true;
            trim = find().orElse(null);
        }
        MethodHandle function = trim;
        if (function == null) {
            return;
        }
        try {
            int _ = (int) function.invokeExact(0L);
        } catch (Throwable e) {
            LOGGER.log(System.Logger.Level.DEBUG, "malloc_trim", e);
        }
    }

    @SuppressWarnings("restricted") // the launcher allows native access
    private static Optional<MethodHandle> find() {
        try {
            Linker linker = Linker.nativeLinker();
            SymbolLookup library = linker.defaultLookup();
            Optional<MemorySegment> function = library.find("malloc_trim");
            return function.map(address ->
                    linker.downcallHandle(
                            address,
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(System.Logger.Level.DEBUG, "malloc_trim", e);
            return Optional.empty();
        }
    }
}
