package dev.tidemill.rehearsal.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AgendaTest {
    @Test
    void the_earliest_is_always_first_whatever_was_changed_before() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            Agenda agenda = new Agenda();
            TreeMap<Integer, Double> model = new TreeMap<>();
            for (int round = 0; round < 2000; round++) {
                int replica = random.nextInt(150);
                double at = random.nextInt(4) == 0 ? Double.POSITIVE_INFINITY : random.nextInt(50);
                agenda.set(replica, at);
                if (at == Double.POSITIVE_INFINITY) {
                    model.remove(replica);
                } else {
                    model.put(replica, at);
                }
                double least =
                        model.values().stream()
                                .mapToDouble(d -> d)
                                .min()
                                .orElse(Double.POSITIVE_INFINITY);
                assertThat(agenda.next()).as("seed %d", seed).isEqualTo(least);
                if (!model.isEmpty()) {
                    assertThat(model.get(agenda.first())).isEqualTo(least);
                }
            }
        }
    }
}
