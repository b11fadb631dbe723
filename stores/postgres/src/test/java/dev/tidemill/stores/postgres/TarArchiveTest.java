package dev.tidemill.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarArchiveTest {
    @TempDir private Path target;
    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();

    @Test
    void unpacks_folders_files_programs_and_links() throws IOException {
        add("bin/", '5', 0755, "", "");
        add("bin/tool", '0', 0755, "", "x".repeat(1000));
        add("share/text", '0', 0644, "", "y".repeat(512));
        add("share/empty", '0', 0644, "", "");
        add("bin/alias", '2', 0777, "tool", "");

        unpack();

        assertThat(target.resolve("bin/alias")).isSymbolicLink().hasContent("x".repeat(1000));
        assertThat(target.resolve("bin/tool")).isExecutable();
        assertThat(target.resolve("share/text")).hasContent("y".repeat(512));
        assertThat(target.resolve("share/empty")).isEmptyFile();
        assertThat(Files.isExecutable(target.resolve("share/text"))).isFalse();
    }

    @Test
    void refuses_names_that_lead_out() {
        add("../escaped", '0', 0644, "", "x");

        assertThatThrownBy(this::unpack).isInstanceOf(IOException.class).hasMessageContaining("..");
        assertThat(target.resolveSibling("escaped")).doesNotExist();
    }

    @Test
    void refuses_links_that_lead_out() {
        add("link", '2', 0777, "../../etc", "");

        assertThatThrownBy(this::unpack).hasMessageContaining("tar: link to '../../etc'");
    }

    @Test
    void refuses_kinds_of_entries_that_it_does_not_know() {
        add("device", '3', 0644, "", "");

        assertThatThrownBy(this::unpack).hasMessage("tar: entry of type '3'");
    }

    @Test
    void an_archive_that_ends_early_is_an_error() {
        add("file", '0', 0644, "", "x".repeat(2000));
        byte[] half = Arrays.copyOf(archive.toByteArray(), 1024);

        assertThatThrownBy(() -> TarArchive.unpack(new ByteArrayInputStream(half), target))
                .isInstanceOf(EOFException.class);
    }

    private void unpack() throws IOException {
        archive.write(new byte[1024]);
        TarArchive.unpack(new ByteArrayInputStream(archive.toByteArray()), target);
    }

    private void add(String name, char type, int mode, String link, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "%07o".formatted(mode));
        put(header, 124, "%011o".formatted(bytes.length));
        header[156] = (byte) type;
        put(header, 157, link);
        put(header, 257, "ustar");
        archive.writeBytes(header);
        archive.writeBytes(Arrays.copyOf(bytes, (bytes.length + 511) / 512 * 512));
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
