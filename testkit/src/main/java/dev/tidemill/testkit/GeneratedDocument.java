package dev.tidemill.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A section of a document under `docs/` that is made from the code. A test compares it, so that it
/// cannot rot; with `-Dtidemill.update=true` the test writes it instead.
///
/// A section is what stands between `<!-- generated: NAME -->` and `<!-- end: NAME -->`.
public final class GeneratedDocument {
    private static final String UPDATE = "tidemill.update";

    private GeneratedDocument() {}

    /// @param path from the repository's root, such as `docs/errors.md`
    /// @param section its name in the markers, which the document must have
    /// @param content Markdown, ending in a newline
    public static void assertSection(String path, String section, String content) {
        Path file = root().resolve(path);
        try {
            String document = Files.readString(file);
            String begin = "<!-- generated: " + section + " -->\n";
            String end = "<!-- end: " + section + " -->";
            assertThat(document)
                    .as("markers of section %s in %s", section, path)
                    .contains(begin, end);
            int from = document.indexOf(begin) + begin.length();
            int to = document.indexOf(end);
            if (Boolean.getBoolean(UPDATE)) {
                Files.writeString(
                        file, document.substring(0, from) + content + document.substring(to));
            } else {
                assertThat(document.substring(from, to))
                        .as("section %s of %s; write it anew with -D%s=true", section, path, UPDATE)
                        .isEqualTo(content);
            }
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }

    /// The topmost folder above the working directory that has a `pom.xml`.
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        Path parent = folder.getParent();
        while (parent != null && Files.exists(parent.resolve("pom.xml"))) {
            folder = parent;
            parent = folder.getParent();
        }
        return folder;
    }
}
