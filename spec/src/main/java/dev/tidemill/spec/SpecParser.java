package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Findings;
import dev.tidemill.spec.yaml.SourceText;
import dev.tidemill.spec.yaml.YamlDocument;
import dev.tidemill.spec.yaml.YamlStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads resource files: YAML of one or more documents, or JSON. Never throws for bad input and
/// takes time in proportion to its size.
public final class SpecParser {
    private SpecParser() {}

    /// @param fileName for the place of each problem
    public static ParsedSpec parse(String fileName, byte[] content) {
        return parse(fileName, content, true, "");
    }

    /// Reads a file as it is in one of its environments: with the patches of that `Environment`.
    ///
    /// @param fileName for the place of each problem
    /// @param environment whether the file has it is the caller's to find out
    public static ParsedSpec parseIn(String environment, String fileName, byte[] content) {
        return parse(fileName, content, true, environment);
    }

    /// Reads documents that were cut out of a file, such as [Training#document]: names that they
    /// refer to may be in the rest of it.
    ///
    /// @param fileName for the place of each problem
    public static ParsedSpec parseDocument(String fileName, String document) {
        return parse(fileName, document.getBytes(StandardCharsets.UTF_8), false, "");
    }

    private static ParsedSpec parse(
            String fileName, byte[] content, boolean whole, String environment) {
        Findings findings = new Findings(fileName);
        Declarations declarations = new Declarations();
        List<Resource> resources = new ArrayList<>();
        Optional<SourceText> source = SourceText.of(content, findings);
        if (source.isPresent()) {
            YamlStream stream = YamlStream.read(source.get(), findings);
            DocumentReader reader = new DocumentReader(findings, declarations);
            Patches patches = Patches.of(stream.documents(), environment);
            for (YamlDocument document : stream.documents()) {
                reader.read(patches.apply(document)).ifPresent(resources::add);
            }
            if (stream.documents().isEmpty() && findings.count() == 0) {
                findings.add(
                        1,
                        "file",
                        source.get().text().isBlank() ? "empty" : "no document",
                        "at least one document with apiVersion, kind, metadata and spec");
            }
            if (whole && stream.complete()) {
                declarations.findDangling();
            }
            declarations.findCycles();
        }
        return new ParsedSpec(resources, findings.inLineOrder(), declarations.promised());
    }
}
