package dev.tidemill.spec;

import dev.tidemill.common.ResourceName;
import dev.tidemill.spec.cluster.ClusterTypes;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.ValueType;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How `spec.source` of a model is written.
final class SourceType {
    static final String OCI = "oci://";

    private static final String FORM =
            "(\\.{0,2}/.*\\.onnx)|(oci://.*)|(%1$s(:[1-9]\\d{0,8}|@%1$s)?)"
                    .formatted(ResourceName.PATTERN);

    static final ValueType<Source> TYPE =
            new ValueType<>(
                            "a registered model such as digits, digits@production or digits:3, a file"
                                    + " such as ./digits.onnx, or an image such as"
                                    + " oci://example.com/models/digits:3",
                            new Source.Registry("unnamed", new Selector.Latest()),
                            SourceType::hint,
                            scalar -> parse(scalar.text()))
                    .as(new Form.Text(1000, FORM));

    private static final List<String> ENDINGS = List.of(".onnx");
    private static final Pattern VERSION = Pattern.compile("([^:@]*):([1-9]\\d{0,8})");

    private SourceType() {}

    private static Optional<Source> parse(String text) {
        if (text.startsWith("./") || text.startsWith("../") || text.startsWith("/")) {
            return Optional.of(text)
                    .filter(path -> SpecTypes.isPath(path, ENDINGS))
                    .map(Source.Path::new);
        }
        if (text.startsWith(OCI)) {
            return Optional.of(text.substring(OCI.length()))
                    .filter(ClusterTypes::isImage)
                    .map(Source.Image::new);
        }
        return registry(text)
                .filter(source -> ResourceName.isValid(source.model()))
                .map(source -> source);
    }

    private static Optional<Source.Registry> registry(String text) {
        Matcher version = VERSION.matcher(text);
        if (version.matches()) {
            int number = Integer.parseInt(version.group(2));
            return Optional.of(new Source.Registry(version.group(1), new Selector.Version(number)));
        }
        int at = text.indexOf('@');
        if (at < 0) {
            return Optional.of(new Source.Registry(text, new Selector.Latest()));
        }
        return Optional.of(text.substring(at + 1))
                .filter(SpecTypes::isAlias)
                .map(Selector.Alias::new)
                .map(alias -> new Source.Registry(text.substring(0, at), alias));
    }

    private static String hint(String text) {
        if (text.endsWith("@latest") || text.endsWith(":latest")) {
            return "; the name alone is the newest version";
        }
        if (SpecTypes.isPath(text, ENDINGS)) {
            return "; a file begins with ./ or /";
        }
        return text.startsWith(OCI) ? "" : SpecTypes.unsupported(text);
    }
}
