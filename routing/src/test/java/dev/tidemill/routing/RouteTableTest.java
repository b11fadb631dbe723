package dev.tidemill.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteTableTest {
    private final RouteTable table =
            new RouteTable(
                    List.of(
                            new PathRoute("/predict", "intents"),
                            new PathRoute("/predict/digits/", "digits"),
                            new PathRoute("/v2/models/digits/special", "intents")),
                    List.of("digits", "intents"));

    @ParameterizedTest
    @CsvSource({
        "/v2/models/digits, digits",
        "/v2/models/digits/, digits",
        "/v2/models/digits/infer, digits",
        "/v2/models/intents/versions/3/infer, intents",
        "/v2/models/%64igits/infer, digits",
        "/v2/models/digits/x.y/..z/infer, digits",
    })
    void a_name_in_the_path_leads_to_the_model(String path, String model) {
        assertThat(table.match(path)).isEqualTo(new RouteMatch.ByName(model));
    }

    @ParameterizedTest
    @CsvSource({
        "/predict, /predict, intents",
        "/predict/, /predict, intents",
        "/predict/other, /predict, intents",
        "/predict/digits, /predict/digits, digits",
        "/predict/digits/x, /predict/digits, digits",
        "/v2/models/digits/special/x, /v2/models/digits/special, intents",
    })
    void the_longest_configured_path_wins(String path, String route, String model) {
        RouteMatch match = table.match(path);
        assertThat(match).isEqualTo(new RouteMatch.ByPath(model, route));
        assertThat(match.reason())
                .isEqualTo("route '%s' leads to model '%s'".formatted(route, model));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "/predictor",
                "/v2/models",
                "/v2/models/",
                "/v2/models//infer",
                "/V2/x",
                "/v2/modelsdigits",
                "predict"
            })
    void other_paths_lead_nowhere(String path) {
        assertThat(table.match(path)).isEqualTo(new RouteMatch.NoRoute());
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/models/iris/infer, iris",
        "/v2/models/digits;v=1/infer, digits;v=1",
        "/v2/models/a%2Fb/infer, a/b",
        "/v2/models/%zz/infer, %zz",
        "/v2/models/Digits, Digits",
    })
    void an_unknown_model_is_named(String path, String name) {
        assertThat(table.match(path)).isEqualTo(new RouteMatch.UnknownModel(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/models/digits/../intents/infer",
                "/v2/models/digits/%2e%2E/intents/infer",
                "/v2/models/digits/..;x/intents/infer",
                "/v2/models/digits/.%2e%3Bx/intents/infer",
                "/v2/models/digits/x%2f..%2Fy",
                "/./predict",
                "/predict/..",
            })
    void a_path_that_readers_may_understand_differently_leads_nowhere(String path) {
        assertThat(table.match(path)).isEqualTo(new RouteMatch.Ambiguous());
    }

    @Test
    void a_route_for_everything_leaves_models_reachable_by_name() {
        RouteTable all =
                new RouteTable(
                        List.of(new PathRoute("/", "intents")), List.of("digits", "intents"));
        assertThat(all.match("/anything/at/all")).isEqualTo(new RouteMatch.ByPath("intents", "/"));
        assertThat(all.match("/")).isEqualTo(new RouteMatch.ByPath("intents", "/"));
        assertThat(all.match("/v2/models/digits/infer")).isEqualTo(new RouteMatch.ByName("digits"));
        assertThat(all.match("/v2/models/iris")).isEqualTo(new RouteMatch.UnknownModel("iris"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void any_path_leads_to_the_longest_route_above_it(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<PathRoute> routes = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            routes.add(new PathRoute(path(random), "m" + i));
        }
        RouteTable any = new RouteTable(routes, List.of());
        for (int i = 0; i < 500; i++) {
            String path = path(random);
            RouteMatch expected = new RouteMatch.NoRoute();
            int longest = -1;
            for (PathRoute route : routes) {
                boolean above =
                        route.path().equals("/")
                                || path.equals(route.path())
                                || path.startsWith(route.path() + "/");
                if (above && route.path().length() >= longest) {
                    longest = route.path().length();
                    expected = new RouteMatch.ByPath(route.model(), route.path());
                }
            }
            assertThat(any.match(path)).as("seed %d, path %s", seed, path).isEqualTo(expected);
        }
    }

    @Test
    void a_route_begins_with_a_slash() {
        assertThatThrownBy(() -> new PathRoute("predict", "m"))
                .hasMessage("route: 'predict' (expected: a path that begins with /)");
    }

    private static String path(SplittableRandom random) {
        StringBuilder path = new StringBuilder();
        int segments = 1 + random.nextInt(4);
        for (int i = 0; i < segments; i++) {
            path.append('/').append("abc", 0, 1 + random.nextInt(2));
        }
        return path.toString();
    }
}
