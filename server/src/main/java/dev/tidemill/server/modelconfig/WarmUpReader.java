package dev.tidemill.server.modelconfig;

import dev.tidemill.server.modelconfig.WarmUpRequest.Fill;
import dev.tidemill.server.modelconfig.WarmUpRequest.Input;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `model_warmup`.
final class WarmUpReader {
    private WarmUpReader() {}

    static List<WarmUpRequest> read(Section top) {
        List<WarmUpRequest> requests = new ArrayList<>();
        for (Section section : top.sections("model_warmup")) {
            Map<String, Input> inputs = new LinkedHashMap<>();
            section.sectionMap("inputs").forEach((name, input) -> inputs.put(name, input(input)));
            requests.add(
                    new WarmUpRequest(
                            section.text("name"),
                            Math.toIntExact(section.number("batch_size", 0, 1 << 20, 0)),
                            Math.toIntExact(Math.max(1, section.number("count", 0, 100_000, 1))),
                            inputs));
            section.finish();
        }
        return requests;
    }

    private static Input input(Section section) {
        boolean zero = section.flag("zero_data");
        boolean random = section.flag("random_data");
        String file = section.text("input_data_file");
        if ((zero ? 1 : 0) + (random ? 1 : 0) + (file.isEmpty() ? 0 : 1) != 1) {
            section.findings()
                    .wrong(
                            section.place(),
                            section.path(),
                            "{...}",
                            "one of zero_data, random_data, input_data_file");
        }
        Input input =
                new Input(
                        TensorReaders.type(section),
                        section.numbers("dims", 0, 1 << 30),
                        zero ? Fill.ZERO : random ? Fill.RANDOM : Fill.FILE,
                        file);
        section.finish();
        return input;
    }
}
