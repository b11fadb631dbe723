package dev.tidemill.operator.metricsapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LabelSelectorTest {
    private static final Map<String, String> LABELS =
            Map.of("app", "digits", "example.com/tier", "gpu", "empty", "");

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | true",
                "app=digits | true",
                "app==digits | true",
                "app = digits | true",
                "app=other | false",
                "app!=other | true",
                "none!=other | true",
                "app=digits,example.com/tier=gpu | true",
                "app=digits,example.com/tier=cpu | false",
                "app in (a, digits) | true",
                "app in (a,b),example.com/tier | false",
                "app notin (a,b) | true",
                "none notin (a) | true",
                "none in (a) | false",
                "app | true",
                "!app | false",
                "!none | true",
                "empty= | true",
                "empty in () | true",
                "app notin (digits),!none | false"
            })
    void chooses_as_kubernetes_does(String selector, boolean chosen) {
        assertThat(LabelSelector.parse(selector).test(LABELS)).isEqualTo(chosen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a==b=c", "a,,b", "a in b", "a in (b", "=b", "a~b", "a b", "!", ","})
    void what_is_none_is_refused(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("labelSelector: '" + selector + "'");
    }
}
