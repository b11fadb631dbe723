package dev.tidemill.scaling.keda;

import java.util.function.ToDoubleFunction;

/// A formula of scaling modifiers: numbers, triggers by name, `+ - * / % **`, comparisons, `&&`,
/// `||`, `!`, `?:`, `??`, brackets, and the functions `min max sum mean median count abs ceil floor
/// round`. A failed trigger is nil: `??` replaces it, anything else made of it is nil as well.
/// Truth is 1, falsehood 0.
public final class Formula {
    private final String text;
    private final ToDoubleFunction<ToDoubleFunction<String>> value;

    private Formula(String text, ToDoubleFunction<ToDoubleFunction<String>> value) {
        this.text = text;
        this.value = value;
    }

    /// @throws IllegalArgumentException naming the position of what is wrong
    public static Formula parse(String text) {
        return new Formula(text, new FormulaParser(text).parse());
    }

    /// @param triggers gives not-a-number for a failed one
    /// @return not-a-number for nil
    public double of(ToDoubleFunction<String> triggers) {
        return value.applyAsDouble(triggers);
    }

    @Override
    public String toString() {
        return text;
    }
}
