package dev.tidemill.spec.yaml;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// How a scalar becomes a value.
///
/// @param expected what is accepted, in words, with unit and range
/// @param placeholder a harmless value that stands in for one that was refused, so that reading
///   goes on and finds the other problems too
/// @param hint a refused text to what could be added to `expected`, `; nearest: 'x'`, or nothing
/// @param form how it is written where values have types
/// @param reader empty when the scalar is refused
public record ValueType<T>(
        String expected,
        T placeholder,
        UnaryOperator<String> hint,
        Form form,
        Function<YamlNode.Scalar, Optional<T>> reader) {

    public ValueType(
            String expected, T placeholder, Function<YamlNode.Scalar, Optional<T>> reader) {
        this(expected, placeholder, _ -> "", reader);
    }

    public ValueType(
            String expected,
            T placeholder,
            UnaryOperator<String> hint,
            Function<YamlNode.Scalar, Optional<T>> reader) {
        this(expected, placeholder, hint, Form.ANY_TEXT, reader);
    }

    /// The same, written in that form.
    public ValueType<T> as(Form other) {
        return new ValueType<>(expected, placeholder, hint, other, reader);
    }

    Optional<T> read(YamlNode.Scalar scalar) {
        return reader.apply(scalar);
    }

    /// `expected` with whatever may help whoever wrote that scalar.
    String expectedInsteadOf(YamlNode.Scalar scalar) {
        if (read(scalar.otherwiseQuoted()).isPresent()) {
            return expected + (scalar.quoted() ? "; without quotes" : "; in quotes");
        }
        return expected + hint.apply(scalar.text());
    }

    T ofDefault(String text) {
        return read(new YamlNode.Scalar(text, false, 0))
                .or(() -> read(new YamlNode.Scalar(text, true, 0)))
                .orElseThrow(() -> new IllegalStateException("default: '%s'".formatted(text)));
    }
}
