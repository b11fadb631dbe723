package dev.tidemill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class CostCommandTest {
    private static final String QUICKSTART =
            Path.of("..", "examples", "quickstart", "tidemill.yaml").toString();

    @TempDir Path folder;

    private String out = "";
    private String err = "";

    @Test
    void a_file_is_priced_at_its_least_and_its_most() throws IOException {
        Path prices =
                Files.writeString(
                        folder.resolve("prices.csv"),
                        "instance,cores,memory_gib,price_per_hour\nduo,2,4,0.5\n");
        assertThat(
                        run(
                                "cost",
                                "-f",
                                QUICKSTART,
                                "--prices",
                                prices.toString(),
                                "--hours",
                                "100",
                                "--json"))
                .isZero();
        JsonNode totals = new JsonMapper().readTree(out).path("totals");
        assertThat(totals.get(0).path("pricePerMonth").asDouble()).isEqualTo(50);
        assertThat(totals.get(1).path("pricePerMonth").asDouble()).isEqualTo(100);
        assertThat(totals.get(1).path("instances").path("duo").asInt()).isEqualTo(2);
    }

    @Test
    void apps_are_priced_beside_models_and_alone() throws IOException {
        String app =
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: App
                metadata:
                  name: portal
                spec:
                  image: portal
                  resources: {cpu: 2, memory: 1Gi}
                  scaling: {min: 1, max: 4}
                """;
        Path alone = Files.writeString(folder.resolve("app.yaml"), app);
        Path both =
                Files.writeString(
                        folder.resolve("both.yaml"),
                        app
                                + """
                                ---
                                apiVersion: tidemill.dev/v1alpha1
                                kind: Model
                                metadata:
                                  name: large
                                spec:
                                  source: ./large.onnx
                                """);
        Path prices =
                Files.writeString(
                        folder.resolve("prices.csv"),
                        "instance,cores,memory_gib,price_per_hour\nduo,2,4,0.5\n");
        assertThat(run("cost", "-f", alone.toString(), "--prices", prices.toString(), "--json"))
                .as(() -> err)
                .isZero();
        JsonNode tree = new JsonMapper().readTree(out);
        assertThat(tree.path("models").size()).isZero();
        assertThat(tree.path("apps").get(0).path("app").asString()).isEqualTo("portal");
        assertThat(tree.path("totals").get(0).path("pricePerHour").asDouble()).isEqualTo(0.5);
        assertThat(tree.path("totals").get(1).path("pricePerHour").asDouble()).isEqualTo(2);
        assertThat(run("cost", "-f", both.toString(), "--prices", prices.toString())).isZero();
        assertThat(out)
                .contains("MODEL OR APP", "portal ", "large ", "1 to 4")
                .contains("note: Model/large does not say how much cpu and memory");
    }

    @Test
    void kinds_of_replicas_are_mixed_to_serve_a_rate_at_the_least_price() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("kinds.yaml"),
                        """
                        apiVersion: tidemill.dev/v1alpha1
                        kind: Model
                        metadata:
                          name: large
                        spec:
                          source: ./large.onnx
                          scaling:
                            max: 9
                            kinds:
                              - {name: gpu, requestsPerSecond: 50, pricePerHour: 4}
                              - {name: cpu, requestsPerSecond: 5, pricePerHour: 0.5}
                        """);
        assertThat(run("cost", "-f", file.toString(), "--rate", "58", "--json")).isZero();
        JsonNode mix = new JsonMapper().readTree(out).path("mixes").get(0);
        assertThat(mix.path("model").asString()).isEqualTo("large");
        assertThat(mix.path("replicas").path("gpu").asInt()).isEqualTo(1);
        assertThat(mix.path("replicas").path("cpu").asInt()).isEqualTo(2);
        assertThat(mix.path("pricePerHour").asDouble()).isEqualTo(5);
        assertThat(run("cost", "-f", file.toString(), "--rate", "58")).isZero();
        assertThat(out).contains("large: 1 gpu and 2 cpu for 58.0 requests/s at 5.00 an hour");
        assertThat(run("cost", "-f", QUICKSTART, "--rate", "58")).isEqualTo(1);
        assertThat(err).contains("--rate: '58' (expected: a Model with scaling.kinds)");
    }

    @Test
    void a_model_that_needs_a_gpu_is_priced_on_instances_that_have_one() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("gpu.yaml"),
                        """
                        apiVersion: tidemill.dev/v1alpha1
                        kind: Model
                        metadata:
                          name: large
                        spec:
                          source: ./large.onnx
                          runtime: onnx
                          resources: {cpu: 1, memory: 2Gi, gpu: 1}
                          scaling: {min: 1, max: 3}
                        """);
        Path prices =
                Files.writeString(
                        folder.resolve("prices.csv"),
                        "instance,cores,memory_gib,gpus,price_per_hour\nplain,8,32,0,0.1\ngpu,8,32,2,3\n");
        assertThat(run("cost", "-f", file.toString(), "--prices", prices.toString(), "--json"))
                .as(() -> err)
                .isZero();
        JsonNode tree = new JsonMapper().readTree(out);
        assertThat(tree.path("models").get(0).path("gpus").asInt()).isEqualTo(1);
        assertThat(tree.path("totals").get(0).path("pricePerHour").asDouble()).isEqualTo(3);
        assertThat(tree.path("totals").get(1).path("instances").path("gpu").asInt()).isEqualTo(2);
        assertThat(run("cost", "-f", file.toString(), "--prices", prices.toString())).isZero();
        assertThat(out).contains("GPUS", "2.00 GiB      1   1 to 3");
    }

    @Test
    void without_prices_it_says_whose_they_are() {
        assertThat(run("cost", "-f", QUICKSTART, "--replicas", "3")).isZero();
        assertThat(out).contains("digits", "2 to 4", "mean", "OpenCost's defaults");
    }

    @Test
    void a_table_that_cannot_be_used_is_refused() throws IOException {
        Path bad =
                Files.writeString(
                        folder.resolve("bad.csv"),
                        "instance,cores,memory_gib,price_per_hour\nx,y,1,1\n");
        assertThat(run("cost", "-f", QUICKSTART, "--prices", bad.toString())).isEqualTo(1);
        assertThat(err).contains("bad.csv: prices line 2: 'x,y,1,1'");
        Path tiny =
                Files.writeString(
                        folder.resolve("tiny.csv"),
                        "instance,cores,memory_gib,price_per_hour\nx,0.1,1,1\n");
        assertThat(run("cost", "-f", QUICKSTART, "--prices", tiny.toString())).isEqualTo(1);
        assertThat(err).contains("one that holds a replica of every model");
    }

    private int run(String... arguments) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int exit =
                Root.commandLine(
                                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                                new PrintStream(errBytes, true, StandardCharsets.UTF_8),
                                InstantSource.system())
                        .execute(arguments);
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return exit;
    }
}
