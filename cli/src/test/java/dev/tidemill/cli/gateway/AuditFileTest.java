package dev.tidemill.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.client.control.AuditQuery;
import dev.tidemill.client.control.AuditRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditFileTest {
    @TempDir private Path folder = Path.of("");
    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("audit.jsonl");
        Files.write(folder.resolve("audit.jsonl.1"), List.of(line(1, "alice"), line(2, "bob")));
        Files.write(file, List.of(line(3, "alice"), line(4, "alice")));
    }

    @Test
    void the_newest_come_first_also_out_of_full_files() {
        AuditFile log = new AuditFile(file);
        assertThat(ids(log.find(AuditQuery.ALL))).containsExactly("r-4", "r-3", "r-2", "r-1");
        assertThat(ids(log.find(AuditQuery.ALL.limit(3)))).containsExactly("r-4", "r-3", "r-2");
        assertThat(ids(log.find(AuditQuery.ALL.key("bob")))).containsExactly("r-2");
    }

    @Test
    void what_is_no_audit_log_is_refused() throws IOException {
        assertThatThrownBy(() -> new AuditFile(folder.resolve("no")).find(AuditQuery.ALL))
                .hasMessageContaining("(expected: the audit log of a gateway)");
        Files.writeString(file, "hello\n");
        assertThatThrownBy(() -> new AuditFile(file).find(AuditQuery.ALL))
                .hasMessageContaining("(expected: one JSON object of an audit log a line)");
    }

    @Test
    void a_terminal_sees_no_control_characters() throws IOException {
        Files.writeString(file, line(5, "alice").replace("\"m\"", "\"\\u001b[31mred\""));

        List<String> lines =
                AuditTable.lines(new AuditFile(file).find(AuditQuery.ALL.limit(1)), ZoneOffset.UTC);
        assertThat(lines).hasSize(2);
        assertThat(lines.getLast())
                .startsWith("2027-01-31 12:00:05.000 alice            ?[31mred")
                .endsWith("x-5");
    }

    private static List<String> ids(List<AuditRecord> records) {
        return records.stream().map(AuditRecord::id).toList();
    }

    private static String line(int number, String key) {
        return "{\"id\":\"r-%d\",\"at\":\"2027-01-31T12:00:0%dZ\",\"requestId\":\"x-%d\",\"key\":\"%s\",\"model\":\"m\",\"status\":200,\"decision\":\"allowed\",\"estimated\":false,\"millis\":1.5}"
                .formatted(number, number, number, key);
    }
}
