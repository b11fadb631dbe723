package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.ModelConfigReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServerLimitsTest {
    @Test
    void every_batch_is_to_be_filled_twice() {
        ModelConfig joins = model("max_batch_size: 8 instance_group { count: 2 kind: KIND_CPU }");
        ModelConfig alone = model("max_batch_size: 0 instance_group { count: 3 kind: KIND_CPU }");

        assertThat(ServerLimits.batchesNeed(List.of(joins))).isEqualTo(32);
        assertThat(ServerLimits.batchesNeed(List.of(alone))).isEqualTo(6);
        assertThat(ServerLimits.batchesNeed(List.of(joins, alone))).isEqualTo(38);
        assertThat(ServerLimits.batchesNeed(List.of())).isZero();
    }

    private static ModelConfig model(String text) {
        return ModelConfigReader.text("config.pbtxt", text.getBytes(StandardCharsets.UTF_8), "m")
                .config();
    }
}
