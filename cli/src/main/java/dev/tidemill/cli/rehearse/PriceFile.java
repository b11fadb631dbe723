package dev.tidemill.cli.rehearse;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.rehearsal.cost.Instance;
import dev.tidemill.rehearsal.cost.PriceTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Prices of instances: of a file, or made of prices a core and a gibibyte.
public final class PriceFile {
    /// OpenCost's defaults for a core, a gibibyte and a GPU an hour.
    private static final double CORE = 0.031611;

    private static final double GIBIBYTE = 0.004237;
    private static final double GPU = 0.95;
    private static final double SPOT_CORE = 0.006655;

    private PriceFile() {}

    /// @param file null for the table that comes along
    public static List<Instance> read(@Nullable Path file) {
        if (file == null) {
            return usual();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return PriceTable.parse(lines.iterator()).instances();
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, file.getFileName() + ": " + e.getMessage(), e);
        } catch (IOException | UncheckedIOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--prices: '%s' (expected: a readable table in UTF-8)".formatted(file),
                    e);
        }
    }

    private static List<Instance> usual() {
        List<Instance> instances = new ArrayList<>();
        for (int cores = 1; cores <= 64; cores *= 2) {
            instances.add(
                    new Instance(
                            "%dc-%dg".formatted(cores, 4 * cores),
                            cores,
                            4 * cores,
                            0,
                            cores * CORE + 4 * cores * GIBIBYTE,
                            false));
            instances.add(
                    new Instance(
                            "%dc-%dg-spot".formatted(cores, 4 * cores),
                            cores,
                            4 * cores,
                            0,
                            cores * SPOT_CORE + 4 * cores * GIBIBYTE,
                            true));
        }
        instances.add(new Instance("8c-32g-1gpu", 8, 32, 1, 8 * CORE + 32 * GIBIBYTE + GPU, false));
        return instances;
    }
}
