package dev.tidemill.manifests;

import static dev.tidemill.manifests.Sample.at;
import static dev.tidemill.manifests.Sample.find;
import static dev.tidemill.manifests.Sample.has;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class PrewarmObjectsTest {
    private static final String MORNING =
            "{cron: \"0 8 * * MON-FRI\", for: 9h, zone: Europe/Berlin, min: 4, preWarm: 10m}";
    private static final String MONTHLY = "{cron: \"0 8 1 * *\", for: 9h, zone: UTC, min: 4}";

    @Test
    void a_pair_of_cron_jobs_raises_before_the_time_and_lowers_after_it() {
        List<KubeObject> objects = objects("hpa", MORNING);
        KubeObject up = find(objects, "cronjob/digits-server-prewarm-1-up");
        KubeObject down = find(objects, "cronjob/digits-server-prewarm-1-down");

        assertThat(at(up, "spec.schedule")).isEqualTo("50 7 * * 1,2,3,4,5");
        assertThat(at(up, "spec.timeZone")).isEqualTo("Europe/Berlin");
        assertThat(at(down, "spec.schedule")).isEqualTo("0 17 * * 1,2,3,4,5");
        assertThat(at(up, "spec.jobTemplate")).isEqualTo(at(down, "spec.jobTemplate"));
        assertThat(at(up, "spec.jobTemplate.spec.template.spec.containers.0.args"))
                .isEqualTo(
                        List.of(
                                "prewarm",
                                "--autoscaler=HorizontalPodAutoscaler/digits-server",
                                "--min=2",
                                "--schedule=0 8 * * MON-FRI|PT9H|Europe/Berlin|4|PT10M"));
    }

    @Test
    void the_number_has_one_owner() {
        KubeObject scaled = find(objects("hpa", MORNING), "horizontalpodautoscaler/digits-server");
        KubeObject plain = find(objects("hpa", ""), "horizontalpodautoscaler/digits-server");

        assertThat(has(scaled, "spec", "minReplicas")).isFalse();
        assertThat(at(plain, "spec.minReplicas")).isEqualTo(2);
    }

    @Test
    void its_pod_may_change_that_one_autoscaler_and_read_nothing() {
        List<KubeObject> objects = objects("hpa", MORNING);
        KubeObject role = find(objects, "role/digits-server-prewarm");
        KubeObject binding = find(objects, "rolebinding/digits-server-prewarm");

        assertThat(at(role, "rules"))
                .isEqualTo(
                        List.of(
                                Map.of(
                                        "apiGroups",
                                        List.of("autoscaling"),
                                        "resources",
                                        List.of("horizontalpodautoscalers"),
                                        "resourceNames",
                                        List.of("digits-server"),
                                        "verbs",
                                        List.of("patch"))));
        assertThat(at(binding, "subjects.0.name")).isEqualTo("digits-server-prewarm");
        assertThat(has(binding, "subjects.0", "namespace")).isFalse();
        assertThat(at(binding.within("ai"), "subjects.0.namespace")).isEqualTo("ai");
        assertThat(find(objects, "networkpolicy/digits-server-prewarm")).isNotNull();
    }

    @Test
    void new_schedules_are_another_job_that_begins_at_once() {
        assertThat(job(objects("hpa", MORNING))).isEqualTo(job(objects("hpa", MORNING)));
        assertThat(job(objects("hpa", MORNING.replace("min: 4", "min: 3"))))
                .isNotEqualTo(job(objects("hpa", MORNING)));
    }

    @Test
    void times_that_no_cron_text_has_are_looked_at_every_five_minutes() {
        List<KubeObject> objects = objects("hpa", MONTHLY);

        assertThat(at(find(objects, "cronjob/digits-server-prewarm-often"), "spec.schedule"))
                .isEqualTo("*/5 * * * *");
        assertThat(ids(objects)).noneMatch(id -> id.endsWith("-up"));
    }

    @Test
    void keda_has_a_trigger_for_it_and_needs_no_cron_job() {
        List<KubeObject> objects = objects("keda", MORNING);
        KubeObject scaled = find(objects, "scaledobject/digits-server");

        assertThat(at(scaled, "spec.triggers.1"))
                .isEqualTo(
                        Map.of(
                                "type",
                                "cron",
                                "name",
                                "schedule-1",
                                "metadata",
                                Map.of(
                                        "timezone",
                                        "Europe/Berlin",
                                        "start",
                                        "50 7 * * 1,2,3,4,5",
                                        "end",
                                        "0 17 * * 1,2,3,4,5",
                                        "desiredReplicas",
                                        "4")));
        assertThat(at(scaled, "spec.minReplicaCount")).isEqualTo(2);
        assertThat(ids(objects)).noneMatch(id -> id.contains("prewarm"));
    }

    @Test
    void what_kedas_trigger_cannot_say_is_a_cron_jobs_too() {
        List<KubeObject> objects = objects("keda", MONTHLY);
        KubeObject scaled = find(objects, "scaledobject/digits-server");

        assertThat(has(scaled, "spec", "minReplicaCount")).isFalse();
        assertThat(at(scaled, "spec.triggers"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(1);
        assertThat(
                        at(
                                find(objects, "cronjob/digits-server-prewarm-often"),
                                "spec.jobTemplate.spec.template.spec.containers.0.args.1"))
                .isEqualTo("--autoscaler=ScaledObject/digits-server");
    }

    @Test
    void where_our_own_engine_scales_or_nobody_does_there_is_none() {
        assertThat(ids(objects("tidemill", MORNING))).noneMatch(id -> id.contains("prewarm"));
        assertThat(ids(objects("none", MORNING))).noneMatch(id -> id.contains("prewarm"));
    }

    @Test
    void an_app_has_them_wherever_kubernetes_scales_it() {
        List<KubeObject> objects =
                Manifests.of(
                        Sample.platform(
                                """
                                apiVersion: tidemill.dev/v1alpha1
                                kind: App
                                metadata: {name: portal}
                                spec:
                                  image: portal:1
                                  command: [portal]
                                  scaling: {min: 1, max: 5, schedules: [%s]}
                                """
                                        .formatted(MORNING)));

        assertThat(ids(objects)).contains("cronjob/portal-app-prewarm-1-up");
    }

    private static String job(List<KubeObject> objects) {
        return objects.stream()
                .filter(object -> object.kind().equals("Job"))
                .map(KubeObject::id)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> ids(List<KubeObject> objects) {
        return objects.stream().map(KubeObject::id).toList();
    }

    private static List<KubeObject> objects(String scaling, String schedule) {
        return Manifests.of(
                Sample.platform(
                        """
                        apiVersion: tidemill.dev/v1alpha1
                        kind: Model
                        metadata: {name: digits}
                        spec: {source: digits, scaling: {min: 2, max: 6, schedules: [%s]}}
                        ---
                        apiVersion: tidemill.dev/v1alpha1
                        kind: Environment
                        metadata: {name: prod}
                        spec: {scaling: %s}
                        """
                                .formatted(schedule, scaling)));
    }
}
