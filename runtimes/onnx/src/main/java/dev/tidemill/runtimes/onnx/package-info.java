/// Models in ONNX format, run by ONNX Runtime on the processor or on NVIDIA GPUs. The library's
/// types stay in here.
@NullMarked
package dev.tidemill.runtimes.onnx;

import org.jspecify.annotations.NullMarked;
