package dev.tidemill.server.modelconfig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.runtimes.spi.LoadOptions;
import dev.tidemill.runtimes.spi.LoadOptions.Placement;
import dev.tidemill.server.modelconfig.InstanceGroup.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InstanceGroupTest {
    @Test
    void no_group_leaves_the_device_open() {
        assertThat(InstanceGroup.loadOptions(List.of())).isEqualTo(LoadOptions.DEFAULT);
    }

    @Test
    void the_gpus_of_all_groups_hold_the_model_once_each() {
        assertThat(options(group(Kind.GPU, 0, 2), group(Kind.GPU, 2, 1)))
                .isEqualTo(new LoadOptions(Placement.GPU, List.of(0, 2, 1)));
        assertThat(options(group(Kind.GPU, 0), group(Kind.GPU)))
                .isEqualTo(new LoadOptions(Placement.GPU, List.of()));
    }

    @Test
    void groups_of_gpus_count_before_the_others() {
        assertThat(options(group(Kind.CPU), group(Kind.AUTO, 3), group(Kind.GPU, 1)))
                .isEqualTo(new LoadOptions(Placement.GPU, List.of(1)));
        assertThat(options(group(Kind.CPU), group(Kind.AUTO, 3)))
                .isEqualTo(new LoadOptions(Placement.AUTO, List.of(3)));
        assertThat(options(group(Kind.CPU, 1)))
                .isEqualTo(new LoadOptions(Placement.CPU, List.of()));
    }

    @Test
    void a_group_runs_its_count_on_each_of_its_gpus() {
        assertThat(new InstanceGroup(2, Kind.GPU, List.of(0, 1)).runs()).isEqualTo(4);
        assertThat(new InstanceGroup(2, Kind.GPU, List.of()).runs()).isEqualTo(2);
        assertThat(new InstanceGroup(2, Kind.CPU, List.of(0, 1)).runs()).isEqualTo(2);
    }

    @Test
    void a_model_without_a_group_gets_one_of_the_devices_it_is_on() {
        assertThat(InstanceGroup.on(List.of("cpu"), 3))
                .isEqualTo(new InstanceGroup(3, Kind.CPU, List.of()));
        assertThat(InstanceGroup.on(List.of("cuda:0", "cuda:2"), 3))
                .isEqualTo(new InstanceGroup(3, Kind.GPU, List.of(0, 2)));
    }

    private static InstanceGroup group(Kind kind, Integer... gpus) {
        return new InstanceGroup(1, kind, List.of(gpus));
    }

    private static LoadOptions options(InstanceGroup... groups) {
        return InstanceGroup.loadOptions(List.of(groups));
    }
}
