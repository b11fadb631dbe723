package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;

/// Looks for what ONNX Runtime needs to use a GPU, in the order in which people forget it: its GPU
/// artifact, the driver, CUDA's libraries.
final class CudaSearch {
    private static final String LOADER = "with error: ";

    private CudaSearch() {}

    static FoundGpus look() {
        if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            return new FoundGpus.None("this build has ONNX Runtime for the CPU only");
        }
        return switch (new CudaDriver("libcuda.so.1").gpus()) {
            case FoundGpus.None none -> none;
            case FoundGpus.Some some -> withLibraries(some);
        };
    }

    /// What the loader said, without where in ONNX Runtime it was noticed.
    private static String shortened(OrtException e) {
        String line = OnnxErrors.oneLine(e);
        int loader = line.indexOf(LOADER);
        return loader < 0 ? line : line.substring(loader + LOADER.length());
    }

    /// Naming the provider loads it, and with it CUDA's runtime, cuBLAS and cuDNN.
    private static FoundGpus withLibraries(FoundGpus.Some some) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            new SessionDevice.Gpu(0).configure(options);
            return some;
        } catch (OrtException e) {
            return new FoundGpus.None("CUDA's libraries cannot be loaded: " + shortened(e));
        }
    }
}
