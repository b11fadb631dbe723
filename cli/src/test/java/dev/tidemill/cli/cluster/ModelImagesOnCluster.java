package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A model that comes in an image of its own, on a node that cannot mount images: it is copied.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ModelImagesOnCluster {
    private static final Duration SERVED = Duration.ofMinutes(3);
    private static final String HALF_PLUS_TWO =
            """
            {"inputs": [{"name": "x", "datatype": "FP32", "shape": [2], "data": [1, 5]}]}
            """;

    @TempDir static Path folder;

    private static RealCluster real;
    private static RealOperator operator;
    private static String image;

    @BeforeAll
    static void open() {
        image = System.getenv("TIDEMILL_MODELS_IMAGE");
        Assumptions.assumeTrue(
                image != null && !image.isEmpty(), "TIDEMILL_MODELS_IMAGE: no image with a model");
        real = RealCluster.open("images-" + Long.toString(System.nanoTime(), 36), folder);
        operator = new RealOperator(real);
    }

    @AfterAll
    static void close() {
        if (operator != null) {
            operator.close();
        }
        if (real != null) {
            real.close();
        }
    }

    @Test
    void it_is_served_and_control_has_no_part_in_it() throws Exception {
        operator.put(
                "Environment",
                "here",
                Map.of(
                        "scaling",
                        "none",
                        "image",
                        Map.of("models", "copy"),
                        "control",
                        Map.of("storage", "2Gi", "resources", Map.of("memory", "1Gi"))));
        operator.put(
                "Model",
                "half",
                Map.of(
                        "source",
                        "oci://docker.io/library/" + image,
                        "resources",
                        Map.of("memory", "512Mi")));
        operator.put("Gateway", "gateway", Map.of("replicas", 1));
        Duration took =
                Waits.until(
                        "the gateway has a replica of it",
                        SERVED,
                        () ->
                                operator.condition("Gateway", "gateway", "Ready").startsWith("True")
                                        && operator.condition("Model", "half", "Ready")
                                                .startsWith("True"));
        Waits.say("figure: a model out of an image served after %d s", took.toSeconds());

        Path request = Files.writeString(folder.resolve("half.json"), HALF_PLUS_TWO);
        RealCluster.Done done =
                real.run(
                        "predict",
                        "half",
                        "--namespace",
                        real.namespace(),
                        "--input",
                        request.toString());

        assertThat(done.code()).isZero();
        assertThat(done.text()).contains("[2.5,4.5]");
    }
}
