package dev.tidemill.manifests;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.ModelResources;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;

/// Resources as a container says them. What a file names is asked for and is the limit too, so that
/// neighbours cannot take it away; what it does not name gets a request that lets it start.
final class Quantities {
    private static final String GPU = "nvidia.com/gpu";

    private Quantities() {}

    /// @param cpu asked for when the file does not say
    /// @param memory asked for, and the limit, when the file does not say
    static Map<String, Object> of(ModelResources resources, String cpu, String memory) {
        Map<String, Object> requests = new LinkedHashMap<>();
        Map<String, Object> limits = new LinkedHashMap<>();
        requests.put("cpu", resources.cpu().map(Quantities::cores).orElse(cpu));
        resources.cpu().ifPresent(cores -> limits.put("cpu", cores(cores)));
        String size = resources.memory().map(Quantities::bytes).orElse(memory);
        requests.put("memory", size);
        // Without a limit a JVM takes the node's memory for its own.
        limits.put("memory", size);
        resources
                .gpus()
                .ifPresent(gpus -> {
                    requests.put(GPU, gpus.toString());
                    limits.put(GPU, gpus.toString());
                });
        return Tree.of("requests", requests, "limits", limits);
    }

    /// `200Mi`, in the largest unit that is exact.
    static String bytes(ByteSize size) {
        String[] units = {"", "Ki", "Mi", "Gi", "Ti"};
        long value = size.bytes();
        int unit = 0;
        while (unit < units.length - 1 && value % 1024 == 0 && value > 0) {
            value /= 1024;
            unit++;
        }
        return value + units[unit];
    }

    /// `2`, or `500m`.
    private static String cores(double cores) {
        BigDecimal milli =
                BigDecimal.valueOf(cores)
                        .multiply(BigDecimal.valueOf(1000))
                        .setScale(0, RoundingMode.CEILING);
        BigDecimal thousand = BigDecimal.valueOf(1000);
        return milli.remainder(thousand).signum() == 0
                ? milli.divide(thousand).toPlainString()
                : milli.toPlainString() + "m";
    }
}
