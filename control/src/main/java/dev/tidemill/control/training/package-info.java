/// Training in this JVM: read the data, split it by seed, fit with Tribuo, export to ONNX, and
/// measure the exported file the way it will be served.
@NullMarked
package dev.tidemill.control.training;

import org.jspecify.annotations.NullMarked;
