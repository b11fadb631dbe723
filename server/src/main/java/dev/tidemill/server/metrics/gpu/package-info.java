/// What NVIDIA's driver says about the GPUs of the machine, at `/metrics`. Works without any
/// library of ours: the driver's own, NVML, is asked where there is one.
@NullMarked
package dev.tidemill.server.metrics.gpu;

import org.jspecify.annotations.NullMarked;
