package dev.tidemill.sources.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.spec.scaling.KafkaLag.SecretText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaSecretsTest {
    @TempDir Path folder;

    @Test
    void on_one_machine_they_are_in_the_environment_or_beside_the_file() throws IOException {
        Files.writeString(folder.resolve("word"), "from a file\n");
        KafkaSecrets secrets = KafkaSecrets.beside(folder, Map.of("WORD", "from a variable"));
        assertThat(secrets.text(env("WORD"))).isEqualTo("from a variable");
        assertThat(secrets.text(file("word"))).isEqualTo("from a file");
        assertThatThrownBy(() -> secrets.text(env("OTHER")))
                .hasMessage("secret: 'OTHER' (expected: a variable with it)");
    }

    @Test
    void on_a_cluster_a_namespace_reaches_its_own_only() throws IOException {
        Path mounted = Files.createDirectory(folder.resolve("mounted"));
        Files.writeString(mounted.resolve("shop.WORD"), "shop's");
        Files.writeString(mounted.resolve("lab.WORD"), "lab's");
        Files.writeString(folder.resolve("token"), "the operator's own");
        KafkaSecrets shop = KafkaSecrets.mounted(Optional.of(mounted), "shop");
        assertThat(shop.text(env("WORD"))).isEqualTo("shop's");
        assertThat(shop.text(file("secrets/WORD"))).isEqualTo("shop's");
        for (String other : new String[] {"../token", "/etc/passwd", "../lab.WORD", "PATH", ".."}) {
            assertThatThrownBy(() -> shop.file(other))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("shop.");
        }
        assertThatThrownBy(() -> KafkaSecrets.mounted(Optional.empty(), "shop").text(env("WORD")))
                .hasMessage("secret: 'shop.WORD' (expected: an operator with --sources-dir)");
    }

    private static SecretText env(String name) {
        return new SecretText(Optional.of(name), Optional.empty());
    }

    private static SecretText file(String path) {
        return new SecretText(Optional.empty(), Optional.of(path));
    }
}
