package dev.tidemill.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class NoticesTest {
    @Test
    void every_library_of_the_distribution_is_in_the_notices() throws IOException {
        List<String> named = named(Repository.root().resolve("THIRD-PARTY-NOTICES.md"));
        try (Stream<Path> jars = Files.list(Repository.root().resolve("cli/target/dist/lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString()))
                    .isNotEmpty()
                    .filteredOn(jar -> !jar.startsWith("tidemill-"))
                    .allMatch(jar -> named.stream().anyMatch(jar::startsWith));
        }
    }

    /// The names in the first column: `jackson` stands for every library that begins with it.
    private static List<String> named(Path notices) throws IOException {
        return Files.readAllLines(notices).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| library"))
                .flatMap(line -> Stream.of(line.split("\\|")[1].split(",")))
                .map(name -> name.replaceAll("\\(.*\\)", "").strip())
                .toList();
    }
}
