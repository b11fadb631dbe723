package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Loads `.onnx` files. The native library comes from the folder in the system property
/// [OnnxNativeLibrary#PATH_PROPERTY], otherwise it is extracted to a temporary folder at every
/// start.
public final class OnnxRuntime implements ModelRuntime {
    /// [ModelRuntime#format()] of this runtime.
    public static final String FORMAT = "onnx";

    private static final System.Logger LOGGER = System.getLogger(OnnxRuntime.class.getName());

    private final int intraOpThreads;

    /// One thread per run: replicas are scaled by processes, and a pool of ONNX Runtime's own sized
    /// by the host's cores is the usual cause of slow containers.
    public OnnxRuntime() {
        this(1);
    }

    /// @param intraOpThreads threads that work on one operator of one run, at least 1
    public OnnxRuntime(int intraOpThreads) {
        if (intraOpThreads < 1) {
            throw new IllegalArgumentException(
                    "intraOpThreads: '%d' (expected: >= 1)".formatted(intraOpThreads));
        }
        this.intraOpThreads = intraOpThreads;
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

    @Override
    public LoadedModel load(Path modelFile) {
        if (!Files.isRegularFile(modelFile)) {
            throw failed(modelFile, "an ONNX file", null);
        }
        OrtEnvironment environment = environment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = null;
        try {
            configure(options);
            session = environment.createSession(modelFile.toString(), options);
            return OnnxModel.of(environment, session, options);
        } catch (OrtException | IllegalArgumentException e) {
            close(session, options);
            throw failed(modelFile, "an ONNX model: " + OnnxErrors.oneLine(e), e);
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
