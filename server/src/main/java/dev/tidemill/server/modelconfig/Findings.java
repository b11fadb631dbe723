package dev.tidemill.server.modelconfig;

import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import java.util.ArrayList;
import java.util.List;

/// What reading a configuration brings to light.
///
/// @param source file name, for messages
/// @param json whether it was JSON, which spells some things otherwise
/// @param problems for which it is refused
/// @param warnings one for each part that is known and has no effect here
record Findings(String source, boolean json, Problems problems, List<String> warnings) {
    Findings(String source, boolean json) {
        this(source, json, new Problems(), new ArrayList<>());
    }

    void wrong(String place, String path, String value, String expected) {
        problems.add(new Problem(place.isEmpty() ? source : place, path, value, expected));
    }

    /// Once for a part, however often it is there.
    void ignored(String path, String reason) {
        String warning = "%s: %s is ignored: %s".formatted(source, path, reason);
        if (!warnings.contains(warning)) {
            warnings.add(warning);
        }
    }
}
