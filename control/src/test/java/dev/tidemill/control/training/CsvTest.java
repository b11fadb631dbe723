package dev.tidemill.control.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.control.training.Csv.Row;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvTest {
    @Test
    void reads_quotes_commas_line_breaks_and_both_line_ends() {
        Csv.Table table = Csv.parse("d.csv", "\ufeffa,b\r\n1,\"x, \"\"y\"\"\nz\"\n\n,课程\n");
        assertThat(table.header()).containsExactly("a", "b");
        assertThat(table.rows())
                .containsExactly(
                        new Row(2, List.of("1", "x, \"y\"\nz")), new Row(5, List.of("", "课程")));
    }

    @Test
    void every_bad_row_is_told_with_its_line() {
        assertThatThrownBy(() -> Csv.parse("d.csv", "a,b\n1\n1,2\n1,2,3\n"))
                .isInstanceOf(TidemillException.class)
                .hasMessage(
                        """
                        d.csv:2: columns: '1' (expected: as many as the header has, 2)
                        d.csv:4: columns: '3' (expected: as many as the header has, 2)\
                        """);
    }

    @Test
    void a_quote_that_is_not_closed_is_told_where_it_opened() {
        assertThatThrownBy(() -> Csv.parse("d.csv", "a\n\"x\ny\n"))
                .hasMessage("d.csv:2: quote: 'not closed' (expected: a closing \")");
    }

    @Test
    void an_empty_file_is_an_error() {
        assertThatThrownBy(() -> Csv.parse("d.csv", "\n"))
                .hasMessageContaining("d.csv:1: header: 'empty'");
    }

    @Test
    void a_file_of_nothing_but_bad_rows_is_told_shortly() {
        assertThatThrownBy(() -> Csv.parse("d.csv", "a,b\n" + "1\n".repeat(1000)))
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(20));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void any_text_is_a_table_or_a_list_of_problems(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String alphabet = "ab,\"\n\r课 ";
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder();
            for (int c = random.nextInt(40); c > 0; c--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                Csv.Table table = Csv.parse("d.csv", text.toString());
                assertThat(table.rows())
                        .as("seed %d text %d", seed, i)
                        .allMatch(row -> row.cells().size() == table.header().size());
            } catch (TidemillException e) {
                assertThat(e).as("seed %d text %d", seed, i).hasMessageContaining("(expected: ");
            }
        }
    }
}
