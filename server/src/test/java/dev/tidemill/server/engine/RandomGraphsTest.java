package dev.tidemill.server.engine;

import static dev.tidemill.server.engine.EnsemblePlanTest.step;
import static dev.tidemill.server.engine.Workshop.COLUMNS;
import static dev.tidemill.testkit.Tensors.intsOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.runtimes.spi.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Ensembles of any shape answer what a calculation by hand does, for many callers at once.
final class RandomGraphsTest {
    private static final long SEED = Long.getLong("tidemill.seed", 20_261_121);
    private static final int GRAPHS = 80;
    private static final int CALLERS = 6;
    private static final int MAX_ROWS = 3;

    private enum Kind {
        NEGATE(1, 1),
        SPLIT(2, 2),
        MIX(3, 1);

        final int takes;
        final int gives;

        Kind(int takes, int gives) {
            this.takes = takes;
            this.gives = gives;
        }

        int[] of(int... given) {
            return switch (this) {
                case NEGATE -> new int[] {-given[0] + 1};
                case SPLIT -> new int[] {given[0] + given[1], given[0] - given[1]};
                case MIX -> new int[] {given[0] * 3 ^ given[1] + 5 * given[2]};
            };
        }
    }

    private record Step(Kind kind, List<String> inputs, List<String> outputs) {}

    private record Graph(List<String> inputs, List<Step> steps, List<String> outputs) {}

    @Test
    void answer_what_a_direct_evaluation_does() throws Exception {
        for (int i = 0; i < GRAPHS; i++) {
            long seed = SEED + i;
            try (Workshop workshop = new Workshop();
                    ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                Random random = new Random(seed);
                addModels(workshop, random);
                Graph graph = graph(random);
                String config = config(graph, random);
                workshop.addEnsemble("e", config);
                assertThat(workshop.get("e").obstacle()).as("seed %d: %s", seed, config).isEmpty();
                List<Future<String>> answers = new ArrayList<>();
                for (int caller = 0; caller < CALLERS; caller++) {
                    long own = random.nextLong();
                    answers.add(callers.submit(() -> difference(workshop, graph, own)));
                }
                for (Future<String> answer : answers) {
                    assertThat(answer.get(20, TimeUnit.SECONDS))
                            .as("seed %d: %s", seed, config)
                            .isEmpty();
                }
            }
        }
    }

    private static String difference(Workshop workshop, Graph graph, long seed) {
        Random random = new Random(seed);
        int rows = random.nextInt(1, MAX_ROWS + 1);
        List<Tensor> inputs = new ArrayList<>();
        Map<String, int[]> known = new HashMap<>();
        for (String name : graph.inputs()) {
            int[] numbers = random.ints((long) rows * COLUMNS, -50, 50).toArray();
            known.put(name, numbers);
            inputs.add(Workshop.row(name, numbers));
        }
        Collections.shuffle(inputs, random);
        List<String> wanted = new ArrayList<>(graph.outputs());
        Collections.shuffle(wanted, random);
        wanted = wanted.subList(0, random.nextInt(1, wanted.size() + 1));
        graph.steps().forEach(step -> evaluate(step, known));
        List<Tensor> outputs = workshop.ask("e", inputs, wanted.toArray(String[]::new));
        if (!outputs.stream().map(Tensor::name).toList().equals(wanted)) {
            return "outputs " + outputs + " instead of " + wanted;
        }
        for (Tensor output : outputs) {
            if (!Arrays.equals(intsOf(output), known.get(output.name()))) {
                return output.name() + " differs";
            }
        }
        return "";
    }

    private static void evaluate(Step step, Map<String, int[]> known) {
        int size = known.get(step.inputs().getFirst()).length;
        int[][] results = new int[step.kind().gives][size];
        for (int i = 0; i < size; i++) {
            int at = i;
            int[] given = step.inputs().stream().mapToInt(name -> known.get(name)[at]).toArray();
            int[] gives = step.kind().of(given);
            for (int k = 0; k < gives.length; k++) {
                results[k][i] = gives[k];
            }
        }
        for (int k = 0; k < results.length; k++) {
            known.put(step.outputs().get(k), results[k]);
        }
    }

    /// In an order in which they can be evaluated.
    private static Graph graph(Random random) {
        List<String> available = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            available.add("in" + i);
        }
        List<Step> steps = new ArrayList<>();
        TreeSet<String> used = new TreeSet<>();
        List<String> made = new ArrayList<>();
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            List<String> inputs = new ArrayList<>();
            for (int k = 0; k < kind.takes; k++) {
                inputs.add(available.get(random.nextInt(available.size())));
            }
            List<String> outputs = new ArrayList<>();
            for (int k = 0; k < kind.gives; k++) {
                outputs.add("t%d_%d".formatted(i, k));
            }
            used.addAll(inputs);
            made.addAll(outputs);
            available.addAll(outputs);
            steps.add(new Step(kind, inputs, outputs));
        }
        Collections.shuffle(made, random);
        List<String> outputs = List.copyOf(made.subList(0, random.nextInt(1, made.size() + 1)));
        List<String> inputs = used.stream().filter(name -> name.startsWith("in")).toList();
        return new Graph(inputs, steps, outputs);
    }

    private static String config(Graph graph, Random random) {
        StringBuilder text = new StringBuilder("max_batch_size: " + MAX_ROWS);
        graph.inputs().forEach(name -> text.append(tensor("input", name)));
        graph.outputs().forEach(name -> text.append(tensor("output", name)));
        List<String> steps = new ArrayList<>();
        for (Step step : graph.steps()) {
            List<String> maps = new ArrayList<>();
            for (int k = 0; k < step.inputs().size(); k++) {
                maps.add("i%d:%s".formatted(k, step.inputs().get(k)));
            }
            for (int k = 0; k < step.outputs().size(); k++) {
                maps.add("o%d:%s".formatted(k, step.outputs().get(k)));
            }
            steps.add(step(step.kind().name(), maps.toArray(String[]::new)));
        }
        Collections.shuffle(steps, random);
        return text + " ensemble_scheduling { " + String.join(" ", steps) + " }";
    }

    private static String tensor(String what, String name) {
        return " %s { name: '%s' data_type: TYPE_INT32 dims: [ %d ] }"
                .formatted(what, name, COLUMNS);
    }

    private static void addModels(Workshop workshop, Random random) {
        for (Kind kind : Kind.values()) {
            String config =
                    "max_batch_size: %d instance_group { count: %d } %s"
                            .formatted(
                                    random.nextInt(MAX_ROWS, 9),
                                    random.nextInt(1, 3),
                                    random.nextBoolean() ? "dynamic_batching {}" : "");
            List<String> takes = new ArrayList<>();
            List<String> gives = new ArrayList<>();
            for (int i = 0; i < kind.takes; i++) {
                takes.add("i" + i);
            }
            for (int i = 0; i < kind.gives; i++) {
                gives.add("o" + i);
            }
            workshop.add(kind.name(), takes, gives, config, given -> work(kind, given));
        }
    }

    private static int[][] work(Kind kind, int[][] given) {
        int[][] results = new int[kind.gives][given[0].length];
        for (int i = 0; i < given[0].length; i++) {
            int[] numbers = new int[given.length];
            for (int k = 0; k < given.length; k++) {
                numbers[k] = given[k][i];
            }
            int[] gives = kind.of(numbers);
            for (int k = 0; k < gives.length; k++) {
                results[k][i] = gives[k];
            }
        }
        return results;
    }
}
