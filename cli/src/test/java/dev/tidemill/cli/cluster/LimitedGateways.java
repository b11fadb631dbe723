package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Fields;
import java.nio.file.Path;
import java.util.List;

/// Pods of a gateway whose limits are together in a Redis, asked one by one.
///
/// @param model that is limited
/// @param body of each request
record LimitedGateways(AnonymousCall call, String model, Path body) {
    private static final int HTTP = 8080;
    private static final int ADMIN = 9090;
    private static final int ANSWERED = 200;
    private static final int TOO_MANY = 429;

    /// @return how many were answered; the others were too many
    int ask(Fields gateway, int times) throws Exception {
        int answered = 0;
        for (int i = 0; i < times; i++) {
            int status =
                    call.status(gateway.name(), HTTP, "/v2/models/%s/infer".formatted(model), body);
            assertThat(status).isIn(ANSWERED, TOO_MANY);
            answered += status == ANSWERED ? 1 : 0;
        }
        return answered;
    }

    /// Questions to Redis for which gateways did not wait longer.
    double unanswered(List<Fields> gateways) throws Exception {
        double all = 0;
        for (Fields gateway : gateways) {
            all += metric(gateway, "tidemill_gateway_shared_limits_failures_total");
        }
        return all;
    }

    /// Whether it does not ask Redis at all.
    boolean isLost(Fields gateway) throws Exception {
        return metric(gateway, "tidemill_gateway_shared_limits_lost") > 0;
    }

    private double metric(Fields gateway, String name) throws Exception {
        return call.metric(gateway.name(), ADMIN, name);
    }
}
