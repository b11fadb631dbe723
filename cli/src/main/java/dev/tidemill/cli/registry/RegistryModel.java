package dev.tidemill.cli.registry;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ResourceName;
import dev.tidemill.common.TidemillException;

/// A model of a registry, as `serve --model` names it.
///
/// @param selector a number, `latest`, or `@ALIAS`
public record RegistryModel(String name, String selector) {
    /// @param text `NAME`, `NAME@ALIAS` or `NAME:VERSION`
    /// @throws TidemillException `INVALID_REQUEST`
    public static RegistryModel parse(String text) {
        int at = text.indexOf('@');
        int colon = text.indexOf(':');
        int end = Math.max(at, colon);
        String name = end < 0 ? text : text.substring(0, end);
        String rest = end < 0 ? "" : text.substring(end + 1);
        boolean right =
                end < 0 || (at < 0 ? rest.matches("[1-9][0-9]{0,8}") : ResourceName.isValid(rest));
        if (!right || !ResourceName.isValid(name)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--model: '%s' (expected: NAME, NAME@ALIAS or NAME:VERSION)".formatted(text));
        }
        return new RegistryModel(name, end < 0 ? "latest" : at < 0 ? rest : "@" + rest);
    }

    /// Whether it may mean another version tomorrow.
    public boolean moves() {
        return !Character.isDigit(selector.charAt(0));
    }

    @Override
    public String toString() {
        return name + (moves() ? selector.startsWith("@") ? selector : "" : ":" + selector);
    }
}
