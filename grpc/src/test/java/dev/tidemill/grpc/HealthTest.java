package dev.tidemill.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Readiness;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HealthTest {
    private final Readiness readiness = new Readiness();
    private final Health health = new Health(List.of("a.Service"), readiness);

    @Test
    void a_service_is_as_ready_as_the_process() {
        assertThat(health.check(asks("a.Service")).getStatus())
                .isEqualTo(ServingStatus.NOT_SERVING);
        readiness.started();
        assertThat(health.check(asks("a.Service")).getStatus()).isEqualTo(ServingStatus.SERVING);
        assertThat(health.check(asks("")).getStatus()).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void a_service_that_is_not_here_is_an_error_and_to_a_watcher_an_answer() {
        assertThatThrownBy(() -> health.check(asks("b.Service")))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("b.Service");
        assertThat(watched("b.Service")).containsExactly(ServingStatus.SERVICE_UNKNOWN);
    }

    @Test
    void a_watcher_hears_how_it_is_and_its_call_ends_with_the_process() {
        readiness.started();
        assertThat(watched("")).containsExactly(ServingStatus.SERVING);
    }

    @Test
    void who_has_left_is_told_nothing() {
        List<ServingStatus> heard = new ArrayList<>();
        health.watch(asks(""), () -> true, answer -> heard.add(answer.getStatus()));
        assertThat(heard).isEmpty();
    }

    private List<ServingStatus> watched(String service) {
        List<ServingStatus> heard = new ArrayList<>();
        health.end();
        health.watch(asks(service), () -> false, answer -> heard.add(answer.getStatus()));
        return heard;
    }

    private static HealthCheckRequest asks(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }
}
