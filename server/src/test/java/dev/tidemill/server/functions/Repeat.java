package dev.tidemill.server.functions;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ServerFunction;
import dev.tidemill.runtimes.spi.StreamingModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.testkit.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Answers with its text, `times` times; after the first answer it waits for the file `until`, if a
/// request names one; at the end it breaks, if a request says `fail` (as models do) or `bug`.
public final class Repeat implements ServerFunction {
    @Override
    public String name() {
        return "repeat";
    }

    @Override
    public LoadedModel open(FunctionParameters parameters) {
        return new StreamingModel() {
            @Override
            public List<TensorSpec> inputs() {
                return List.of(new TensorSpec("text", DataType.BYTES, List.of(1L)));
            }

            @Override
            public List<TensorSpec> outputs() {
                return List.of(
                        new TensorSpec("text", DataType.BYTES, List.of(1L)),
                        new TensorSpec("counts", DataType.INT32, List.of(2L)));
            }

            @Override
            public void run(
                    List<Tensor> inputs, Map<String, Object> said, Consumer<List<Tensor>> answers) {
                int times = ((Long) said.getOrDefault("times", 1L)).intValue();
                for (int i = 0; i < times; i++) {
                    answers.accept(
                            List.of(
                                    inputs.getFirst(),
                                    Tensors.ints("counts", new long[] {2}, i, times)));
                    if (i == 0 && said.get("until") instanceof String file) {
                        Gated.await(Path.of(file));
                    }
                }
                if (said.containsKey("fail")) {
                    throw new TidemillException(ErrorCode.MODEL_FAILED, "repeat: broken");
                }
                if (said.containsKey("bug")) {
                    throw new IllegalStateException("a bug");
                }
            }

            @Override
            public void close() {}
        };
    }
}
