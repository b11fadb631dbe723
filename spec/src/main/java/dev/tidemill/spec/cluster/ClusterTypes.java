package dev.tidemill.spec.cluster;

import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.Optional;
import java.util.regex.Pattern;

/// The types of values that Kubernetes checks: found wrong here, not by its API server.
public final class ClusterTypes {
    private static final Pattern LABEL =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile(
                    "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    private static final Pattern QUANTITY =
            Pattern.compile("\\d{1,12}(\\.\\d{1,6})?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?");
    private static final Pattern IMAGE =
            Pattern.compile(
                    "[a-z0-9][A-Za-z0-9._-]*(:\\d{1,5})?(/[a-z0-9][a-z0-9._-]*)*"
                            + "(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?");

    private ClusterTypes() {}

    /// The name of most objects.
    static ValueType<String> subdomain(String example) {
        return ValueTypes.matching(
                        "a name of Kubernetes such as " + example,
                        "unnamed",
                        ClusterTypes::isSubdomain)
                .as(Form.matching(SUBDOMAIN, 253));
    }

    static ValueType<String> labelKey() {
        return ValueTypes.matching(
                        "a label's key such as team or example.com/team",
                        "unnamed",
                        ClusterTypes::isLabelKey)
                .as(new Form.Text(317, "(" + SUBDOMAIN + "/)?" + LABEL));
    }

    static ValueType<String> labelValue() {
        return ValueTypes.matching(
                        "a label's value, at most 63 letters, digits, '-', '_' and '.'",
                        "",
                        text -> text.isEmpty() || LABEL.matcher(text).matches())
                .as(new Form.Text(63, "(" + LABEL + ")?"));
    }

    static ValueType<String> annotation() {
        return ValueTypes.text("text", 10_000);
    }

    /// A quantity as Kubernetes writes it, kept as it is written.
    static ValueType<String> quantity() {
        return new ValueType<>(
                        "a quantity such as 20, 500m or 40Gi",
                        "0",
                        scalar ->
                                QUANTITY.matcher(scalar.text()).matches()
                                        ? Optional.of(scalar.text())
                                        : Optional.empty())
                .as(new Form.NumberOrText(QUANTITY.pattern()));
    }

    static ValueType<String> image() {
        return ValueTypes.matching(
                        "an image such as example.com/tidemill:1.2.3",
                        "tidemill",
                        ClusterTypes::isImage)
                .as(Form.matching(IMAGE, 500));
    }

    /// Whether it names an image, with a registry, a tag and a digest or without.
    public static boolean isImage(String text) {
        return text.length() <= 500 && IMAGE.matcher(text).matches();
    }

    static ValueType<String> host() {
        return ValueTypes.matching(
                        "a host name such as ai.example.com or *.example.com",
                        "example.com",
                        text -> isSubdomain(text.startsWith("*.") ? text.substring(2) : text))
                .as(new Form.Text(255, "(\\*\\.)?" + SUBDOMAIN));
    }

    static boolean isSubdomain(String text) {
        return text.length() <= 253 && SUBDOMAIN.matcher(text).matches();
    }

    static boolean isLabelKey(String text) {
        int slash = text.indexOf('/');
        return (slash < 0 || isSubdomain(text.substring(0, slash)))
                && LABEL.matcher(text.substring(slash + 1)).matches();
    }
}
