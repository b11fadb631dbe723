@NullMarked
package dev.tidemill.runtimes.onnx;

import org.jspecify.annotations.NullMarked;
