package dev.tidemill.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContentCodingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                         | GZIP",
                "GZIP                         | GZIP",
                "x-gzip                       | GZIP",
                "deflate                      | DEFLATE",
                "gzip, deflate                | GZIP",
                "deflate, gzip;q=0.5          | DEFLATE",
                "gzip;q=0.1, deflate;q=0.2    | DEFLATE",
                "br, zstd                     | ''",
                "br, *;q=0.1                  | GZIP",
                "gzip;q=0, *                  | DEFLATE",
                "gzip;q=0                     | ''",
                "*;q=0                        | ''",
                "identity, gzip;q=0.5         | ''",
                "identity;q=0.5, gzip         | GZIP",
                "gzip;q=nonsense              | ''",
                "gzip;q=7                     | ''",
                "''                           | ''"
            })
    void takes_what_the_client_likes_best(String accepted, String coding) {
        assertThat(ContentCoding.wanted(List.of(accepted)).map(Enum::name).orElse(""))
                .isEqualTo(coding);
    }

    @Test
    void takes_headers_of_several_lines_together() {
        assertThat(ContentCoding.wanted(List.of("br", "deflate")))
                .isEqualTo(Optional.of(ContentCoding.DEFLATE));
    }
}
