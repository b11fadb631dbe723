package dev.tidemill.server.fuzz;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/// What is still used after collecting garbage, on the heap and in buffers beside it.
final class Memory {
    private Memory() {}

    static long used() {
        long least = Long.MAX_VALUE;
        // Buffers beside the heap are freed after the collection that found them.
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, now());
        }
        return least;
    }

    private static long now() {
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return heap
                + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum();
    }
}
