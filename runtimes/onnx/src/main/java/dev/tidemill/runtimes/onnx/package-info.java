/// Models in ONNX format, run by ONNX Runtime on the processor. The library's types stay in here.
@NullMarked
package dev.tidemill.runtimes.onnx;

import org.jspecify.annotations.NullMarked;
