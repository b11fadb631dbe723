package dev.tidemill.server.metrics.gpu;

import java.util.List;

/// The GPUs of a machine and what they say of themselves. Safe for threads.
interface GpuSensors {
    /// In the order of their numbers.
    List<String> uuids();

    /// @param gpu number, from 0
    /// @return in the reading's unit; NaN where the GPU does not tell
    double read(Reading reading, int gpu);

    enum Reading {
        /// Part of the driver's last sample, up to a second, in which a kernel ran: 0 to 1.
        UTILIZATION,
        MEMORY_USED_BYTES,
        MEMORY_TOTAL_BYTES,
        POWER_WATTS,
        POWER_LIMIT_WATTS,
        /// Since the driver was loaded.
        ENERGY_JOULES
    }
}
