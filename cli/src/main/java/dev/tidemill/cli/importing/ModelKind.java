package dev.tidemill.cli.importing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.Arrays;
import java.util.stream.Collectors;

/// What can be imported.
public enum ModelKind {
    SAVED_MODEL("saved-model", 10, 13),
    SKLEARN("sklearn", 9, 13),
    TORCH("torch", 11, 13),
    TRANSFORMERS("transformers", 11, 13);

    private final String label;
    private final int oldest;
    private final int newest;

    ModelKind(String label, int oldest, int newest) {
        this.label = label;
        this.oldest = oldest;
        this.newest = newest;
    }

    /// Its name on the command line and in the names of files.
    public String label() {
        return label;
    }

    /// Whose packages it takes; PyTorch is too large to have twice.
    String environment() {
        return this == TRANSFORMERS ? TORCH.label : label;
    }

    /// Those that the pinned packages exist for.
    PythonRange pythons() {
        return new PythonRange(oldest, newest);
    }

    /// @throws TidemillException `INVALID_REQUEST` for a name that is none of them
    public static ModelKind of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label.equals(label))
                .findFirst()
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.INVALID_REQUEST,
                                "--kind: '%s' (expected: %s)"
                                        .formatted(
                                                label,
                                                Arrays.stream(values())
                                                        .map(ModelKind::label)
                                                        .collect(Collectors.joining(", ")))));
    }
}
