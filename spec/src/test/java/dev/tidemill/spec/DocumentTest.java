package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What surrounds every `spec`.
final class DocumentTest {
    @Test
    void names_the_nearest_kind() {
        assertThat(Yaml.problems(Yaml.MODEL.replace("kind: Model", "kind: Modle")))
                .containsExactly(
                        "tidemill.yaml:2: document 1 kind: 'Modle' (expected: Training, Model,"
                                + " App, Gateway or Environment; nearest: 'Model')");
    }

    @Test
    void names_the_nearest_api_version() {
        assertThat(Yaml.problems(Yaml.MODEL.replace("v1alpha1", "v1alpha")))
                .containsExactly(
                        "tidemill.yaml:1: Model/digits apiVersion: 'tidemill.dev/v1alpha' (expected:"
                                + " tidemill.dev/v1alpha1; nearest: 'tidemill.dev/v1alpha1')");
    }

    @Test
    void asks_for_every_required_key() {
        assertThat(Yaml.problems("kind: Model\n"))
                .containsExactly(
                        "tidemill.yaml:1: Model (document 1) apiVersion: 'missing' (expected:"
                                + " tidemill.dev/v1alpha1)",
                        "tidemill.yaml:1: Model (document 1) metadata: 'missing' (expected: a"
                                + " mapping with the keys name, description)",
                        "tidemill.yaml:1: Model (document 1) spec: 'missing' (expected: a mapping"
                                + " with the keys source, runtime, resources, sharesReplicasWith,"
                                + " scaling, volume, pod)");
    }

    @Test
    void asks_for_a_mapping() {
        assertThat(Yaml.problems("- a\n--- just words\n"))
                .containsExactly(
                        "tidemill.yaml:1: document 1: '[...]' (expected: a mapping with the keys"
                                + " apiVersion, kind, metadata and spec)",
                        "tidemill.yaml:2: document 2: 'just words' (expected: a mapping with the"
                                + " keys apiVersion, kind, metadata and spec)");
    }

    @Test
    void refuses_a_key_that_is_given_twice() {
        assertThat(Yaml.problems(Yaml.MODEL + "  source: other\n"))
                .containsExactly(
                        "tidemill.yaml:6: Model/digits spec.source: 'other' (expected: the key once;"
                                + " it is also on line 5)");
    }

    @Test
    void says_when_quotes_are_missing_or_too_many() {
        assertThat(
                        Yaml.problems(
                                Yaml.MODEL.replace("{name: digits}", "{name: 7}")
                                        + "  scaling: {min: \"2\"}\n"))
                .containsExactly(
                        "tidemill.yaml:3: Model/7 metadata.name: '7' (expected: a name of"
                                + " a-z, 0-9 and '-', 1 to 63 characters, that begins and ends with"
                                + " a letter or digit; in quotes)",
                        "tidemill.yaml:6: Model/7 spec.scaling.min: '2' (expected: a whole"
                                + " number from 0 to 1000; without quotes)");
    }

    @Test
    void takes_on_off_and_yes_as_text() {
        assertThat(Yaml.only(Yaml.MODEL.replace("name: digits", "name: on"), Model.class).name())
                .isEqualTo("on");
    }

    @Test
    void refuses_names_that_are_no_dns_label() {
        for (String name : new String[] {"Digits", "a_b", "-a", "a-", "a".repeat(64), "a b"}) {
            assertThat(Yaml.problems(Yaml.MODEL.replace("{name: digits}", "{name: " + name + "}")))
                    .singleElement()
                    .asString()
                    .startsWith("tidemill.yaml:3: Model (document 1) metadata.name: '");
        }
    }

    @Test
    void refuses_text_that_a_database_would_not_take() {
        for (String text : new String[] {"\\0", "\\a", "\\ud800"}) {
            String metadata = "{name: digits, description: \"%s\"}".formatted(text);
            assertThat(Yaml.problems(Yaml.MODEL.replace("{name: digits}", metadata)))
                    .singleElement()
                    .asString()
                    .contains("metadata.description");
        }
    }

    @Test
    void skips_empty_documents() {
        assertThat(Yaml.problems("---\n---\n" + Yaml.MODEL + "---\n# the end\n")).isEmpty();
    }
}
