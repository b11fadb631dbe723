package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadOptions;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Loads `.onnx` files. The native library comes from the folder in the system property
/// [OnnxNativeLibrary#PATH_PROPERTY], otherwise it is extracted to a temporary folder at every
/// start.
public final class OnnxRuntime implements ModelRuntime {
    /// [ModelRuntime#format()] of this runtime.
    public static final String FORMAT = "onnx";

    private static final System.Logger LOGGER = System.getLogger(OnnxRuntime.class.getName());

    private final int intraOpThreads;
    private final DeviceChoice choice;
    private final Supplier<FoundGpus> look;

    @GuardedBy("this")
    private @Nullable Devices devices;

    /// One thread per run: replicas are scaled by processes, and a pool of ONNX Runtime's own sized
    /// by the host's cores is the usual cause of slow containers.
    public OnnxRuntime() {
        this(1);
    }

    /// One thread per run on the CPU.
    public OnnxRuntime(DeviceChoice choice) {
        this(1, choice, CudaSearch::look);
    }

    /// @param intraOpThreads threads that work on one operator of one run, at least 1
    public OnnxRuntime(int intraOpThreads) {
        this(intraOpThreads, DeviceChoice.AUTO, CudaSearch::look);
    }

    OnnxRuntime(int intraOpThreads, DeviceChoice choice, Supplier<FoundGpus> look) {
        if (intraOpThreads < 1) {
            throw new IllegalArgumentException(
                    "intraOpThreads: '%d' (expected: >= 1)".formatted(intraOpThreads));
        }
        this.intraOpThreads = intraOpThreads;
        this.choice = choice;
        this.look = look;
    }

    @Override
    public String format() {
        return FORMAT;
    }

    /// Loads the native library now, which takes a while, beside whatever else a process has to do
    /// at its start. What goes wrong shows again when a model is loaded.
    public void prepare() {
        try {
            environment();
        } catch (TidemillException | LinkageError | IllegalStateException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "not prepared", e);
        }
    }

    /// The devices of this process and why it is these, one line for people, such as `cpu (this
    /// build has ONNX Runtime for the CPU only)`.
    ///
    /// @throws TidemillException `UNAVAILABLE` when the chosen device is not there
    public String device() {
        return devices().toString();
    }

    @Override
    public LoadedModel load(Path modelFile, LoadOptions options) {
        if (!Files.isRegularFile(modelFile)) {
            throw failed(modelFile, "an ONNX file", null);
        }
        Devices devices = devices();
        List<LoadedModel> copies = new ArrayList<>();
        try {
            for (int gpu : devices.place(options)) {
                copies.add(load(modelFile, new SessionDevice.Gpu(gpu)));
            }
        } catch (TidemillException e) {
            copies.forEach(LoadedModel::close);
            copies.clear();
            if (devices.strict() || options.placement() != LoadOptions.Placement.AUTO) {
                throw e;
            }
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "on the CPU, because the GPU failed: " + e.getMessage());
        }
        return copies.isEmpty() ? load(modelFile, new SessionDevice.Cpu()) : Copies.of(copies);
    }

    private LoadedModel load(Path modelFile, SessionDevice device) {
        OrtEnvironment environment = environment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = null;
        try {
            configure(options);
            device.configure(options);
            session = environment.createSession(modelFile.toString(), options);
            return OnnxModel.of(environment, session, options, device.name());
        } catch (OrtException | IllegalArgumentException e) {
            close(session, options);
            throw failed(
                    modelFile,
                    "an ONNX model%s: %s".formatted(device.condition(), OnnxErrors.oneLine(e)),
                    e);
        }
    }

    /// Does nothing: ONNX Runtime keeps its one environment until the JVM ends.
    @Override
    public void close() {}

    private void configure(OrtSession.SessionOptions options) throws OrtException {
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setIntraOpNumThreads(intraOpThreads);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        options.addConfigEntry("session.inter_op.allow_spinning", "0");
    }

    private synchronized Devices devices() {
        if (devices == null) {
            environment();
            devices = Devices.of(choice, look);
        }
        return devices;
    }

    private static OrtEnvironment environment() {
        OnnxNativeLibrary.requirePlatform();
        // Its own lines on standard error would repeat what comes back as exceptions.
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "tidemill");
    }

    private static void close(@Nullable OrtSession session, OrtSession.SessionOptions options) {
        if (session != null) {
            OnnxErrors.closing(session::close);
        }
        options.close();
    }

    private static TidemillException failed(Path file, String expected, @Nullable Exception cause) {
        String message = "model file: '%s' (expected: %s)".formatted(file, expected);
        return cause == null
                ? new TidemillException(ErrorCode.MODEL_FAILED, message)
                : new TidemillException(ErrorCode.MODEL_FAILED, message, cause);
    }
}
