package dev.tidemill.control.training;

import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import dev.tidemill.control.training.Csv.Row;
import dev.tidemill.control.training.Csv.Table;
import dev.tidemill.runtimes.spi.TextFeatures;
import dev.tidemill.spec.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A data set as a model sees it, one entry a row.
///
/// @param texts the text of each row; empty when rows are numbers
/// @param vectors what goes into the model
/// @param groups which rows must stay on one side of a split: equal values
record Data(List<String> texts, List<float[]> vectors, List<String> labels, List<String> groups) {
    private static final int MOST_PROBLEMS = 20;

    Data {
        texts = List.copyOf(texts);
        vectors = List.copyOf(vectors);
        labels = List.copyOf(labels);
        groups = List.copyOf(groups);
    }

    int size() {
        return labels.size();
    }

    int width() {
        return vectors.getFirst().length;
    }

    /// The class names in the order of the model's output columns.
    List<String> classes() {
        return labels.stream().distinct().sorted().toList();
    }

    /// @param file for messages
    /// @throws dev.tidemill.common.TidemillException with the first problems of the rows
    static Data of(String file, Table table, Dataset dataset, Optional<TextFeatures> features) {
        Problems problems = new Problems();
        int label = column(file, table, dataset.label(), problems);
        int group = dataset.group().map(g -> column(file, table, g, problems)).orElse(-1);
        int text = dataset.text().map(t -> column(file, table, t, problems)).orElse(-1);
        problems.throwIfAny();
        List<String> texts = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        for (Row row : table.rows()) {
            labels.add(row.cells().get(label).strip());
            groups.add(group < 0 ? "row " + row.line() : row.cells().get(group));
            if (labels.getLast().isEmpty()) {
                problem(problems, file, row, dataset.label(), "", "a label");
            }
            if (features.isPresent() && text >= 0) {
                texts.add(row.cells().get(text));
                vectors.add(features.get().vector(texts.getLast()));
            } else {
                vectors.add(numbers(file, table, row, label, group, problems));
            }
        }
        enough(file, labels, problems);
        problems.throwIfAny();
        return new Data(texts, vectors, labels, groups);
    }

    private static int column(String file, Table table, String name, Problems problems) {
        int index = table.header().indexOf(name);
        if (index < 0) {
            problems.add(
                    new Problem(
                            file + ":1",
                            "column",
                            name,
                            "one of the header's: " + String.join(", ", table.header())));
        }
        return index;
    }

    private static float[] numbers(
            String file, Table table, Row row, int label, int group, Problems problems) {
        float[] vector = new float[table.header().size() - (group < 0 ? 1 : 2)];
        int next = 0;
        for (int i = 0; i < row.cells().size(); i++) {
            if (i == label || i == group) {
                continue;
            }
            String cell = row.cells().get(i).strip();
            try {
                vector[next] = Float.parseFloat(cell);
            } catch (NumberFormatException e) {
                vector[next] = Float.NaN;
            }
            if (!Float.isFinite(vector[next++])) {
                problem(problems, file, row, table.header().get(i), cell, "a finite number");
            }
        }
        return vector;
    }

    private static void enough(String file, List<String> labels, Problems problems) {
        long classes = labels.stream().distinct().count();
        if (classes < 2) {
            problems.add(
                    new Problem(file, "labels", classes + " different", "at least two classes"));
        }
    }

    private static void problem(
            Problems problems, String file, Row row, String column, String value, String expected) {
        if (problems.list().size() < MOST_PROBLEMS) {
            problems.add(new Problem(file + ":" + row.line(), "column " + column, value, expected));
        }
    }
}
