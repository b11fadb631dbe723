package dev.tidemill.runtimes.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CopiesTest {
    private final List<String> events = new ArrayList<>();

    @Test
    void one_copy_is_the_model_itself() {
        LoadedModel only = new Recorded("cuda:0", () -> {});

        assertThat(Copies.of(List.of(only))).isSameAs(only);
    }

    @Test
    void a_run_that_comes_while_one_goes_on_takes_the_other_device() {
        LoadedModel idle = new Recorded("cuda:1", () -> {});
        LoadedModel[] copies = new LoadedModel[1];
        LoadedModel busy =
                new Recorded(
                        "cuda:0",
                        () -> {
                            if (events.size() == 1) {
                                copies[0].run(List.of());
                            }
                        });
        copies[0] = Copies.of(List.of(busy, idle));

        copies[0].run(List.of());
        copies[0].run(List.of());

        assertThat(events).containsExactly("run cuda:0", "run cuda:1", "run cuda:0");
    }

    @Test
    void closes_every_copy_and_names_every_device() {
        LoadedModel both =
                Copies.of(
                        List.of(
                                new Recorded("cuda:0", () -> {}),
                                new Recorded("cuda:1", () -> {})));

        assertThat(both.devices()).containsExactly("cuda:0", "cuda:1");
        both.close();
        assertThat(events).containsExactly("close cuda:0", "close cuda:1");
    }

    private final class Recorded implements LoadedModel {
        private final String device;
        private final Runnable during;

        Recorded(String device, Runnable during) {
            this.device = device;
            this.during = during;
        }

        @Override
        public List<TensorSpec> inputs() {
            return List.of();
        }

        @Override
        public List<TensorSpec> outputs() {
            return List.of();
        }

        @Override
        public List<String> devices() {
            return List.of(device);
        }

        @Override
        public List<Tensor> run(List<Tensor> inputs) {
            events.add("run " + device);
            during.run();
            return List.of();
        }

        @Override
        public void close() {
            events.add("close " + device);
        }
    }
}
