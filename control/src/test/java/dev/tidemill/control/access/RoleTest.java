package dev.tidemill.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoleTest {
    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/models, true",
        "GET, /api/v1/models/digits/versions/latest, true",
        "GET, /api/v1/artifacts/sha256:0/files, true",
        "POST, /api/v1/audit, true",
        "POST, /api/v1/decisions, true",
        "GET, /api/v1/rollouts/front, true",
        "PUT, /api/v1/rollouts/front, true",
        "GET, /api/v1/audit, false",
        "GET, /api/v1/runs, false",
        "POST, /api/v1/trainings, false",
        "POST, /api/v1/models/digits/versions, false",
        "PUT, /api/v1/models/digits/aliases/production, false",
        "PUT, /api/v1/data/sha256:0, false"
    })
    void services_read_models_and_write_down_what_happened(
            String method, String path, boolean may) {
        assertThat(Role.SERVICE.may(method, path)).isEqualTo(may);
        assertThat(Role.ADMIN.may(method, path)).isTrue();
    }
}
