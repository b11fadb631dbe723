package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.cluster.ModelVolume;
import dev.tidemill.spec.cluster.TrainJobSettings;
import dev.tidemill.spec.cluster.TrainingJob;
import dev.tidemill.spec.cluster.TrainingProgram;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrainingTest {
    static final String PROGRAM =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Training
            metadata: {name: faces}
            spec:
              trainer: program
              dataset: {path: faces/2026}
              gates: [{metric: f1, min: 0.9}]
              registers: {model: faces}
              job:
                volume: {claimName: sets}
                image: example.com/faces-trainer:3
                command: [python, train.py]
                args: [--rate, 0.01]
                env: {EPOCHS: 20}
                ttl: 1h
            """;

    @Test
    void has_defaults_for_what_is_not_given() {
        Training training = Yaml.only(Yaml.TRAINING, Training.class);

        assertThat(training)
                .isEqualTo(
                        new Training(
                                new Metadata("digits", ""),
                                training.place(),
                                Yaml.TRAINING,
                                Trainer.SVM,
                                Map.of("cost", 1.0, "gamma", 0.0002),
                                42,
                                new Dataset(
                                        "data/digits.csv.gz",
                                        "label",
                                        Optional.empty(),
                                        Optional.empty()),
                                Optional.empty(),
                                new Evaluation.Holdout(0.2),
                                List.of(),
                                new Registers("digits", Optional.empty(), ""),
                                List.of(),
                                Duration.ofMinutes(10),
                                Optional.empty()));
    }

    @Test
    void reads_the_job_that_runs_it_on_a_cluster() {
        Training training =
                Yaml.only(
                        Yaml.TRAINING
                                + "  job: {volume: {claimName: sets, path: digits}, retries: 1,"
                                + " resources: {memory: 1Gi}}\n",
                        Training.class);

        TrainingJob job = training.job().orElseThrow();
        assertThat(job.data()).isEqualTo(new ModelVolume("sets", Optional.of("digits")));
        assertThat(job.retries()).isEqualTo(1);
        assertThat(job.resources().memory()).contains(ByteSize.parse("1Gi"));
    }

    @Test
    void reads_a_program_of_one_s_own() {
        Training training = Yaml.only(PROGRAM, Training.class);

        TrainingJob job = training.job().orElseThrow();
        assertThat(job.ttl()).contains(Duration.ofHours(1));
        assertThat(job.program())
                .contains(
                        new TrainingProgram(
                                "example.com/faces-trainer:3",
                                List.of("python", "train.py"),
                                List.of("--rate", "0.01"),
                                Map.of("EPOCHS", "20"),
                                Optional.empty()));
        assertThat(training.dataset().path()).isEqualTo("faces/2026");
        assertThat(training.dataset().label()).isEmpty();
        assertThat(training.gates()).containsExactly(new Gate("f1", 0.9));
    }

    @Test
    void reads_who_else_may_run_the_program() {
        Training training =
                Yaml.only(
                        PROGRAM
                                + "    trainJob: {runtime: torch-distributed, nodes: 2, output:"
                                + " {claimName: models}}\n",
                        Training.class);

        assertThat(training.job().orElseThrow().program().orElseThrow().trainJob())
                .contains(
                        new TrainJobSettings(
                                "torch-distributed",
                                "ClusterTrainingRuntime",
                                2,
                                new ModelVolume("models", Optional.empty())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    trainer: program | trainer: svm | spec.job.image: 'example.com/faces-trainer:3' (expected: trainer: program, which it is for)
                    path: faces/2026 | path: /faces | spec.dataset.path: '/faces' (expected: a path inside the volume such as digits)
                    path: faces/2026 | path: ../all | spec.dataset.path: '../all' (expected: a path inside the volume such as digits)
                    EPOCHS: 20 | TIDEMILL_SEED: 1 | spec.job.env: '{...}' (expected: no TIDEMILL_..., which are set anyway)
                    image: example.com/faces-trainer:3 | retries: 1 | spec.job.image: 'missing' (expected: the image that trainer: program runs)
                    """)
    void refuses_what_no_program_can_be_run_by(String from, String to, String problem) {
        assertThat(Yaml.problems(PROGRAM.replace(from, to)))
                .anyMatch(found -> found.contains(problem));
    }

    @Test
    void a_job_finds_its_data_in_its_volume() {
        assertThat(
                        Yaml.problems(
                                Yaml.TRAINING.replace("data/digits.csv.gz", "/data/digits.csv.gz")
                                        + "  job: {volume: {claimName: sets}}\n"))
                .anyMatch(problem -> problem.contains("a path inside of the job's volume"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {gamma: 1, costs: 2}    | spec.parameters.costs: '2' (expected: 'cost'; known keys: cost, gamma)
                    {gamma: 1, epochs: 2}   | spec.parameters.epochs: '2' (expected: known keys: cost, gamma)
                    {gamma: .nan}           | spec.parameters.gamma: '.nan' (expected: a number above 0, at most 1000000)
                    {gamma: -.inf}          | spec.parameters.gamma: '-.inf' (expected: a number above 0, at most 1000000)
                    {gamma: 1e999}          | spec.parameters.gamma: '1e999' (expected: a number above 0, at most 1000000)
                    {gamma: 0}              | spec.parameters.gamma: '0' (expected: a number above 0, at most 1000000)
                    {gamma: [1]}            | spec.parameters.gamma: '[...]' (expected: a number above 0, at most 1000000)
                    {cost: 1}               | spec.parameters.gamma: 'missing' (expected: a number above 0, at most 1000000)
                    auto                    | spec.parameters: 'auto' (expected: a mapping with the keys cost, gamma)
                    """)
    void refuses_parameters_that_the_trainer_does_not_take(String parameters, String problem) {
        String yaml = Yaml.TRAINING.replace("{gamma: 0.0002}", parameters);

        assertThat(Yaml.problems(yaml))
                .containsExactly("tidemill.yaml:6: Training/digits " + problem);
    }

    @Test
    void asks_for_required_parameters_where_none_are_given() {
        assertThat(Yaml.problems(Yaml.TRAINING.replace("  parameters: {gamma: 0.0002}\n", "")))
                .containsExactly(
                        "tidemill.yaml:4: Training/digits spec.parameters.gamma: 'missing'"
                                + " (expected: a number above 0, at most 1000000)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    seed: -1                  | spec.seed: '-1' (expected: a whole number from 0 to 2147483647)
                    seed: 1.5                 | spec.seed: '1.5' (expected: a whole number from 0 to 2147483647)
                    seed: 0x10                | spec.seed: '0x10' (expected: a whole number from 0 to 2147483647)
                    seed: 99999999999999999999| spec.seed: '99999999999999999999' (expected: a whole number from 0 to 2147483647)
                    timeout: 300              | spec.timeout: '300' (expected: a duration such as 250ms, 30s, 5m or 1h30m, from 1s to 7d)
                    timeout: 0s               | spec.timeout: '0s' (expected: a duration such as 250ms, 30s, 5m or 1h30m, from 1s to 7d)
                    evaluation: {holdout: 1}  | spec.evaluation.holdout: '1' (expected: a number from 0.01 to 0.9)
                    evaluation: {folds: 1}    | spec.evaluation.folds: '1' (expected: a whole number from 2 to 20)
                    evaluation: {folds: 5, holdout: 0.2} | spec.evaluation.folds: '5' (expected: either holdout or folds)
                    gates: {metric: recall}   | spec.gates: '{...}' (expected: a list of at most 10, each with the keys metric, min)
                    gates: [recall]           | spec.gates[0]: 'recall' (expected: a mapping with the keys metric, min)
                    gates: [{metric: recall}] | spec.gates[0].min: 'missing' (expected: a number from 0 to 1)
                    gates: [{metric: f1, min: 1}] | spec.gates[0].metric: 'f1' (expected: accuracy, precision or recall)
                    after: intents            | spec.after: 'intents' (expected: a list such as [a, b] of at most 100, each a name of a-z, 0-9 and '-', 1 to 63 characters, that begins and ends with a letter or digit)
                    features: {}              | spec.features: '{}' (expected: dataset.text, the column to make them of, or no features)
                    """)
    void refuses_what_cannot_be_meant(String line, String problem) {
        assertThat(Yaml.problems(Yaml.TRAINING + "  " + line + "\n"))
                .containsExactly("tidemill.yaml:9: Training/digits " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {path: a.csv, label: l, text: t} | spec.dataset.text: 't' (expected: spec.features too, such as features: {})
                    {path: a.csv, label: l, group: l}| spec.dataset.group: 'l' (expected: a column other than the label)
                    {path: a.txt, label: l}          | spec.dataset.path: 'a.txt' (expected: a path such as data/digits.csv.gz that ends in .csv or .csv.gz)
                    {path: 's3://b/a.csv', label: l} | spec.dataset.path: 's3://b/a.csv' (expected: a path such as data/digits.csv.gz that ends in .csv or .csv.gz; s3:// is not supported yet)
                    {path: a.csv, label: ' '}        | spec.dataset.label: ' ' (expected: the name of a column, at most 200 characters)
                    """)
    void refuses_datasets_that_cannot_be_learned_from(String dataset, String problem) {
        String yaml = Yaml.TRAINING.replace("{path: data/digits.csv.gz, label: label}", dataset);

        assertThat(Yaml.problems(yaml))
                .containsExactly("tidemill.yaml:7: Training/digits " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {ngrams: {min: 5}}         | spec.features.ngrams.min: '5' (expected: at most max, which is 4)
                    {ngrams: {min: 3, max: 2}} | spec.features.ngrams.min: '3' (expected: at most max, which is 2)
                    {ngrams: {max: 9}}         | spec.features.ngrams.max: '9' (expected: a whole number from 1 to 8)
                    {buckets: 1000}            | spec.features.buckets: '1000' (expected: a power of two from 64 to 262144)
                    {maxLength: 0}             | spec.features.maxLength: '0' (expected: a whole number from 1 to 100000)
                    """)
    void refuses_features_that_cannot_be_made(String features, String problem) {
        String yaml =
                Yaml.TRAINING.replace("label: label}", "label: label, text: t}")
                        + "  features: "
                        + features
                        + "\n";

        assertThat(Yaml.problems(yaml))
                .containsExactly("tidemill.yaml:9: Training/digits " + problem);
    }

    @Test
    void refuses_the_alias_that_means_the_newest_version() {
        assertThat(
                        Yaml.problems(
                                Yaml.TRAINING.replace(
                                        "{model: digits}", "{model: d, alias: latest}")))
                .singleElement()
                .asString()
                .contains("spec.registers.alias: 'latest'", "other than latest");
    }
}
