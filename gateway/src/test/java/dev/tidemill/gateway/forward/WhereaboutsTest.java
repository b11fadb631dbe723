package dev.tidemill.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WhereaboutsTest {
    private static final Whereabouts PLAIN =
            new Whereabouts(URI.create("http://10.0.0.7:9000"), "ai.acme.example:8443", "");
    private static final Whereabouts APP =
            new Whereabouts(URI.create("https://pool.svc/base/"), "ai.acme.example", "/app");

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.7:9000/a?b=c#d, /a?b=c#d",
        "HTTP://10.0.0.7:9000, /",
        "//10.0.0.7:9000/a, /a",
        "http://user:secret@10.0.0.7:9000/a, /a",
        "http://10.0.0.7:9000?x=1, /?x=1",
        "/a, /a",
        "a/b, a/b",
        "?x=1, ?x=1",
        "mailto:a@b.example, mailto:a@b.example",
        "https://login.example/x, https://login.example/x",
        "https://ai.acme.example:8443/x, https://ai.acme.example:8443/x",
        "https://sso.acme.corp/x, https://sso.acme.corp/x"
    })
    void what_is_behind_the_gateway_becomes_a_path_of_its_own(String said, String passed) {
        assertThat(location(PLAIN, said)).isEqualTo(passed);
    }

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.7:9001/other-port",
        "http://10.0.0.8:9000/other-machine",
        "http://[::1]:9000/x",
        "http://127.0.0.1/x",
        "http://pool-0:9000/x",
        "http://pool.models.svc.cluster.local/x",
        "http://169.254.169.254/latest",
        "http:///x"
    })
    void what_else_is_at_home_is_left_out(String said) {
        assertThat(location(PLAIN, said)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "https://pool.svc/base/login, /app/login",
        "https://pool.svc:443/login, /app/login",
        "/login, /app/login",
        "https://ai.acme.example/login, https://ai.acme.example/app/login",
        "login, login"
    })
    void the_path_that_was_taken_off_comes_back(String said, String passed) {
        assertThat(location(APP, said)).isEqualTo(passed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Refresh          | 5; url=http://10.0.0.7:9000/x     | 5; url=/x
                    Refresh          | 0;URL='http://10.0.0.7:9000/x'    | 0;URL=/x
                    Refresh          | 5                                 | 5
                    Refresh          | 5; url=http://10.0.0.8/x          |
                    Content-Location | http://10.0.0.7:9000/docs/1       | /docs/1
                    Link             | <http://10.0.0.7:9000/2>; rel=next, <https://x.example/>; rel=help | </2>; rel=next, <https://x.example/>; rel=help
                    Link             | <http://10.0.0.8/2>; rel=next     |
                    Set-Cookie       | a=b; Domain=10.0.0.7; Path=/      | a=b; Path=/
                    Set-Cookie       | a=b; Path=/; domain=.pool.svc     | a=b; Path=/
                    Set-Cookie       | a=b; Domain=acme.example; Secure  | a=b; Domain=acme.example; Secure
                    Set-Cookie       | a=b; HttpOnly                     | a=b; HttpOnly
                    """)
    void so_do_the_other_headers_that_name_places(String name, String said, String passed) {
        Header header = PLAIN.passed(HeaderValues.create(HeaderNames.create(name), said));
        assertThat(header == null ? null : header.get()).isEqualTo(passed);
    }

    @Test
    void every_cookie_stays() {
        Header header =
                PLAIN.passed(
                        HeaderValues.create(HeaderNames.SET_COOKIE, "a=1", "b=2; Domain=x.svc"));
        assertThat(header).isNotNull();
        assertThat(header.allValues()).isEqualTo(List.of("a=1", "b=2"));
    }

    private static @org.jspecify.annotations.Nullable String location(
            Whereabouts places, String said) {
        Header header = places.passed(HeaderValues.create(HeaderNames.LOCATION, said));
        return header == null ? null : header.get();
    }
}
