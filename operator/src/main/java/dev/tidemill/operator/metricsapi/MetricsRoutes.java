package dev.tidemill.operator.metricsapi;

import dev.tidemill.http.Bodies;
import dev.tidemill.http.Json;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.operator.scale.Readings;
import dev.tidemill.spec.scaling.Measure;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The paths of both APIs: what there is (the API server asks again and again, and counts an API
/// that does not answer within 5 s as away), and the values.
final class MetricsRoutes implements RouteSet {
    private static final String CUSTOM = "/apis/" + MetricsGroup.CUSTOM.groupVersion();
    private static final String EXTERNAL = "/apis/" + MetricsGroup.EXTERNAL.groupVersion();

    private final Readings readings;
    private final MetricAnswers answers;
    private final Doorkeeper door;

    MetricsRoutes(Readings readings, InstantSource clock, Doorkeeper door) {
        this.readings = readings;
        this.answers = new MetricAnswers(readings, clock);
        this.door = door;
    }

    @Override
    public void register(Routes routes) {
        routes.get(CUSTOM + "/namespaces/{namespace}/pods/{name}/{metric}", known(this::pods))
                .get(
                        CUSTOM + "/namespaces/{namespace}/{resource}/{name}/{metric}",
                        known(this::objects))
                .get(EXTERNAL + "/namespaces/{namespace}/{metric}", known(this::external))
                .get(CUSTOM, known((_, response) -> send(response, custom())))
                .get(EXTERNAL, known((_, response) -> send(response, externals())))
                .get("/apis", known((_, response) -> send(response, groups())));
        for (MetricsGroup group : MetricsGroup.values()) {
            routes.get(
                    "/apis/" + group.group(),
                    known((_, response) -> send(response, group("APIGroup", group))));
        }
    }

    private Handler known(Handler handler) {
        return (request, response) -> {
            door.check(request);
            handler.handle(request, response);
        };
    }

    private void pods(ServerRequest request, ServerResponse response) {
        send(
                response,
                list(
                        "MetricValueList",
                        MetricsGroup.CUSTOM,
                        answers.pods(
                                path(request, "namespace"),
                                path(request, "name"),
                                path(request, "metric"),
                                query(request, "labelSelector"),
                                query(request, "metricLabelSelector"))));
    }

    private void objects(ServerRequest request, ServerResponse response) {
        send(
                response,
                list(
                        "MetricValueList",
                        MetricsGroup.CUSTOM,
                        answers.objects(
                                path(request, "namespace"),
                                path(request, "resource"),
                                path(request, "name"),
                                path(request, "metric"),
                                query(request, "labelSelector"))));
    }

    private void external(ServerRequest request, ServerResponse response) {
        send(
                response,
                list(
                        "ExternalMetricValueList",
                        MetricsGroup.EXTERNAL,
                        answers.external(
                                path(request, "namespace"),
                                path(request, "metric"),
                                query(request, "labelSelector"))));
    }

    private static String path(ServerRequest request, String name) {
        return request.path().pathParameters().get(name);
    }

    private static String query(ServerRequest request, String name) {
        return request.query().first(name).orElse("");
    }

    private static void send(ServerResponse response, Map<String, Object> tree) {
        Bodies.sendJson(response, 200, Json.bytes(tree));
    }

    private static Map<String, Object> list(
            String kind, MetricsGroup group, List<Map<String, Object>> items) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("kind", kind);
        list.put("apiVersion", group.groupVersion());
        list.put("metadata", Map.of());
        list.put("items", items);
        return list;
    }

    private Map<String, Object> custom() {
        List<Map<String, Object>> resources = new ArrayList<>();
        for (String of : List.of("pods", "models.tidemill.dev", "services", "deployments.apps")) {
            for (String metric : names()) {
                resources.add(resource(of + "/" + metric, "MetricValueList"));
            }
        }
        return resources(MetricsGroup.CUSTOM, resources);
    }

    private Map<String, Object> externals() {
        return resources(
                MetricsGroup.EXTERNAL,
                names().stream().map(name -> resource(name, "ExternalMetricValueList")).toList());
    }

    /// Sources of files are named where they are measured; our own measures always.
    private List<String> names() {
        TreeSet<String> names = new TreeSet<>(Measure.metricNames());
        Arrays.stream(Measure.values()).map(Measure::word).forEach(names::add);
        readings.all().forEach(pool -> names.addAll(pool.names()));
        return List.copyOf(names);
    }

    private static Map<String, Object> resource(String name, String kind) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", name);
        one.put("singularName", "");
        one.put("namespaced", true);
        one.put("kind", kind);
        one.put("verbs", List.of("get"));
        return one;
    }

    private static Map<String, Object> resources(
            MetricsGroup group, List<Map<String, Object>> resources) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("kind", "APIResourceList");
        list.put("apiVersion", "v1");
        list.put("groupVersion", group.groupVersion());
        list.put("resources", resources);
        return list;
    }

    private static Map<String, Object> groups() {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("kind", "APIGroupList");
        list.put("apiVersion", "v1");
        list.put(
                "groups", Stream.of(MetricsGroup.values()).map(group -> group("", group)).toList());
        return list;
    }

    /// @param kind empty within a list
    private static Map<String, Object> group(String kind, MetricsGroup group) {
        Map<String, Object> version = new LinkedHashMap<>();
        version.put("groupVersion", group.groupVersion());
        version.put("version", group.version());
        Map<String, Object> one = new LinkedHashMap<>();
        if (!kind.isEmpty()) {
            one.put("kind", kind);
            one.put("apiVersion", "v1");
        }
        one.put("name", group.group());
        one.put("versions", List.of(version));
        one.put("preferredVersion", version);
        return one;
    }
}
