package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;

/// Where the runs of one session go.
sealed interface SessionDevice {
    /// Its name in logs.
    String name();

    /// What a model has to fulfil beside being one, for messages.
    String condition();

    void configure(OrtSession.SessionOptions options) throws OrtException;

    record Cpu() implements SessionDevice {
        @Override
        public String name() {
            return "cpu";
        }

        @Override
        public String condition() {
            return "";
        }

        @Override
        public void configure(OrtSession.SessionOptions options) {}
    }

    /// Inputs and outputs stay in the memory of the CPU, and ONNX Runtime copies them to and from
    /// the GPU in every run: they come from sockets and go there.
    record Gpu(int number) implements SessionDevice {
        @Override
        public String name() {
            return Devices.name(number);
        }

        @Override
        public String condition() {
            return " that runs on " + name();
        }

        @Override
        public void configure(OrtSession.SessionOptions options) throws OrtException {
            try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(number)) {
                // Doubling, the default, makes one model take memory that its neighbours need.
                cuda.add("arena_extend_strategy", "kSameAsRequested");
                // The default tries every algorithm anew for every shape, that is, batch size.
                cuda.add("cudnn_conv_algo_search", "HEURISTIC");
                options.addCUDA(cuda);
            }
        }
    }
}
