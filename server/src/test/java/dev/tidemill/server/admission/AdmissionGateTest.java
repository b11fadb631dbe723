package dev.tidemill.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ByteSize;
import dev.tidemill.limits.AdaptiveLimit;
import dev.tidemill.limits.Admission;
import dev.tidemill.limits.Capacity;
import dev.tidemill.limits.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class AdmissionGateTest {
    private final AdmissionGate gate =
            new AdmissionGate(new Capacity(2, new ByteSize(100), Duration.ofSeconds(1)));

    @Test
    void counts_what_it_lets_in_and_forgets_it_when_it_leaves() {
        try (AdmissionGate.Permit first = gate.enter();
                AdmissionGate.Permit second = gate.enter()) {
            assertThat(first.grow(60)).isEqualTo(Admission.ADMITTED);
            assertThat(second.grow(30)).isEqualTo(Admission.ADMITTED);
            assertThat(gate.load()).isEqualTo(new Load(2, 90));
        }
        assertThat(gate.load()).isEqualTo(new Load(0, 0));
    }

    @Test
    void sheds_a_request_too_many_without_counting_it() {
        try (AdmissionGate.Permit first = gate.enter();
                AdmissionGate.Permit second = gate.enter();
                AdmissionGate.Permit third = gate.enter()) {
            assertThat(first.admission()).isEqualTo(Admission.ADMITTED);
            assertThat(second.admission()).isEqualTo(Admission.ADMITTED);
            assertThat(third.admission()).isInstanceOf(Admission.Shed.class);
            assertThat(gate.load()).isEqualTo(new Load(2, 0));
        }
        assertThat(gate.load()).isEqualTo(new Load(0, 0));
    }

    @Test
    void sheds_bytes_too_many_and_keeps_what_it_gave() {
        try (AdmissionGate.Permit permit = gate.enter()) {
            assertThat(permit.grow(70)).isEqualTo(Admission.ADMITTED);
            assertThat(permit.grow(31)).isInstanceOf(Admission.Shed.class);
            assertThat(permit.grow(30)).isEqualTo(Admission.ADMITTED);
            assertThat(gate.load()).isEqualTo(new Load(1, 100));
        }
        assertThat(gate.load()).isEqualTo(new Load(0, 0));
    }

    @Test
    void holds_its_limits_under_many_threads() throws Exception {
        long seed = new Random().nextLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random random = new Random(seed + i);
                all.add(threads.submit(() -> comeAndGo(random, "seed " + seed)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(gate.load()).isEqualTo(new Load(0, 0));
    }

    @Test
    void lets_fewer_in_when_answers_take_too_long_and_keeps_those_it_let_in() {
        AdmissionGate adaptive =
                new AdmissionGate(
                        new Capacity(100, new ByteSize(100), Duration.ofSeconds(1)),
                        new AdaptiveLimit(2, 20, 4, Duration.ofMillis(1)),
                        () -> 5);
        assertThat(adaptive.limit()).isEqualTo(20);
        List<AdmissionGate.Permit> held = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            held.add(adaptive.enter());
        }
        long now = 0;
        for (int i = 0; i < 100 + 150; i++) {
            boolean first = i < 100;
            now += first ? 10_000_000 : 50_000_000;
            held.getFirst().answered(now, first ? 1_000_000 : 1_000_000_000);
            adaptive.enter().close();
        }
        assertThat(adaptive.limit()).isEqualTo(5);
        assertThat(held.getFirst().grow(10)).isEqualTo(Admission.ADMITTED);
        try (AdmissionGate.Permit further = adaptive.enter()) {
            assertThat(further.admission()).isInstanceOf(Admission.Shed.class);
        }
        held.forEach(AdmissionGate.Permit::close);
        assertThat(adaptive.load()).isEqualTo(new Load(0, 0));
    }

    private void comeAndGo(Random random, String seed) {
        for (int i = 0; i < 5_000; i++) {
            try (AdmissionGate.Permit permit = gate.enter()) {
                if (permit.admission() instanceof Admission.Admitted) {
                    permit.grow(random.nextInt(120));
                }
                Load load = gate.load();
                assertThat(load.requests()).as(seed).isLessThanOrEqualTo(2);
                assertThat(load.bytes()).as(seed).isLessThanOrEqualTo(100);
            }
        }
    }
}
