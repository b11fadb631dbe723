package dev.tidemill.cli.up;

import dev.tidemill.spec.App;

/// What a replica is asked to see whether it lives.
///
/// @param path empty: that it takes connections is enough
/// @param mostStatus the last status that is well, of those from 200 on
record HealthCheck(String path, int mostStatus) {
    /// Of model servers.
    static final HealthCheck SERVER = new HealthCheck("/v2/health/live", 200);

    private static final int LAST_REDIRECTION = 399;

    /// As Kubernetes' probes have it.
    static HealthCheck of(App.Health health) {
        return new HealthCheck(health.path().orElse(""), LAST_REDIRECTION);
    }

    boolean isWell(int status) {
        return status >= 200 && status <= mostStatus;
    }
}
