package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineShareTest {
    @TempDir Path group;

    @Test
    void tells_what_the_control_group_grants() throws IOException {
        Files.writeString(group.resolve("cpu.max"), "150000 100000\n");
        Files.writeString(group.resolve("memory.max"), "2147483648\n");

        assertThat(share())
                .hasToString(
                        "2 processors (1.50 by the control group's quota), memory 2.0 GiB by the"
                                + " control group's limit, heap up to 512.0 MiB");
    }

    @Test
    void tells_that_there_is_no_limit() throws IOException {
        String expected = "2 processors (no quota), memory 8.0 GiB, no limit, heap up to 512.0 MiB";
        assertThat(share()).hasToString(expected);
        Files.writeString(group.resolve("cpu.max"), "max 100000\n");
        Files.writeString(group.resolve("memory.max"), "max\n");
        assertThat(share()).hasToString(expected);
    }

    private MachineShare share() {
        return MachineShare.of(2, group, ByteSize.mebibytes(8 * 1024), ByteSize.mebibytes(512));
    }
}
