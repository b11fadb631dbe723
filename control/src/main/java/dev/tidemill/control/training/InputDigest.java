package dev.tidemill.control.training;

import dev.tidemill.client.control.ProgramResult;
import dev.tidemill.common.Digest;
import dev.tidemill.spec.Training;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/// What a training's result depends on, as one digest. Comments, order of keys, the timeout and
/// what it waits for are not part of it.
final class InputDigest {
    private InputDigest() {}

    /// Of a program's: what it was made of is the program's to know.
    static Digest of(Training training, ProgramResult result) {
        String input =
                String.join(
                        "\n",
                        "program/1",
                        training.name(),
                        training.gates().toString(),
                        training.registers().toString(),
                        result.model(),
                        result.manifest(),
                        new TreeMap<>(result.metrics()).toString(),
                        result.dataset());
        return Digest.of(input.getBytes(StandardCharsets.UTF_8));
    }

    static Digest of(Training training, Digest data) {
        String input =
                String.join(
                        "\n",
                        TribuoFit.VERSION,
                        training.name(),
                        training.trainer().name(),
                        new TreeMap<>(training.parameters()).toString(),
                        String.valueOf(training.seed()),
                        training.dataset().toString(),
                        training.features().toString(),
                        training.evaluation().toString(),
                        training.gates().toString(),
                        training.registers().toString(),
                        data.value());
        return Digest.of(input.getBytes(StandardCharsets.UTF_8));
    }
}
