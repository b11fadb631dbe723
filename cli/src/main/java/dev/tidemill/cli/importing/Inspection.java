package dev.tidemill.cli.importing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.List;
import java.util.stream.Collectors;

/// What a file says of itself without being loaded.
///
/// @param format `pickle`, `skops`, `torchscript`, `exported-program`, `torch-pickle`, `zip`, or
///   empty for what is not looked into
/// @param version of scikit-learn that wrote it; empty when it does not say
/// @param classes that it names, with their modules
record Inspection(String format, String version, List<String> classes) {
    static final Inspection NONE = new Inspection("", "", List.of());

    Inspection {
        classes = List.copyOf(classes);
    }

    /// Says early what the converter would only find after its packages were installed.
    ///
    /// @throws TidemillException `INVALID_REQUEST` when it names classes and none is of `kind`
    void require(ModelKind kind) {
        if (kind != ModelKind.SKLEARN || classes.isEmpty() || names("sklearn")) {
            return;
        }
        String todo = names("torch") ? "; say --kind torch for a PyTorch file" : "";
        throw new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "file: 'names %s' (expected: classes of scikit-learn%s)"
                        .formatted(packages(), todo));
    }

    private boolean names(String top) {
        return classes.stream().anyMatch(name -> name.startsWith(top + "."));
    }

    private String packages() {
        return classes.stream()
                .map(name -> name.substring(0, Math.max(0, name.indexOf('.'))))
                .distinct()
                .limit(6)
                .collect(Collectors.joining(", "));
    }
}
