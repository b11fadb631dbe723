package dev.tidemill.server.protocol.tfserving;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RestPathTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/models/a:predict, a, , , predict",
        "/V1/Models/a:Classify, a, , , classify",
        "/v1/models/a%3Ab%2fc:regress, a:b/c, , , regress",
        "/v1/models/a/versions/007:predict, a, 7, , predict",
        "/v1/models/a/labels/b%20c:predict, a, , b c, predict",
        "/v1/models/100%:predict, 100%, , , predict",
        "/v1/models/%zz%4:predict, %zz%4, , , predict",
        "/v1/models/versions/versions/1:predict, versions, 1, , predict"
    })
    void understands_posts(String path, String model, Long version, String label, String action) {
        RestPath read = RestPath.of("POST", path);

        assertThat(read.servable().model()).isEqualTo(model);
        assertThat(read.servable().version().isPresent()).isEqualTo(version != null);
        assertThat(read.servable().version().orElse(0)).isEqualTo(version == null ? 0 : version);
        assertThat(read.servable().label().orElse(null)).isEqualTo(label);
        assertThat(read.action()).isEqualTo(action);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/models/a, ''",
        "/v1/models/a/versions/1, ''",
        "/v1/models/a/labels/b/metadata, metadata",
        "/v1/models/metadata, ''",
        "/v1/models/metadata/metadata, metadata"
    })
    void understands_gets(String path, String action) {
        assertThat(RestPath.of("GET", path).action()).isEqualTo(action);
    }
}
