package dev.tidemill.cluster.apply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LineDiffTest {
    @Test
    void texts_that_are_the_same_differ_in_nothing() {
        assertThat(LineDiff.unified("a", "b", "x\ny\n", "x\ny\n")).isEmpty();
    }

    @Test
    void a_changed_line_is_shown_with_three_lines_around_it() {
        String before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

        assertThat(LineDiff.unified("live", "file", before, before.replace("5", "five")))
                .isEqualTo("--- live\n+++ file\n@@ line 2 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
    }

    @Test
    void changes_far_from_one_another_are_shown_apart() {
        String before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n";

        assertThat(LineDiff.unified("l", "f", before, before.replace("a", "A").replace("k", "K")))
                .isEqualTo(
                        "--- l\n+++ f\n@@ line 1 @@\n-a\n+A\n b\n c\n d\n@@ line 8 @@\n h\n i\n j\n-k\n+K\n");
    }

    @Test
    void what_comes_and_what_goes_is_shown_whole() {
        assertThat(LineDiff.unified("l", "f", "", "a\n")).endsWith("@@ line 1 @@\n+a\n");
        assertThat(LineDiff.unified("l", "f", "a\n", "")).endsWith("@@ line 1 @@\n-a\n");
    }
}
