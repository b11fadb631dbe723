package dev.tidemill.cli.aot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A small file with data, made up, that makes every role do what it does in real life.
final class RecordingData {
    private static final int ROWS = 120;
    private static final int PIXELS = 16;
    private static final List<List<String>> PHRASES =
            List.of(
                    List.of("when is the class", "课程几点开始", "where do we meet", "在哪个教室上课"),
                    List.of("what is my score", "我的成绩是多少", "did I pass the exam", "考试通过了吗"));

    private RecordingData() {}

    static Path write(Path folder) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        Files.writeString(folder.resolve("shapes.csv"), shapes(random));
        Files.writeString(folder.resolve("phrases.csv"), phrases(random));
        return Files.writeString(
                folder.resolve("recording.yaml"),
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Training
                metadata: {name: shapes}
                spec:
                  trainer: svm
                  parameters: {cost: 10, gamma: 0.01}
                  dataset: {path: shapes.csv, label: label}
                  evaluation: {holdout: 0.2}
                  gates: [{metric: accuracy, min: 0.5}]
                  registers: {model: shapes, alias: production}
                ---
                apiVersion: tidemill.dev/v1alpha1
                kind: Training
                metadata: {name: phrases}
                spec:
                  trainer: logistic
                  parameters: {epochs: 5}
                  dataset: {path: phrases.csv, label: intent, text: text, group: group}
                  features: {ngrams: {min: 1, max: 3}, buckets: 1024, maxLength: 128}
                  evaluation: {folds: 3}
                  registers: {model: phrases, alias: production}
                ---
                apiVersion: tidemill.dev/v1alpha1
                kind: Model
                metadata: {name: shapes}
                spec:
                  source: shapes@production
                  runtime: onnx
                  scaling: {min: 1, max: 2, metrics: [{type: concurrency, target: 8}]}
                ---
                apiVersion: tidemill.dev/v1alpha1
                kind: Model
                metadata: {name: phrases}
                spec: {source: phrases@production, runtime: onnx, sharesReplicasWith: shapes}
                ---
                apiVersion: tidemill.dev/v1alpha1
                kind: Gateway
                metadata: {name: gateway}
                spec:
                  listeners: [{port: 8080}]
                  routes: [{path: /predict, model: phrases}]
                """);
    }

    /// One row of the class that its first pixel says.
    static List<Float> row(int label) {
        List<Float> row = new ArrayList<>();
        for (int i = 0; i < PIXELS; i++) {
            row.add((float) ((i + label * 5) % PIXELS));
        }
        return row;
    }

    private static String shapes(SplittableRandom random) {
        StringBuilder csv = new StringBuilder();
        for (int i = 0; i < PIXELS; i++) {
            csv.append("p%02d,".formatted(i));
        }
        csv.append("label\n");
        for (int i = 0; i < ROWS; i++) {
            int label = i % 3;
            for (float pixel : row(label)) {
                csv.append((int) pixel + random.nextInt(2)).append(',');
            }
            csv.append(label).append('\n');
        }
        return csv.toString();
    }

    private static String phrases(SplittableRandom random) {
        StringBuilder csv = new StringBuilder("group,intent,text\n");
        for (int i = 0; i < ROWS; i++) {
            int intent = i % PHRASES.size();
            List<String> all = PHRASES.get(intent);
            csv.append(
                    "%d,i%d,%s %d\n"
                            .formatted(i, intent, all.get(i % all.size()), random.nextInt(50)));
        }
        return csv.toString();
    }
}
