package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PrometheusTextTest {
    @Test
    void names_labels_and_values_are_read_and_the_rest_is_left_out() {
        List<String> samples = new ArrayList<>();
        PrometheusText.read(
                """
                # HELP a_total x
                # TYPE a_total counter
                a_total{model="d\\"i, }g",class="2xx"} 12.5
                a_total 3 1700000000
                a_total{} +Inf
                b_total 9
                a_total{broken 1
                a_total nothing
                """,
                "a_",
                (name, labels, value) -> samples.add(name + new TreeMap<>(labels) + value));
        assertThat(samples)
                .containsExactly(
                        "a_total{class=2xx, model=d\"i, }g}12.5",
                        "a_total{}3.0",
                        "a_total{}Infinity");
    }

    @Test
    void a_metric_without_series_has_no_sum() {
        assertThat(PrometheusText.sum("a 1\na{x=\"y\"} 2\nab 4\n", "a")).hasValue(3);
        assertThat(PrometheusText.sum("a 1\n", "b")).isEmpty();
    }

    @Test
    void nothing_that_a_server_says_breaks_it() {
        String alphabet = "a_total{}\"=,\\ \n1.5e+NaI#";
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            int[] seen = {0};
            PrometheusText.read(text.toString(), "", (_, _, _) -> seen[0]++);
            assertThat(seen[0]).as("seed %d", seed).isNotNegative();
        }
    }
}
