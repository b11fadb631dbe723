package dev.tidemill.guardrails;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamedPatternTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    email       | write to bob@example.com.             | write to [EMAIL].
                    email       | Bob.O'Hara+x@mail.example.co.uk!      | [EMAIL]!
                    email       | 联系bob@example.com谢谢                | 联系[EMAIL]谢谢
                    email       | a@b, x@1.2.3.4 and @home              | a@b, x@1.2.3.4 and @home
                    phone       | call +49 30 1234567 now               | call [PHONE] now
                    phone       | call (415) 555-2671, please           | call [PHONE], please
                    phone       | 415-555-2671                          | [PHONE]
                    phone       | 030/1234567                           | [PHONE]
                    phone       | +14155552671                          | [PHONE]
                    phone       | order 4155552671 in 2024-11-21        | order 4155552671 in 2024-11-21
                    phone       | 3.14159 26535 is 1,000,000            | 3.14159 26535 is 1,000,000
                    credit-card | 4111 1111 1111 1111                   | [CREDIT_CARD]
                    credit-card | pay 4111-1111-1111-1111 123 today     | pay [CREDIT_CARD] 123 today
                    credit-card | 378282246310005                       | [CREDIT_CARD]
                    credit-card | 4111 1111 1111 1112                   | 4111 1111 1111 1112
                    credit-card | 94111111111111111                     | 94111111111111111
                    cn-id-card  | 身份证11010519491231002X。              | 身份证[CN_ID_CARD]。
                    cn-id-card  | 110105194912310021                    | 110105194912310021
                    cn-id-card  | 11010519491331002X                    | 11010519491331002X
                    cn-mobile   | 手机13812345678，谢谢                    | 手机[CN_MOBILE]，谢谢
                    cn-mobile   | +86 138-1234-5678                     | [CN_MOBILE]
                    cn-mobile   | 138123456789 or 12812345678           | 138123456789 or 12812345678
                    ipv4        | from 10.0.0.255 to 192.168.1.1:80     | from [IPV4] to [IPV4]:80
                    ipv4        | 256.1.1.1, 1.2.3 and 1.2.3.4444       | 256.1.1.1, 1.2.3 and 1.2.3.4444
                    api-key     | key sk-proj-abcDEF1234567890_x.       | key [API_KEY].
                    api-key     | AKIAIOSFODNN7EXAMPLE7                 | [API_KEY]
                    api-key     | ghp_16C7e42F292c6912E7710c838347Ae178B4a | [API_KEY]
                    api-key     | task-force and risk-averse sk-short   | task-force and risk-averse sk-short
                    """)
    void finds_what_it_is_named_for_and_nothing_that_looks_like_it(
            String pattern, String text, String passed) {
        NamedPattern named = NamedPattern.of(pattern).orElseThrow();
        Look look = new Look("test", named.guardrail(named.replacement()), Look.Action.REDACT);

        assertThat(Edit.apply(text, Edit.of(text, List.of(look), (_, _) -> {}, false)))
                .isEqualTo(passed);
    }
}
