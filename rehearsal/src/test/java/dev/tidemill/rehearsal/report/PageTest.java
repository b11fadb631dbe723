package dev.tidemill.rehearsal.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageTest {
    private static final Pattern COLOUR = Pattern.compile("--(\\w+):(#[0-9a-f]{6})");

    /// What the Web Content Accessibility Guidelines (AA) ask for: 4.5 for text, 3 for lines.
    @ParameterizedTest(name = "dark: {0}")
    @ValueSource(booleans = {false, true})
    void words_and_lines_stand_out_from_what_is_behind_them(boolean dark) {
        Map<String, String> colours = colours(dark);
        for (String text : new String[] {"fg", "quiet", "good", "bad"}) {
            for (String behind : new String[] {"bg", "card"}) {
                assertThat(contrast(colours.get(text), colours.get(behind)))
                        .as("%s on %s", text, behind)
                        .isGreaterThanOrEqualTo(4.5);
            }
        }
        for (int line = 0; line < 8; line++) {
            assertThat(contrast(colours.get("s" + line), colours.get("bg")))
                    .as("line %d", line)
                    .isGreaterThanOrEqualTo(3);
        }
    }

    private static Map<String, String> colours(boolean dark) {
        String[] themes = Page.STYLE.split("prefers-color-scheme:dark", -1);
        assertThat(themes).hasSize(2);
        Map<String, String> colours = new HashMap<>();
        Matcher colour = COLOUR.matcher(themes[dark ? 1 : 0]);
        while (colour.find()) {
            colours.put(colour.group(1), colour.group(2));
        }
        return colours;
    }

    private static double contrast(String one, String other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(String colour) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double part = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum +=
                    weights[i]
                            * (part <= 0.03928
                                    ? part / 12.92
                                    : Math.pow((part + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}
