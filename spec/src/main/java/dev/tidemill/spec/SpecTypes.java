package dev.tidemill.spec;

import dev.tidemill.common.ResourceName;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.List;
import java.util.Optional;

/// The types that several kinds use.
final class SpecTypes {
    /// The newest version is what a name without an alias means.
    private static final String LATEST = "latest";

    private SpecTypes() {}

    static ValueType<String> description() {
        return ValueTypes.text("text", 1000);
    }

    static ValueType<String> alias() {
        return ValueTypes.matching(
                        ResourceName.EXPECTED + ", other than latest",
                        "unnamed",
                        SpecTypes::isAlias)
                .as(new Form.Text(ResourceName.MOST, ResourceName.PATTERN));
    }

    static boolean isAlias(String text) {
        return ResourceName.isValid(text) && !text.equals(LATEST);
    }

    /// A path of a file on this machine.
    static ValueType<String> path(String example, List<String> endings) {
        String expected =
                "a path such as %s that ends in %s".formatted(example, ValueTypes.words(endings));
        return new ValueType<>(
                        expected,
                        example,
                        SpecTypes::unsupported,
                        scalar ->
                                isPath(scalar.text(), endings)
                                        ? Optional.of(scalar.text())
                                        : Optional.empty())
                .as(new Form.Text(1000, ""));
    }

    static boolean isPath(String text, List<String> endings) {
        return text.length() <= 1000
                && !text.contains("://")
                && text.chars().noneMatch(Character::isISOControl)
                && endings.stream().anyMatch(text::endsWith);
    }

    /// Says of `s3://...` and the like that they are not read yet.
    static String unsupported(String text) {
        int colon = text.indexOf("://");
        return colon < 1 ? "" : "; %s is not supported yet".formatted(cut(text, colon + 3));
    }

    private static String cut(String text, int length) {
        String scheme = text.substring(0, Math.min(length, 20));
        return scheme.chars().allMatch(c -> c > ' ' && c < 0x7f) ? scheme : "its scheme";
    }
}
