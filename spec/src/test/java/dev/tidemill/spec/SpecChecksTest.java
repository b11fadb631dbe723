package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.Problem;
import dev.tidemill.spec.MachineFacts.FileState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SpecChecksTest {
    private final FakeFacts facts = new FakeFacts();

    @Test
    void finds_nothing_where_all_is_there() {
        assertThat(check(Yaml.quickstart())).isEmpty();
    }

    @Test
    void finds_models_that_nobody_has() {
        String yaml =
                Yaml.file(
                        Yaml.TRAINING.replace(
                                "{model: digits}", "{model: digits, alias: production}"),
                        Yaml.MODEL.replace("source: digits", "source: digitz@production"));

        assertThat(check(yaml))
                .containsExactly(
                        "tidemill.yaml:14: Model/digits spec.source: 'digitz@production' (expected: a"
                                + " model that a Training here registers or the registry has;"
                                + " nearest: 'digits')");
    }

    @Test
    void finds_aliases_and_versions_that_nobody_has() {
        String other = Yaml.MODEL.replace("name: digits", "name: other");
        String yaml =
                Yaml.file(
                        Yaml.TRAINING,
                        Yaml.MODEL.replace("source: digits", "source: digits@blue"),
                        other.replace("source: digits", "source: digits:7"));

        assertThat(check(yaml))
                .containsExactly(
                        "tidemill.yaml:14: Model/digits spec.source: 'digits@blue' (expected: an"
                                + " alias of 'digits' that a Training here or the registry sets)",
                        "tidemill.yaml:20: Model/other spec.source: 'digits:7' (expected: a version"
                                + " of 'digits' that the registry has)");
    }

    @Test
    void takes_what_the_registry_has() {
        facts.versions.put("old", Set.of(3));
        facts.aliases.add("old@blue");
        for (String source : List.of("old", "old@blue", "old:3")) {
            assertThat(check(Yaml.MODEL.replace("source: digits", "source: " + source))).isEmpty();
        }
    }

    @Test
    void trusts_a_training_that_has_problems_of_its_own() {
        ParsedSpec spec = Yaml.parse(Yaml.file(Yaml.TRAINING.replace("svm", "smv"), Yaml.MODEL));

        assertThat(spec.problems()).hasSize(1);
        assertThat(SpecChecks.checkRegistry(spec, RegistryFacts.empty())).isEmpty();
        assertThat(SpecChecks.check(spec, new SpecFacts(facts, facts))).isEmpty();
    }

    @Test
    void finds_files_that_cannot_be_read() {
        facts.files.put("data/digits.csv.gz", FileState.MISSING);
        facts.files.put("./m.onnx", FileState.FOLDER);
        String yaml =
                Yaml.file(Yaml.TRAINING, Yaml.MODEL.replace("source: digits", "source: ./m.onnx"));

        assertThat(check(yaml))
                .containsExactly(
                        "tidemill.yaml:7: Training/digits spec.dataset.path: 'data/digits.csv.gz'"
                                + " (expected: an existing file)",
                        "tidemill.yaml:14: Model/digits spec.source: './m.onnx' (expected: a file;"
                                + " this is a folder)");
        facts.files.put("./m.onnx", FileState.UNREADABLE);
        assertThat(check(yaml).getLast()).endsWith("(expected: a file that this user may read)");
    }

    @Test
    void finds_a_port_in_use() {
        facts.takenPorts.add(9090);
        String yaml = Yaml.GATEWAY + "  listeners:\n    - host: 0.0.0.0\n      port: 9090\n";

        assertThat(check(yaml))
                .containsExactly(
                        "tidemill.yaml:8: Gateway/gateway spec.listeners[0].port: '9090' (expected: a"
                                + " free port on 0.0.0.0; it is in use)");
    }

    @Test
    void never_asks_for_port_0() {
        facts.takenPorts.add(0);

        assertThat(check(Yaml.GATEWAY + "  listeners: [{port: 0}]\n")).isEmpty();
    }

    @Test
    void finds_a_data_folder_without_space() {
        facts.free = ByteSize.mebibytes(12);

        assertThat(check(Yaml.GATEWAY))
                .containsExactly(
                        "data folder .tidemill: '12.0 MiB free' (expected: at least 300.0 MiB)");
    }

    @Test
    void finds_programs_and_variables_that_are_not_there() {
        facts.missing.addAll(Set.of("node", "API_KEY"));
        String yaml =
                Yaml.APP.replace("[java, Portal.java]", "[node, portal.js]")
                        + "  secrets: [{env: API_KEY}, {env: OTHER_KEY}]\n";

        assertThat(check(yaml))
                .containsExactly(
                        "tidemill.yaml:5: App/portal spec.command[0]: 'node' (expected: a program on"
                                + " the PATH, or the path of one such as ./portal)",
                        "tidemill.yaml:6: App/portal spec.secrets[0].env: 'API_KEY' (expected: a"
                                + " variable that is set where `tidemill up` is called)");
    }

    @Test
    void says_that_an_app_without_a_command_needs_a_cluster() {
        String yaml =
                Yaml.APP.replace("command: [java, Portal.java]", "image: example.com/portal:1");

        assertThat(check(yaml))
                .containsExactly(
                        "tidemill.yaml:1: App/portal spec.command: 'missing' (expected: a command for"
                                + " this machine; an app of which there is only an image needs a"
                                + " cluster, where `tidemill apply` runs it)");
    }

    @Test
    void says_that_a_model_in_an_image_needs_a_cluster() {
        assertThat(check(Yaml.MODEL.replaceFirst("source: .*", "source: oci://example.com/m:1")))
                .singleElement()
                .asString()
                .contains("Model/digits spec.source: 'oci://example.com/m:1' (expected: ")
                .contains("an image needs a cluster");
    }

    @Test
    void says_that_a_program_of_one_s_own_needs_a_cluster() {
        assertThat(check(TrainingTest.PROGRAM))
                .containsExactly(
                        "tidemill.yaml:5: Training/faces spec.trainer: 'program' (expected: svm or"
                                + " logistic; a program of one's own needs a cluster, where the"
                                + " operator runs it)");
    }

    private List<String> check(String yaml) {
        List<Resource> resources = Yaml.parse(yaml).orThrow();
        return SpecChecks.check(resources, new SpecFacts(facts, facts)).stream()
                .map(Problem::toString)
                .toList();
    }

    private static final class FakeFacts implements MachineFacts, RegistryFacts {
        private final Map<String, FileState> files = new HashMap<>();
        private final Set<String> missing = new HashSet<>();
        private final Set<Integer> takenPorts = new HashSet<>();
        private final Map<String, Set<Integer>> versions = new HashMap<>();
        private final Set<String> aliases = new HashSet<>();
        private ByteSize free = ByteSize.mebibytes(1000);

        @Override
        public FileState file(String path) {
            return files.getOrDefault(path, FileState.READABLE);
        }

        @Override
        public boolean portFree(String host, int port) {
            return !takenPorts.contains(port);
        }

        @Override
        public boolean isProgram(String name) {
            return !missing.contains(name);
        }

        @Override
        public boolean hasVariable(String name) {
            return !missing.contains(name);
        }

        @Override
        public String dataDirectory() {
            return ".tidemill";
        }

        @Override
        public ByteSize freeSpace() {
            return free;
        }

        @Override
        public ByteSize neededSpace() {
            return ByteSize.mebibytes(300);
        }

        @Override
        public Set<String> models() {
            return versions.keySet();
        }

        @Override
        public boolean hasAlias(String model, String alias) {
            return aliases.contains(model + "@" + alias);
        }

        @Override
        public boolean hasVersion(String model, int version) {
            return versions.getOrDefault(model, Set.of()).contains(version);
        }
    }
}
