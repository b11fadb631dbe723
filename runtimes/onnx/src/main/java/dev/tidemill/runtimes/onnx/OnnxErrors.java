package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.OrtException;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;

/// What ONNX Runtime's exceptions mean to us.
final class OnnxErrors {
    private OnnxErrors() {}

    static TidemillException ofRun(OrtException e) {
        ErrorCode code =
                e.getCode() == OrtException.OrtErrorCode.ORT_INVALID_ARGUMENT
                        ? ErrorCode.INVALID_REQUEST
                        : ErrorCode.MODEL_FAILED;
        return new TidemillException(code, "model: " + oneLine(e), e);
    }

    static String oneLine(Exception e) {
        return String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " ");
    }

    /// Closing cannot fail in a way that anyone could act on.
    static void closing(Closing work) {
        try {
            work.close();
        } catch (OrtException e) {
            throw new IllegalStateException("closing a session", e);
        }
    }

    interface Closing {
        void close() throws OrtException;
    }
}
