package dev.tidemill.rehearsal.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PackingTest {
    private static final Instance SMALL = new Instance("small", 2, 4, 0, 0.05, false);
    private static final Instance LARGE = new Instance("large", 16, 64, 0, 0.45, false);
    private static final Instance GPU = new Instance("gpu", 8, 32, 1, 1.2, false);

    @Test
    void replicas_share_instances_and_the_cheapest_kind_is_taken() {
        Packing packing =
                Packing.cheapest(
                                Collections.nCopies(4, new Need("a", 1, 1, 0)),
                                List.of(SMALL, LARGE, GPU))
                        .orElseThrow();
        assertThat(packing.counts()).isEqualTo(Map.of("small", 2));
        assertThat(packing.pricePerHour()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void memory_counts_too_and_the_last_instance_is_no_larger_than_it_need_be() {
        Packing packing =
                Packing.cheapest(
                                Collections.nCopies(9, new Need("a", 0.5, 8, 0)),
                                List.of(SMALL, LARGE))
                        .orElseThrow();
        assertThat(packing.counts()).isEqualTo(Map.of("large", 2));
        Packing mixed =
                Packing.cheapest(
                                List.of(new Need("a", 16, 60, 0), new Need("b", 1, 1, 0)),
                                List.of(SMALL, LARGE))
                        .orElseThrow();
        assertThat(mixed.counts()).isEqualTo(Map.of("large", 1, "small", 1));
    }

    @Test
    void who_needs_a_gpu_gets_one_and_who_fits_nowhere_is_said() {
        assertThat(
                        Packing.cheapest(List.of(new Need("llm", 4, 16, 1)), List.of(SMALL, GPU))
                                .orElseThrow()
                                .counts())
                .isEqualTo(Map.of("gpu", 1));
        assertThat(Packing.cheapest(List.of(new Need("x", 64, 1, 0)), List.of(SMALL, LARGE)))
                .isEmpty();
        assertThat(Packing.cheapest(List.of(), List.of(SMALL)).orElseThrow().pricePerHour())
                .isZero();
    }

    @Test
    void a_table_is_read_in_any_order_of_columns() {
        PriceTable table =
                PriceTable.parse(
                        List.of(
                                        "# our contract",
                                        "price_per_hour, instance, memory_gib, cores, spot",
                                        "0.1, a, 8, 4, true",
                                        "",
                                        "0.2, b, 16, 8,")
                                .iterator());
        assertThat(table.instances())
                .containsExactly(
                        new Instance("a", 4, 8, 0, 0.1, true),
                        new Instance("b", 8, 16, 0, 0.2, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "instance,cores;a,1 | line 1 | a header with",
                "instance,cores,memory_gib,price_per_hour;a,0,1,1 | line 2 | above 0",
                "instance,cores,memory_gib,price_per_hour;a,1,1,-1 | line 2 | a price",
                "instance,cores,memory_gib,price_per_hour;a,1,1,NaN | line 2 | a price",
                "instance,cores,memory_gib,price_per_hour;a,1,1 | line 2 | a price",
                "instance,cores,memory_gib,price_per_hour | no instances | rows of",
            })
    void a_broken_table_is_refused_with_its_line(String lines, String where, String expected) {
        assertThatThrownBy(() -> PriceTable.parse(List.of(lines.split(";")).iterator()))
                .hasMessageContaining(where)
                .hasMessageContaining(expected);
    }
}
